using System.Net;
using Fiducial.Archive.Receiving;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Rejection;

/// <summary>Stores notes like anything that arrives: what was stored is not touched, and the same note twice is kept once.</summary>
internal sealed class RejectionNotes(StoreService store, IImageArchive archive) : IRejectionNotes
{
    public const string CallingAE = "FIDUCIAL";

    public async Task<string> WriteAsync(
        IReadOnlyList<StoredInstance> rejected,
        string code,
        string decision,
        DateTimeOffset at,
        CancellationToken ct
    )
    {
        DicomDataSet note;
        await using (var first = archive.OpenPart10(rejected[0]))
        {
            var head = DicomFile.Read(first, new DicomReadOptions { StopBefore = DicomTags.SeriesNumber }).DataSet;
            note = RejectionNote.Of(rejected, head, code, decision, at);
        }
        var uid = note.GetString(DicomTags.SOPInstanceUID)!;
        using var bytes = new MemoryStream();
        DicomFile.WriteDataSet(bytes, note, TransferSyntax.ExplicitVRLittleEndian);
        await using var receipt = store.Begin(
            new StoreRequest(
                CallingAE,
                CallingAE,
                new IPEndPoint(IPAddress.Loopback, 0),
                DicomUids.KeyObjectSelectionDocumentStorage,
                uid,
                TransferSyntax.ExplicitVRLittleEndian
            ),
            isCommand: false
        );
        await receipt.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), ct);
        var status = await receipt.CompleteAsync(ct);
        return status.IsStored ? uid : throw new IOException($"The rejection note was not stored: {status}.");
    }
}
