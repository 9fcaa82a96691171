using System.CommandLine;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Places;
using Fiducial.ReadingRoom.Display;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Commands;

/// <summary><c>fiducial workstation</c>: the workstations of a clinic and the zones in which they stand. What it does stands in the audit.</summary>
internal static class WorkstationCommands
{
    private static readonly Argument<string> Id = new("ID") { Description = "A short name, such as exam-room-1" };
    private static readonly Option<string> Name = new("--name")
    {
        HelpName = "TEXT",
        Description = "The name as others read it",
        Required = true,
    };
    private static readonly Option<string> InZone = new("--zone")
    {
        HelpName = "ZONE",
        Description = string.Join(", ", Zones.OfTheClinic.Select(z => $"'{z.Words()}'")),
        Required = true,
    };
    private static readonly Option<long> Pixels = new("--pixels")
    {
        HelpName = "NUMBER",
        Description = "Of all its displays together",
        Required = true,
    };
    private static readonly Option<int> Days = new("--days")
    {
        HelpName = "DAYS",
        Description = "How long the check is good [default: 365]",
        DefaultValueFactory = _ => 365,
    };

    public static Command Command() =>
        new(
            "workstation",
            """
            The workstations of a clinic, where they stand, and their displays.

            Examples:
              fiducial workstation register exam-room-1 --name "Exam room 1" --zone "exam room"
              fiducial workstation code exam-room-1       a code that is typed at that workstation, within an hour
              fiducial workstation displays station-1 --name "two of 2048 x 2560" --pixels 10485760
              fiducial workstation revoke exam-room-1
            """
        )
        {
            ManagePeople.Act(
                "register",
                "Registers a workstation, or changes its name and zone",
                (s, p) =>
                    Workstations(s)
                        .RegisterAsync(p.GetRequiredValue(Id), p.GetRequiredValue(Name), p.GetRequiredValue(InZone)),
                Id,
                Name,
                InZone
            ),
            ManagePeople.Act("code", "Prints a code that enrols one browser as this workstation", CodeAsync, Id),
            ManagePeople.Act(
                "displays",
                "Records that its displays were checked today",
                DisplaysAsync,
                Id,
                Name,
                Pixels,
                Days
            ),
            ManagePeople.Act("list", "All workstations", ListAsync),
            ManagePeople.Act(
                "revoke",
                "Takes a workstation out of use",
                (s, p) => Workstations(s).RevokeAsync(p.GetRequiredValue(Id)),
                Id
            ),
        };

    private static KeepWorkstations Workstations(IServiceProvider services) =>
        services.GetRequiredService<KeepWorkstations>();

    private static async Task<string?> CodeAsync(IServiceProvider services, ParseResult parsed)
    {
        var (code, fault) = await Workstations(services).CodeAsync(parsed.GetRequiredValue(Id));
        if (code is not null)
        {
            Console.WriteLine(code);
        }
        return fault;
    }

    private static async Task<string?> DisplaysAsync(IServiceProvider services, ParseResult parsed)
    {
        var id = parsed.GetRequiredValue(Id);
        return await Workstations(services).IsInUseAsync(id)
            ? await services
                .GetRequiredService<KeepDisplays>()
                .RecordAsync(
                    id,
                    parsed.GetRequiredValue(Name),
                    parsed.GetRequiredValue(Pixels),
                    TimeSpan.FromDays(parsed.GetValue(Days))
                )
            : $"No workstation that is in use is called '{id}'.";
    }

    private static async Task<string?> ListAsync(IServiceProvider services, ParseResult parsed)
    {
        var all = services.GetRequiredService<ClinicDb>().Set<Workstation>().AsNoTracking().OrderBy(w => w.Id);
        foreach (var w in await all.ToListAsync())
        {
            var state =
                w.RevokedAt is not null ? "out of use"
                : w.IsEnrolled ? "enrolled"
                : "not enrolled";
            Console.WriteLine($"{w.Id, -16} {w.Zone.Words(), -13} {state, -13} {w.Name}");
        }
        return null;
    }
}
