using System.CommandLine;
using System.Globalization;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Archive.Retention;

namespace Fiducial.Server.Commands;

/// <summary>
/// <c>fiducial retention</c>: what a plain archive keeps, holds and deletes, while it is open or closed. In a clinic that is the privacy
/// office's, with a second person.
/// </summary>
internal static class RetentionCommands
{
    private const int MostListed = 100_000;

    private static readonly Option<string> Study = new("--study")
    {
        HelpName = "UID",
        Description = "Study Instance UID",
        Required = true,
    };
    private static readonly Option<string[]> Studies = new("--study")
    {
        HelpName = "UID",
        Description = "Study Instance UID; may be given several times [default: all that are due]",
    };
    private static readonly Option<string> Reason = new("--reason")
    {
        HelpName = "TEXT",
        Description = "Kept with it, such as the number of an order",
        Required = true,
    };
    private static readonly Option<int?> Confirm = new("--confirm")
    {
        HelpName = "NUMBER",
        Description = "How many studies are to be deleted, as the command says without it",
    };

    public static Command Command()
    {
        var list = new Command("list", "Studies that need not be kept any longer, and those on hold");
        var hold = new Command(
            "hold",
            "Puts a study on legal hold: nothing of it is deleted, who sees it does not change"
        )
        {
            Study,
            Reason,
        };
        var lift = new Command("lift", "Lifts the legal holds of a study") { Study, Reason };
        var apply = new Command("apply", "Deletes studies that are due, once their number is confirmed")
        {
            Studies,
            Confirm,
        };
        var log = new Command("log", "Holds and deletions: who, when, by which rule");
        foreach (var command in new[] { list, hold, lift, apply, log })
        {
            HouseOptions.AddDatabaseTo(command);
        }
        apply.Options.Add(HouseOptions.Store);
        list.SetAction((p, ct) => ListAsync(HouseOptions.Read(p), ct));
        hold.SetAction(p => Hold(HouseOptions.Read(p), p.GetRequiredValue(Study), p.GetRequiredValue(Reason)));
        lift.SetAction(p => Lift(HouseOptions.Read(p), p.GetRequiredValue(Study), p.GetRequiredValue(Reason)));
        apply.SetAction(
            (p, ct) => ApplyAsync(HouseOptions.Read(p), p.GetValue(Studies) ?? [], p.GetValue(Confirm), ct)
        );
        log.SetAction(p => Log(HouseOptions.Read(p)));
        return new Command("retention", "What an archive keeps and deletes: list, hold, lift, apply, log")
        {
            list,
            hold,
            lift,
            apply,
            log,
        };
    }

    private static async Task<int> ListAsync(ClinicOptions options, CancellationToken ct)
    {
        using var register = Open(options);
        foreach (var due in await register.Schedule.DueAsync(MostListed, ct))
        {
            Console.WriteLine(Say(due));
        }
        foreach (var hold in register.Holds.List().Where(h => h.LiftedAt is null))
        {
            Console.WriteLine(
                $"{hold.StudyInstanceUid}\ton hold since {hold.At.UtcDateTime:u} by {hold.Author}: {hold.Reason}"
            );
        }
        return 0;
    }

    private static int Hold(ClinicOptions options, string study, string reason)
    {
        using var register = Open(options);
        register.Holds.Put(study, reason, RegisterOfArchive.Author);
        return 0;
    }

    private static int Lift(ClinicOptions options, string study, string reason)
    {
        using var register = Open(options);
        return register.Holds.Lift(study, reason, RegisterOfArchive.Author) > 0
            ? 0
            : throw new CommandException(1, $"no hold stands on {study}: fiducial retention list shows those that do.");
    }

    private static async Task<int> ApplyAsync(
        ClinicOptions options,
        string[] studies,
        int? confirmed,
        CancellationToken ct
    )
    {
        List<long> approved = [];
        using (var register = Open(options))
        {
            var due = (await register.Schedule.DueAsync(MostListed, ct)).ToList();
            if (studies.FirstOrDefault(s => !due.Exists(d => d.StudyInstanceUid == s)) is { } other)
            {
                throw new CommandException(1, $"{other} is not due: fiducial retention list shows what is.");
            }
            due.RemoveAll(d => studies.Length > 0 && !studies.Contains(d.StudyInstanceUid));
            if (confirmed != due.Count)
            {
                due.ForEach(d => Console.WriteLine(Say(d)));
                throw new CommandException(
                    1,
                    due.Count == 0
                        ? "nothing is due."
                        : $"nothing was deleted. These {due.Count} studies would be, for ever; say --confirm {due.Count}."
                );
            }
            foreach (var one in due)
            {
                if (register.Deletions.Request(one, RegisterOfArchive.Author) is { } id)
                {
                    register.Deletions.Decide(id, approves: true, RegisterOfArchive.Author);
                    approved.Add(id);
                }
            }
        }
        return await CarryOutAsync(options, approved, ct);
    }

