namespace Fiducial.Archive.Previews;

internal sealed class PreviewDoor(IImageArchive archive, PreviewFiles previews, TimeProvider clock) : IPreviewDoor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async ValueTask<Preview?> OpenAsync(string sopInstanceUid, CancellationToken ct)
    {
        // What interprets images is no business of those who look at previews.
        if (archive.Find(sopInstanceUid) is not { IsInterpretive: false } instance)
        {
            return null;
        }
        try
        {
            return await previews.GetAsync(instance).WaitAsync(Patience, clock, ct);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
