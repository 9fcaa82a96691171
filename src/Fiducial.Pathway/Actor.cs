using Fiducial.Pathway.Law;

namespace Fiducial.Pathway;

/// <summary>Who takes a step or reads: a person in the role of this session, a device, or the system.</summary>
public sealed record Actor
{
    /// <summary>Person id (sign-in name), AE title, or <c>system</c>.</summary>
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required Role Role { get; init; }

    /// <summary>What else this person works as here. A session has one role; the others only ever take away (pathway 6.3, note 1).</summary>
    public IReadOnlyList<Role> OtherJobs { get; init; } = [];

    /// <summary>The workstation of the clinic at which this is asked, or the device; empty when it is none.</summary>
    public string Device { get; init; } = "";

    /// <summary>At a console of an exam room, or where that cannot be ruled out: whatever the role, the technologist's cells bound it.</summary>
    public bool IsInExamRoom { get; init; }

    /// <summary>True when this site asks a second factor of this role, and the session began without one: such an actor reads, and neither signs nor releases.</summary>
    public bool LacksSecondFactor { get; init; }

    public static Actor System { get; } =
        new()
        {
            Id = "system",
            Name = "Fiducial",
            Role = Role.SYS,
        };

    /// <summary>Who took a step that is in the ledger: for what follows from it in their name.</summary>
    public static Actor Of(Ledger.LedgerEntry entry) =>
        new()
        {
            Id = entry.ActorId,
            Name = entry.ActorName,
            Role = Enum.Parse<Role>(entry.Role),
            Device = entry.Device,
        };

    public static Actor Modality(string aeTitle) =>
        new()
        {
            Id = aeTitle,
            Name = aeTitle,
            Role = Role.EXTM,
        };
}