    private static async Task<int> CarryOutAsync(ClinicOptions options, List<long> approved, CancellationToken ct)
    {
        var services = new ServiceCollection();
        services.AddLogging(l => l.AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Error));
        services.AddSingleton(options.Clock);
        services.AddArchive(Archive(options));
        await using var provider = services.BuildServiceProvider();
        ICarryOutDeletions deletions;
        try
        {
            deletions = provider.GetRequiredService<ICarryOutDeletions>();
        }
        catch (IOException e)
        {
            Console.WriteLine(
                $"{approved.Count} studies are approved. The archive deletes them within a minute while it is open, or else at its next start ({e.Message})"
            );
            return 0;
        }
        var refused = await deletions.RunAsync(ct);
        foreach (var one in refused)
        {
            await Console.Error.WriteLineAsync($"{one.StudyInstanceUid} is kept: {one.Refusal}");
        }
        var kept = refused.Count(r => approved.Contains(r.Id));
        Console.WriteLine($"{approved.Count - kept} studies were deleted.");
        return kept == 0 ? 0 : 1;
    }

    private static int Log(ClinicOptions options)
    {
        using var register = Open(options);
        foreach (var hold in register.Holds.List())
        {
            Console.WriteLine($"{hold.At.UtcDateTime:u}\t{hold.Author}\thold\t{hold.StudyInstanceUid}\t{hold.Reason}");
            if (hold.LiftedAt is { } lifted)
            {
                Console.WriteLine(
                    $"{lifted.UtcDateTime:u}\t{hold.LiftedBy}\thold lifted\t{hold.StudyInstanceUid}\t{hold.LiftedWhy}"
                );
            }
        }
        foreach (var one in register.Deletions.List())
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{one.RequestedAt.UtcDateTime:u}\t{one.RequestedBy}\tdeletion\t{one.StudyInstanceUid}\t{one.Objects} objects, {one.Rule}; {Outcome(one)}"
                )
            );
        }
        return 0;
    }

    private static string Outcome(Deletion one) =>
        one switch
        {
            { IsApproved: null } => "not decided",
            { IsApproved: false } => $"declined by {one.DecidedBy}",
            { Refusal.Length: > 0 } => $"approved by {one.DecidedBy}, kept: {one.Refusal}",
            { CarriedOutAt: null } => $"approved by {one.DecidedBy}, not yet carried out",
            _ => FormattableString.Invariant(
                $"approved by {one.DecidedBy}, carried out {one.CarriedOutAt!.Value.UtcDateTime:u}{(one.BytesLeft > 0 ? $", {one.BytesLeft} files still to be taken away" : "")}"
            ),
        };

    private static string Say(DueStudy due) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{due.StudyInstanceUid}\t{due.PatientId}\t{due.AccessionNumber}\t{due.Modalities}\t{due.ExamDate:yyyy-MM-dd}\t{due.Objects} objects\tkept until {due.KeptUntil:yyyy-MM-dd}: {due.Rule}"
        );

    // In a clinic two people decide, exams are finished first, and whoever looks at the list is known by name: a command line knows none of it.
    private static ArchiveRegister Open(ClinicOptions options) =>
        DataFolder.Kind(options.Data) is "archive"
            ? new ArchiveRegister(Archive(options), options.Clock)
            : throw new CommandException(
                1,
                $"{options.Data} is no plain archive: in a clinic it is decided by two people, at /privacy/retention."
            );

    private static ArchiveOptions Archive(ClinicOptions options) =>
        new()
        {
            Folder = Path.Combine(options.Data, "archive"),
            Database = options.ArchiveDatabase,
            Store = options.Store,
            Retention = options.Retention,
            RunsWorkers = false,
        };
}
