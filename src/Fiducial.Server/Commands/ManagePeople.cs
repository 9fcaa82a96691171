using System.CommandLine;
using System.Globalization;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Foundation.Web;
using Fiducial.Pathway;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.People;
using Fiducial.Server.People;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial user</c>: people, their credentials and who follows them. What it does stands in the audit.</summary>
internal static class ManagePeople
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The name at sign-in" };
    private static readonly Option<string> Role = new("--role") { HelpName = "ROLE", Required = true };
    private static readonly Option<string> Display = new("--display")
    {
        HelpName = "TEXT",
        Description = "The name as others read it",
        Required = true,
    };
    private static readonly Option<string> Kind = new("--kind")
    {
        HelpName = "KIND",
        Description = "licence, registration or 'reader privilege'",
        Required = true,
    };
    private static readonly Option<string> Body = new("--body")
    {
        HelpName = "TEXT",
        Description = "Who issued it, such as CPSA",
        Required = true,
    };
    private static readonly Option<string> Jurisdiction = new("--jurisdiction")
    {
        HelpName = "CODE",
        Description = "Where it holds, such as CA-AB",
        Required = true,
    };
    private static readonly Option<string> Number = new("--number") { HelpName = "TEXT", Required = true };
    private static readonly Option<string?> Modalities = new("--modalities")
    {
        HelpName = "LIST",
        Description = "DICOM modalities, as in DX,CT",
    };
    private static readonly Option<string?> Regions = new("--regions")
    {
        HelpName = "LIST",
        Description = "Parts of the body of a privilege [default: all]",
    };
    private static readonly Option<string?> From = new("--from")
    {
        HelpName = "DAY",
        Description = "First day, as in 2026-01-31 [default: today]",
    };
    private static readonly Option<string?> Until = new("--until") { HelpName = "DAY", Description = "Last day" };
    private static readonly Argument<long> Id = new("ID") { Description = "As list shows it" };
    private static readonly Option<string> Reason = new("--reason")
    {
        HelpName = "REASON",
        Description = string.Join(", ", KeepCredentials.Reasons),
        Required = true,
    };
    private static readonly Option<string> Custodian = new("--custodian") { HelpName = "NAME", Required = true };
    private static readonly Option<string> Agreement = new("--agreement")
    {
        HelpName = "TEXT",
        Description = "The document in which the custodian has accepted",
        Required = true,
    };

    public static Command Command() =>
        new(
            "user",
            """
            People, their roles and credentials.

            Examples:
              fiducial user add rita --role REF --display "Dr Rita Referrer"     the password is read from standard input, or made
              fiducial user credential add rita --kind licence --body CPSA --jurisdiction CA-AB --number 31250 --until 2027-12-31
              fiducial user credential end 4 --reason suspended
              fiducial user successor rita --custodian otto --agreement "letter of 2026-05-02"
              fiducial user disable rita
            """
        )
        {
            Act("add", "Adds a person", AddAsync, Name, Role, Display),
            Act("list", "Everyone, with role, state and credentials", ListAsync),
            Act(
                "disable",
                "Shuts a person out, from this moment on",
                (s, p) => People(s).DisableAsync(p.GetRequiredValue(Name)),
                Name
            ),
            Act("enable", "Lets a person in again", (s, p) => People(s).EnableAsync(p.GetRequiredValue(Name)), Name),
            Act("password", "Sets a password: from standard input, or a new one", PasswordAsync, Name),
            new Command("credential", "Records a credential, or that it has ended")
            {
                Act(
                    "add",
                    "Records a credential that you have verified",
                    CredentialAsync,
                    Name,
                    Kind,
                    Body,
                    Jurisdiction,
                    Number,
                    Modalities,
                    Regions,
                    From,
                    Until
                ),
                Act("end", "It ends now", EndAsync, Id, Reason),
            },
            Act("successor", "Who takes over when a doctor is gone", SuccessorAsync, Name, Custodian, Agreement),
        };

    /// <summary>A command that works on the clinic's database, open or closed, and is written into the audit unless it only lists.</summary>
    public static Command Act(
        string name,
        string what,
        Func<IServiceProvider, ParseResult, Task<string?>> act,
        params Symbol[] symbols
    )
    {
        var command = new Command(name, what);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }
        HouseOptions.AddTo(command);
        command.SetAction(parsed => RunAsync(HouseOptions.Read(parsed), parsed, act));
        return command;
    }

    private static async Task<int> RunAsync(
        ClinicOptions options,
        ParseResult parsed,
        Func<IServiceProvider, ParseResult, Task<string?>> act
    )
    {
        if (DataFolder.Kind(options.Data) is not ("clinic" or "demonstration"))
        {
            throw new CommandException(1, $"{options.Data} holds no clinic: open one first with fiducial serve.");
        }
        await using var app = ClinicApp.Build(options);
        await using var scope = app.Services.CreateAsyncScope();
        if (await act(scope.ServiceProvider, parsed) is { } fault)
        {
            throw new CommandException(1, fault);
        }
        var command = parsed.CommandResult.Command;
        if (command.Name is not "list")
        {
            var of = command.Parents.OfType<Command>().First().Name;
            var keeper = new Actor
            {
                Id = $"{Environment.UserName} at the command line",
                Name = Environment.UserName,
                Role = Pathway.Law.Role.ADM,
            };
            await app
                .Services.GetRequiredService<AuditTrail>()
                .WriteAsync(
                    new AuditEvent(keeper, "write", nameof(DataClass.C0), true, $"fiducial {of} {command.Name}", "")
                );
        }
        return 0;
    }

    private static KeepPeople People(IServiceProvider services) => services.GetRequiredService<KeepPeople>();

    private static Task<string?> AddAsync(IServiceProvider services, ParseResult parsed) =>
        WithPasswordAsync(p =>
            People(services)
                .AddAsync(
                    parsed.GetRequiredValue(Name),
                    parsed.GetRequiredValue(Display),
                    parsed.GetRequiredValue(Role),
                    p
                )
        );

    private static Task<string?> PasswordAsync(IServiceProvider services, ParseResult parsed) =>
        WithPasswordAsync(p => People(services).SetPasswordAsync(parsed.GetRequiredValue(Name), p));

    // Never on the command line, where other users of the machine read it.
    private static async Task<string?> WithPasswordAsync(Func<string, Task<string?>> use)
    {
        var typed = Console.IsInputRedirected ? (await Console.In.ReadLineAsync())?.Trim() : null;
        var password = string.IsNullOrEmpty(typed) ? KeepPeople.NewPassword() : typed;
        var fault = await use(password);
        if (fault is null && password != typed)
        {
            Console.WriteLine($"Password: {password}");
        }
        return fault;
    }

    private static async Task<string?> CredentialAsync(IServiceProvider services, ParseResult parsed)
    {
        var name = parsed.GetRequiredValue(Name);
        if (!await services.GetRequiredService<ClinicDb>().Set<Person>().AnyAsync(p => p.UserName == name))
        {
            return $"Nobody here is called '{name}'.";
        }
        var clock = services.GetRequiredService<TimeProvider>();
        var today = services.GetRequiredService<BusinessCalendar>().LocalDate(clock.GetUtcNow());
        var (from, until) = (TypedText.Day(parsed.GetValue(From)), TypedText.Day(parsed.GetValue(Until)));
        if (
            (from is null && parsed.GetValue(From) is not null) || (until is null && parsed.GetValue(Until) is not null)
        )
        {
            return "A day is written as in 2026-12-31.";
        }
        return await services
            .GetRequiredService<KeepCredentials>()
            .AddAsync(
                new Credential
                {
                    PersonId = name,
                    Kind = parsed.GetRequiredValue(Kind),
                    IssuingBody = parsed.GetRequiredValue(Body),
                    Jurisdiction = parsed.GetRequiredValue(Jurisdiction),
                    Number = parsed.GetRequiredValue(Number),
                    Modalities = parsed.GetValue(Modalities) ?? "",
                    BodyRegions = parsed.GetValue(Regions) ?? "",
                    From = from ?? today,
                    Until = until,
                    VerifiedAt = clock.GetUtcNow(),
                    VerifiedBy = Environment.UserName,
                }
            );
    }

    private static Task<string?> EndAsync(IServiceProvider services, ParseResult parsed) =>
        services
            .GetRequiredService<KeepCredentials>()
            .EndAsync(parsed.GetRequiredValue(Id), parsed.GetRequiredValue(Reason));

    private static Task<string?> SuccessorAsync(IServiceProvider services, ParseResult parsed) =>
        People(services)
            .NameSuccessorAsync(
                parsed.GetRequiredValue(Name),
                parsed.GetRequiredValue(Custodian),
                parsed.GetRequiredValue(Agreement),
                CancellationToken.None
            );

    private static async Task<string?> ListAsync(IServiceProvider services, ParseResult parsed)
    {
        var db = services.GetRequiredService<ClinicDb>();
        var today = services
            .GetRequiredService<BusinessCalendar>()
            .LocalDate(services.GetRequiredService<TimeProvider>().GetUtcNow());
        var credentials = (await db.Set<Credential>().AsNoTracking().OrderBy(c => c.Id).ToListAsync()).ToLookup(c =>
            c.PersonId
        );
        foreach (var p in await db.Set<Person>().AsNoTracking().OrderBy(p => p.UserName).ToListAsync())
        {
            Console.WriteLine(
                $"{p.UserName, -12} {p.Role, -4} {p.DisplayName}{(LockOut.IsDisabled(p) ? "   disabled" : "")}"
            );
            foreach (var c in credentials[p.UserName!])
            {
                var state =
                    c.EndedAt is not null ? $"ended: {c.EndReason}"
                    : c.HoldsOn(today) ? "active"
                    : c.From > today ? "not yet"
                    : "expired";
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  {c.Id, 4}  {c.Kind}, {c.Name} ({c.Jurisdiction}) {c.Modalities} {c.BodyRegions} {c.From:yyyy-MM-dd} to {c.Until:yyyy-MM-dd}  {state}"
                    )
                );
            }
        }
        return null;
    }
}
