using System.CommandLine;
using Fiducial.Server.Conformance;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial conformance</c>: the DICOM conformance statement of what would open with these options.</summary>
internal static class PrintConformance
{
    public static Command Command()
    {
        var of = new Argument<string>("of") { Description = "clinic or archive", DefaultValueFactory = _ => "clinic" };
        of.AcceptOnlyFromAmong("clinic", "archive");
        var command = new Command("conformance", "Prints the DICOM conformance statement (PS3.2) as Markdown") { of };
        command.SetAction((parsed, ct) => RunAsync(parsed.GetValue(of)!, Console.Out, ct));
        return command;
    }

    /// <summary>The house is put together in a folder that goes away again, and is not opened: what it would offer is asked of itself.</summary>
    internal static async Task<int> RunAsync(string of, TextWriter output, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-conformance-");
        try
        {
            var options = new ClinicOptions { Data = folder.FullName };
            await using var app = of is "archive" ? ServeArchive.Build(options) : ClinicApp.Build(options);
            await output.WriteAsync(new ConformanceStatement(app, of).Text().AsMemory(), ct);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
