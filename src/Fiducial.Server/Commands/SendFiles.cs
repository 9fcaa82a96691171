using System.CommandLine;
using System.Globalization;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial send</c>: files as they are, over one association for each hundred of them.</summary>
internal static class SendFiles
{
    public static Command Command()
    {
        var to = new Option<string>("--to")
        {
            HelpName = "AETITLE@HOST:PORT",
            Description = "Who receives them",
            DefaultValueFactory = _ => "FIDUCIAL@127.0.0.1:11112",
        };
        var places = new Argument<string[]>("files")
        {
            Description = "Files, or folders with all that is in them",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("send", "Sends files as they are") { to, places };
        command.SetAction(parsed => RunAsync(parsed.GetRequiredValue(to), parsed.GetRequiredValue(places)));
        return command;
    }

    private static async Task<int> RunAsync(string to, string[] places)
    {
        if (
            to.Split('@', ':') is not [var title, var host, var port]
            || !int.TryParse(port, CultureInfo.InvariantCulture, out var number)
        )
        {
            throw new CommandException(2, "--to wants AETITLE@HOST:PORT.");
        }
        if (places.FirstOrDefault(p => !File.Exists(p) && !Directory.Exists(p)) is { } missing)
        {
            throw new CommandException(2, $"there is no file or folder '{missing}'.");
        }
        var (sent, failed) = (0, 0);
        foreach (var batch in places.SelectMany(Files).Chunk(100))
        {
            var files = new List<(string Path, DicomFile File)>();
            foreach (var path in batch)
            {
                try
                {
                    files.Add((path, DicomFile.Read(path)));
                }
                catch (DicomFormatException e)
                {
                    Console.Error.WriteLine($"{path}: {e.Message}");
                    failed++;
                }
            }
            await using var client = await DicomClient.ConnectAsync(
                host,
                number,
                "FIDUCIAL",
                title,
                DicomClient.ContextsFor(files.Select(f => f.File))
            );
            foreach (var (path, file) in files)
            {
                await using var stream = File.OpenRead(path);
                var status = await client.StoreAsync(file, stream);
                if (status.IsStored)
                {
                    sent++;
                }
                else
                {
                    Console.Error.WriteLine($"{path}: {status}");
                    failed++;
                }
            }
            await client.ReleaseAsync();
        }
        Console.WriteLine($"{sent} sent, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Files(string place) =>
        Directory.Exists(place)
            ? Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            : [place];
}
