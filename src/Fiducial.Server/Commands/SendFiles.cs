using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial send</c>: files as they are, over one association for each hundred of them.</summary>
internal static class SendFiles
{
    public static async Task<int> RunAsync(string to, string[] places)
    {
        if (
            to.Split('@', ':') is not [var title, var host, var port]
            || !int.TryParse(port, System.Globalization.CultureInfo.InvariantCulture, out var number)
        )
        {
            throw new CommandException(2, "--to wants AETITLE@HOST:PORT.");
        }
        if (places.Length == 0)
        {
            throw new CommandException(2, "name files or folders to send.");
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
