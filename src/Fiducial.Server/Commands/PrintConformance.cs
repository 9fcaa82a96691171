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

    internal static async Task<int> RunAsync(string of, TextWriter output, CancellationToken ct)
    {
        await using var house = new UnopenedHouse(of is "archive" ? ServeArchive.Build : ClinicApp.Build);
        await output.WriteAsync(new ConformanceStatement(house.App, of).Text().AsMemory(), ct);
        return 0;
    }
}
