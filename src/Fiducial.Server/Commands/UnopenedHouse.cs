namespace Fiducial.Server.Commands;

/// <summary>A house that is put together in a folder which goes away again, and is not opened: to ask it what it would offer.</summary>
internal sealed class UnopenedHouse : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fiducial-unopened-");

    public UnopenedHouse(Func<ClinicOptions, WebApplication> build) =>
        App = build(
            new ClinicOptions
            {
                Data = _folder.FullName,
                Http = 0,
                Dicom = 0,
            }
        );

    public WebApplication App { get; }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
