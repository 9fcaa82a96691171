using System.CommandLine;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Server.Bridges;
using Fiducial.Server.Doors;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial archive</c>: Dicom and Archive alone, no clinic.</summary>
internal static class ServeArchive
{
    public static Command Command()
    {
        var command = new Command("archive", "Images alone, no clinic: C-STORE, Query/Retrieve and DICOMweb");
        HouseOptions.AddTo(command);
        command.SetAction(parsed => RunAsync(HouseOptions.Read(parsed)));
        return command;
    }

    private static async Task<int> RunAsync(ClinicOptions options)
    {
        if (options.Database.Length > 0)
        {
            throw new CommandException(
                3,
                "an archive's index in another database is not built yet: leave --database out to keep it in the data folder."
            );
        }
        if (!System.Net.IPAddress.IsLoopback(options.Listen))
        {
            throw new CommandException(
                3,
                "beyond this machine an archive needs tokens for DICOMweb, which are not built yet: leave --listen out."
            );
        }
        DataFolder.Claim(options.Data, "archive");
        await using var app = Build(options);
        await app.StartAsync();
        Console.WriteLine(
            $"The archive is open at {app.Urls.First()}/dicomweb   DICOM: FIDUCIAL at {options.Listen}:{app.Services.GetRequiredService<DicomHost>().Port}   data: {options.Data}"
        );
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>The archive put together, not yet open.</summary>
    internal static WebApplication Build(ClinicOptions options)
    {
        var builder = House.Builder(options);
        builder.Services.AddSingleton(options);
        builder.Services.AddArchive(
            new ArchiveOptions { Folder = Path.Combine(options.Data, "archive"), MakesPreviews = false }
        );
        builder.Services.AddHealth();
        builder.Services.AddCrossOrigin(options);
        builder.Services.AddDevices(options, DeviceRole.PeerArchive);
        var app = builder.Build();
        House.UseHeaders(app);
        app.UseCrossOrigin();
        app.UseMetrics();
        app.MapHealth();
        app.MapDicomWeb();
        app.MapQuarantine();
        return app;
    }
}
