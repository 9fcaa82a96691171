using System.Globalization;
using System.Net;

namespace Fiducial.Server.Commands;

/// <summary>The words after <c>fiducial</c>. Exit codes: 0 done, 1 failed, 2 the command line was not understood, 3 not built yet.</summary>
internal static class CommandLine
{
    private const string Help = """
        fiducial COMMAND [options]

          serve      a clinic:                         fiducial serve --data /srv/clinic --http 5080 --dicom 11112
          demo       a clinic with people and exams:   fiducial demo        one exam, step by step: fiducial demo --walk
          archive    images alone, no clinic:          fiducial archive --data /srv/images
          token      a bearer token for programs:      fiducial token --as rado --data ./data
          send       sends files or folders:           fiducial send --to FIDUCIAL@127.0.0.1:11112 FILE...
          verify     checks every ledger:              fiducial verify --data ./data
          import, backup, restore, simulate, conformance, user: not built yet

        Options of serve, demo and archive: --data DIR (./data)  --http PORT (5080)  --dicom PORT (11112)
          --database FILE or postgres://user:password@host/name  --store URL  --listen ADDRESS (127.0.0.1)
        They may also stand in fiducial.json and in the environment as FIDUCIAL__DATA, FIDUCIAL__HTTP ...
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        var command = args.Length > 0 && !args[0].StartsWith('-') ? args[0] : "demo";
        var rest = args.Length > 0 && args[0] == command ? args[1..] : args;
        if (rest.Contains("--help", StringComparer.Ordinal) || command is "help")
        {
            Console.WriteLine(Help);
            return 0;
        }
        try
        {
            return command switch
            {
                "serve" or "demo" => await ServeClinic.RunAsync(
                    Options(rest, command is "demo"),
                    rest.Contains("--walk", StringComparer.Ordinal)
                ),
                "archive" => await ServeArchive.RunAsync(Options(rest, isDemonstration: false)),
                "token" => await IssueToken.RunAsync(Options(rest, isDemonstration: false), Value(rest, "--as")),
                "send" => await SendFiles.RunAsync(Value(rest, "--to") ?? "FIDUCIAL@127.0.0.1:11112", Plain(rest)),
                "verify" => await VerifyLedgers.RunAsync(Options(rest, isDemonstration: false)),
                "import" or "backup" or "restore" or "simulate" or "conformance" or "user" => NotBuilt(command),
                _ => Unknown(command),
            };
        }
        catch (CommandException e)
        {
            await Console.Error.WriteLineAsync($"fiducial {command}: {e.Message}");
            return e.ExitCode;
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"fiducial {command}: {e.Message}");
            return 1;
        }
    }

    private static ClinicOptions Options(string[] args, bool isDemonstration)
    {
        var file = new ConfigurationBuilder()
            .AddJsonFile(Path.GetFullPath("fiducial.json"), optional: true)
            .AddEnvironmentVariables()
            .Build();
        string? Read(string key) => Value(args, $"--{key.ToLowerInvariant()}") ?? file[$"Fiducial:{key}"];
        if (Read("Store") is { Length: > 0 } store)
        {
            throw new CommandException(
                3,
                $"object storage ({store}) is not built yet: leave --store out to keep images as files in the data folder."
            );
        }
        return new ClinicOptions
        {
            Data = Path.GetFullPath(Read("Data") ?? "data"),
            Http = Port(Read("Http"), 5080, "http"),
            Dicom = Port(Read("Dicom"), 11112, "dicom"),
            Database = Read("Database") ?? "",
            Listen = IPAddress.TryParse(Read("Listen") ?? "127.0.0.1", out var address)
                ? address
                : throw new CommandException(2, "--listen wants an IP address, such as 127.0.0.1."),
            TimeZone = Read("TimeZone") ?? "America/Edmonton",
            IsDemonstration = isDemonstration,
        };
    }

    private static int Port(string? text, int otherwise, string name) =>
        text is null ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535
            ? port
        : throw new CommandException(2, $"--{name} wants a port from 0 to 65535, not '{text}'.");

    private static string? Value(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? null
            : at + 1 < args.Length ? args[at + 1]
            : throw new CommandException(2, $"{name} wants a value.");
    }

    private static string[] Plain(string[] args) =>
        [
            .. args.Where(
                (a, i) =>
                    !a.StartsWith("--", StringComparison.Ordinal)
                    && (i == 0 || !args[i - 1].StartsWith("--", StringComparison.Ordinal))
            ),
        ];

    private static int NotBuilt(string command)
    {
        Console.Error.WriteLine($"fiducial {command} is not built yet.");
        return 3;
    }

    private static int Unknown(string command)
    {
        Console.Error.WriteLine($"There is no command '{command}'.\n{Help}");
        return 2;
    }
}

/// <summary>The command cannot be done; the sentence says why and what to do.</summary>
internal sealed class CommandException(int exitCode, string sentence) : Exception(sentence)
{
    public int ExitCode => exitCode;
}
