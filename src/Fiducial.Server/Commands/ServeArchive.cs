using System.CommandLine;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Server.Bridges;
using Fiducial.Server.Doors;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial archive</c>: Dicom and Archive alone, no clinic.</summary>
internal static class ServeArchive
{
    private static readonly Option<bool> Tokens = new("--tokens")
    {
        Description =
            "Asks for a token also on this machine; beyond it, and behind a proxy, it always does (fiducial archive token)",
    };

    public static Command Command()
    {
        var command = new Command("archive", "Images alone, no clinic: C-STORE, Query/Retrieve and DICOMweb");
        HouseOptions.AddTo(command);
        command.Options.Add(Tokens);
        command.Subcommands.Add(ArchiveTokens.Command());
        command.SetAction(parsed =>
            RunAsync(HouseOptions.Read(parsed) with { AsksForTokens = parsed.GetValue(Tokens) })
        );
        return command;
    }

    private static async Task<int> RunAsync(ClinicOptions options)
    {
        if (options.Database.Length > 0 && options.ArchiveDatabase.Length == 0)
        {
            throw new CommandException(
                2,
                "--database of an archive is postgres://user:password@host/name; leave it out to keep the index in the data folder."
            );
        }
        Transport.Check(options);
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
            new ArchiveOptions
            {
                Folder = Path.Combine(options.Data, "archive"),
                Database = options.ArchiveDatabase,
                Store = options.Store,
                Limits = options.Limits,
                Retention = options.Retention,
                MakesPreviews = false,
            }
        );
        builder.Services.AddHealth();
        builder.Services.AddCrossOrigin(options);
        builder.Services.AddDevices(options, DeviceRole.PeerArchive);
        var app = builder.Build();
        app.UseTransport();
        House.UseHeaders(app);
        app.UseCrossOrigin();
        if (options.AsksForTokens || options.BehindProxies.Count > 0 || !Transport.IsOfThisMachine(options))
        {
            app.UseTokens();
        }
        app.UseMetrics();
        app.MapHealth();
        app.MapDicomWeb();
        app.MapQuarantine();
        return app;
    }
}
