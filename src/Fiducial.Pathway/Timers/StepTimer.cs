namespace Fiducial.Pathway.Timers;

/// <summary>A timer that runs for an exam, written in the transaction of the step that started it.</summary>
public sealed class StepTimer
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }

    /// <summary>Name of the rule in <c>timers.tsv</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The step that started it and its place in the ledger.</summary>
    public required string StartedBy { get; set; }
    public required int Sequence { get; set; }
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>When it fired, or when a step ended it before.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    public bool Fired { get; set; }

    /// <summary>Until when a server process has taken it to fire it.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }
    public int Attempts { get; set; }
    public string? LastError { get; set; }
}

/// <summary>
/// What someone is to be told or reminded of: a row of a work list, written once when its timer fires. It names a kind and never
/// content, so that it may stand on any list and travel by any channel.
/// </summary>
public sealed class Notice
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }

    /// <summary>The timer that fired; unique together with the audience.</summary>
    public required long TimerId { get; init; }

    /// <summary>Name of the rule in <c>timers.tsv</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>A role (CRD, MDR …), or empty when it is for one person.</summary>
    public required string Role { get; init; }

    /// <summary>A person's id, or empty when it is for a role.</summary>
    public required string PersonId { get; init; }
    public required DateTimeOffset At { get; init; }
}
