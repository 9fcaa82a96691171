using System.CommandLine;
using System.Net.Sockets;

namespace Fiducial.Server.Commands;

/// <summary>The words after <c>fiducial</c>. Exit codes: 0 done, 1 failed, 2 the command line was not understood, 3 not built yet.</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int NotUnderstood = 2;
    private const int NotBuilt = 3;

    /// <summary>The demonstration opens when no command is named.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var named = args is [var first, ..] && (!first.StartsWith('-') || first is "--help" or "-h" or "--version");
        var parsed = Root().Parse(named ? args : ["demo", .. args]);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"fiducial: {error.Message}");
            }
            await Console.Error.WriteLineAsync("Try: fiducial --help");
            return NotUnderstood;
        }
        var command = parsed.CommandResult.Command.Name;
        try
        {
            // Ctrl-C is the web host's to handle: it closes the house in order.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
            );
        }
        catch (CommandException e)
        {
            await Console.Error.WriteLineAsync($"fiducial {command}: {e.Message}");
            return e.ExitCode;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync($"fiducial {command}: {e.Message}");
            return Failed;
        }
    }

    private static RootCommand Root() =>
        new(
            """
            The system of an imaging clinic, from referral to released result.

            Examples:
              fiducial demo                                          a clinic with people and exams at http://127.0.0.1:5080
              fiducial demo --walk                                   one exam and six stories, each ledger entry printed
              fiducial serve --data /srv/clinic --http 5080 --dicom 11112
              fiducial archive --data /srv/images                    images alone, no clinic
              fiducial send --to FIDUCIAL@127.0.0.1:11112 FOLDER
              fiducial verify --data /srv/clinic

            Each option may also stand in fiducial.json ({ "Fiducial": { "Data": ... } }) and in the environment (FIDUCIAL__DATA).
            """
        )
        {
            ServeClinic.Clinic(),
            ServeClinic.Demonstration(),
            ServeArchive.Command(),
            IssueToken.Command(),
            DeviceCommands.Command(),
            SendFiles.Command(),
            ImportFolder.Command(),
            ExportStudies.Command(),
            RetentionCommands.Command(),
            VerifyLedgers.Command(),
            PrintConformance.Command(),
            ListDoors.Command(),
            ReleasePolicies.Command(),
            ManagePeople.Command(),
            WorkstationCommands.Command(),
            Unbuilt("backup", "Copies a data folder while it is in use"),
            Unbuilt("restore", "Brings a backup back"),
            Unbuilt("simulate", "Lets a clinic's day pass"),
        };

    // What is not built yet says so and ends with an error, whatever follows it.
    private static Command Unbuilt(string name, string what)
    {
        var command = new Command(name, $"{what} (not built yet)") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(int (_) => throw new CommandException(NotBuilt, "not built yet."));
        return command;
    }
}

/// <summary>The command cannot be done; the sentence says why and what to do.</summary>
internal sealed class CommandException(int exitCode, string sentence) : Exception(sentence)
{
    public int ExitCode => exitCode;
}
