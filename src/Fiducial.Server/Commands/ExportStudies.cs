using System.CommandLine;
using Fiducial.Archive;
using Fiducial.Dicom.Deidentification;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial export</c>: studies of a plain archive as a folder or a ZIP with a DICOMDIR, while the archive is closed.</summary>
internal static class ExportStudies
{
    private static readonly Option<string[]> Study = new("--study")
    {
        HelpName = "UID",
        Description = "Study Instance UID; may be given several times",
        Required = true,
    };
    private static readonly Option<string?> To = new("--to")
    {
        HelpName = "DIR",
        Description = "A folder that is missing or empty",
    };
    private static readonly Option<string?> Zip = new("--zip")
    {
        HelpName = "FILE",
        Description = "One file in place of a folder; it must not exist yet",
    };
    private static readonly Option<bool> Deidentify = new("--deidentify")
    {
        Description = "Without what identifies people (PS3.15 Basic Profile), under new UIDs; pixels are not looked at",
    };

    private static readonly Option<bool> AsStored = new("--as-stored")
    {
        Description = "Byte for byte, also what the General Purpose profile does not allow, such as implicit VR",
    };

    public static Command Command()
    {
        var command = new Command("export", "Writes studies of an archive as a folder, or as one ZIP, with a DICOMDIR")
        {
            Study,
            To,
            Zip,
            Deidentify,
            AsStored,
        };
        command.Validators.Add(r =>
        {
            if (r.GetValue(To) is null == r.GetValue(Zip) is null)
            {
                r.AddError("Name either a folder with --to or a file with --zip.");
            }
        });
        HouseOptions.AddDatabaseTo(command);
        command.Options.Add(HouseOptions.Store);
        command.SetAction(
            (parsed, ct) =>
                RunAsync(
                    HouseOptions.Read(parsed),
                    parsed.GetRequiredValue(Study),
                    parsed.GetValue(To),
                    parsed.GetValue(Zip),
                    new ExportOptions
                    {
                        Deidentification = parsed.GetValue(Deidentify) ? new DeidentificationOptions() : null,
                        IsAsStored = parsed.GetValue(AsStored),
                    },
                    ct
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ClinicOptions options,
        string[] studies,
        string? folder,
        string? zip,
        ExportOptions how,
        CancellationToken ct
    )
    {
        // In a clinic what leaves is released first, and each look is written down: a command knows neither.
        if (DataFolder.Kind(options.Data) is not "archive")
        {
            throw new CommandException(
                1,
                $"{options.Data} is no plain archive: a clinic's studies leave by its rooms."
            );
        }
        var services = new ServiceCollection();
        services.AddLogging(l => l.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Error));
        services.AddArchive(
            new ArchiveOptions
            {
                Folder = Path.Combine(options.Data, "archive"),
                Database = options.ArchiveDatabase,
                Store = options.Store,
                RunsWorkers = false,
            }
        );
        await using var provider = services.BuildServiceProvider();
        var export = provider.GetRequiredService<IStudyExport>();
        var receipt = zip is null
            ? await export.ExportAsync(studies, folder!, how, ct)
            : await ToFileAsync(export, studies, zip, how, ct);
        foreach (var doubt in receipt.Doubts)
        {
            await Console.Error.WriteLineAsync($"Look at it before it is given away: {doubt}");
        }
        foreach (var problem in receipt.Problems)
        {
            await Console.Error.WriteLineAsync(problem);
        }
        Console.WriteLine($"{receipt.Objects} objects and a DICOMDIR in {folder ?? zip}");
        return receipt.Problems.Count == 0 ? 0 : 1;
    }

    // What was stopped on its way is no medium: it does not stay.
    private static async Task<ExportReceipt> ToFileAsync(
        IStudyExport export,
        string[] studies,
        string path,
        ExportOptions how,
        CancellationToken ct
    )
    {
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true);
        try
        {
            await using (file)
            {
                return await export.ExportZipAsync(studies, file, how, ct);
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
