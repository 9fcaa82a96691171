using System.CommandLine;
using Fiducial.Archive;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial import</c>: takes in a folder or a disc while the house is closed; a second run goes on where the first one stopped.</summary>
internal static class ImportFolder
{
    private const int BarLength = 30;

    public static Command Command()
    {
        var folder = new Argument<string>("folder")
        {
            Description = "With all that is in it; a DICOMDIR is not needed",
        };
        var command = new Command(
            "import",
            "Takes in a folder of DICOM files, with a progress bar; goes on where it was stopped"
        )
        {
            folder,
        };
        HouseOptions.AddDatabaseTo(command);
        command.Options.Add(HouseOptions.Store);
        command.SetAction((parsed, ct) => RunAsync(parsed.GetRequiredValue(folder), HouseOptions.Read(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(string folder, ClinicOptions options, CancellationToken ct)
    {
        if (!Directory.Exists(folder))
        {
            throw new CommandException(2, $"there is no folder '{folder}'.");
        }
        if (DataFolder.Kind(options.Data) is null)
        {
            DataFolder.Claim(options.Data, "archive");
        }
        var services = new ServiceCollection();
        services.AddLogging(l => l.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Error));
        services.AddArchive(
            new ArchiveOptions
            {
                Folder = Path.Combine(options.Data, "archive"),
                Database = options.ArchiveDatabase,
                Store = options.Store,
                Limits = options.Limits,
                RunsWorkers = false,
            }
        );
        await using var provider = services.BuildServiceProvider();
        var bar = new Bar();
        var result = await provider.GetRequiredService<IFolderImport>().ImportAsync(folder, bar, ct);
        bar.Finish(result);
        return result.RefusedCount == 0 ? 0 : 1;
    }

    private sealed class Bar : IProgress<ImportProgress>
    {
        private int _shown = -1;

        public void Report(ImportProgress value)
        {
            var part = value.Files == 0 ? BarLength : (int)((long)value.Done * BarLength / value.Files);
            if (!Console.IsOutputRedirected && (value.Done % 10 == 0 || part != _shown))
            {
                _shown = part;
                Console.Write(
                    $"\r[{new string('#', part)}{new string('.', BarLength - part)}] {value.Done} of {value.Files}"
                );
            }
        }

        public void Finish(ImportProgress result)
        {
            if (!Console.IsOutputRedirected)
            {
                Console.WriteLine();
            }
            foreach (var refused in result.Refused)
            {
                Console.Error.WriteLine(refused);
            }
            Console.WriteLine(
                $"{result.Files} files: {result.Stored} stored, {result.StoredBefore} stored by an earlier run, {result.Ignored} no DICOM objects, {result.RefusedCount} refused"
            );
        }
    }
}
