using System.CommandLine;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial verify</c>: names every entry or row that was edited by hand.</summary>
internal static class VerifyLedgers
{
    public static Command Command()
    {
        var command = new Command("verify", "Checks every chain of every ledger, and the rows that it vouches for");
        HouseOptions.AddTo(command);
        command.SetAction(parsed => RunAsync(HouseOptions.Read(parsed)));
        return command;
    }

    private static async Task<int> RunAsync(ClinicOptions options)
    {
        if (DataFolder.Kind(options.Data) is not ("clinic" or "demonstration"))
        {
            throw new CommandException(1, $"{options.Data} holds no clinic.");
        }
        await using var app = ClinicApp.Build(options);
        await using var scope = app.Services.CreateAsyncScope();
        var faults = await scope
            .ServiceProvider.GetRequiredService<LedgerVerifier>()
            .FaultsAsync(CancellationToken.None);
        foreach (var fault in faults)
        {
            Console.WriteLine(fault);
        }
        Console.WriteLine(faults.Count == 0 ? "Every chain is whole." : $"{faults.Count} faults.");
        return faults.Count == 0 ? 0 : 1;
    }
}
