using Fiducial.Archive.Codecs;
using Fiducial.Archive.Files;
using Fiducial.Archive.Pixels;

namespace Fiducial.Archive.Index;

internal sealed class ImageArchive(ArchiveIndex index, IObjectStore store, CommitSignal signal, CodecPool codecs)
    : IImageArchive,
        IStoredInstanceFeed
{
    // How often it is looked whether another server has stored something.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    public IReadOnlyList<StoredInstance> FindStudy(string studyInstanceUid) =>
        index.Read(c => InstanceRows.Read(c, "WHERE st.uid = $1 ORDER BY i.id", studyInstanceUid));

    public StoredInstance? Find(string sopInstanceUid) =>
        index.Read(c => InstanceRows.Read(c, "WHERE i.uid = $1", sopInstanceUid)) is [var found] ? found : null;

    public Stream OpenPart10(StoredInstance instance) => store.OpenRead(instance.File);

    public StoredImage OpenImage(StoredInstance instance) => StoredImage.Open(store.OpenRead(instance.File), codecs);

    public IReadOnlyList<StoredInstance> ReadAfter(long position, int limit) =>
        index.Read(c => InstanceRows.Read(c, "WHERE i.id > $1 ORDER BY i.id LIMIT $2", position, limit));

    public async Task WaitAsync(long position, CancellationToken ct)
    {
        // Committed by an earlier run of the program, or by another server: nobody will signal it here.
        while (ReadAfter(position, 1).Count == 0)
        {
            using var look = CancellationTokenSource.CreateLinkedTokenSource(ct);
            look.CancelAfter(index.IsShared ? Look : Timeout.InfiniteTimeSpan);
            try
            {
                await signal.WaitAsync(position, look.Token);
                return;
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested) { }
        }
    }
}
