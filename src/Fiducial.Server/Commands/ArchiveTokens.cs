using System.CommandLine;
using System.Globalization;
using Fiducial.Archive.Tokens;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial archive token</c>: bearer tokens for DICOMweb of a plain archive, while it is open or closed.</summary>
internal static class ArchiveTokens
{
    private static readonly Argument<string> Name = new("name")
    {
        Description = "Whom or what it is for, such as a viewer; each name once",
    };
    private static readonly Option<string> Scope = new("--scope")
    {
        HelpName = "SCOPES",
        Description = "read, store and admin, with commas between [default: read]",
        DefaultValueFactory = _ => "read",
    };
    private static readonly Option<int> Days = new("--days")
    {
        HelpName = "DAYS",
        Description = "How long it is good [default: 90]",
        DefaultValueFactory = _ => 90,
    };

    public static Command Command()
    {
        var add = new Command("add", "Makes a token and prints it, this once") { Name, Scope, Days };
        var list = new Command("list", "Names, scopes and ends of all tokens");
        var end = new Command("end", "Takes a token back; the next request with it is refused") { Name };
        foreach (var command in new[] { add, list, end })
        {
            HouseOptions.AddDatabaseTo(command);
        }
        add.SetAction(p => Add(HouseOptions.Read(p), p.GetRequiredValue(Name), p.GetValue(Scope)!, p.GetValue(Days)));
        list.SetAction(p => List(HouseOptions.Read(p)));
        end.SetAction(p => End(HouseOptions.Read(p), p.GetRequiredValue(Name)));
        return new Command("token", "Bearer tokens for DICOMweb of an archive") { add, list, end };
    }

    private static int Add(ClinicOptions options, string name, string scopes, int days)
    {
        if (days is < 1 or > 3650)
        {
            throw new CommandException(2, "--days is from 1 to 3650.");
        }
        var scope = ScopeOf(scopes);
        using var register = RegisterOfArchive.Open(options);
        var until = options.Clock.GetUtcNow().AddDays(days);
        Console.WriteLine(
            register.Tokens.Issue(name, scope, until, RegisterOfArchive.Author)
                ?? throw new CommandException(1, $"there is or was a token for '{name}': choose another name.")
        );
        return 0;
    }

    private static int List(ClinicOptions options)
    {
        using var register = RegisterOfArchive.Open(options);
        var now = options.Clock.GetUtcNow();
        foreach (var token in register.Tokens.List())
        {
            var state =
                token.EndedAt is { } ended ? $"ended {Day(ended)}"
                : token.Until <= now ? $"expired {Day(token.Until)}"
                : $"until {Day(token.Until)}";
            Console.WriteLine($"{token.Name}\t{token.Scope.ToString().ToLowerInvariant()}\t{state}");
        }
        return 0;
    }

    private static int End(ClinicOptions options, string name)
    {
        using var register = RegisterOfArchive.Open(options);
        return register.Tokens.End(name, RegisterOfArchive.Author)
            ? 0
            : throw new CommandException(1, $"there is no token for '{name}' that has not ended.");
    }

    private static TokenScope ScopeOf(string text)
    {
        var scope = TokenScope.None;
        foreach (var word in text.Split(',', StringSplitOptions.TrimEntries))
        {
            scope |= word switch
            {
                "read" => TokenScope.Read,
                "store" => TokenScope.Store,
                "admin" => TokenScope.Admin,
                _ => throw new CommandException(2, $"'{word}' is no scope: write read, store or admin."),
            };
        }
        return scope;
    }

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
