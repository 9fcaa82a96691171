namespace Fiducial.Archive;

/// <summary>
/// What else is known of a study, and what forbids its deletion beside the archive's own schedule and holds: a clinic's exams, their legal
/// holds, and what is not yet finished.
/// </summary>
public interface IRetentionGuard
{
    ValueTask<KnownOfStudy> KnownAsync(string studyInstanceUid, CancellationToken ct);

    /// <summary>Runs <paramref name="decide"/> while what it is told cannot change.</summary>
    /// <returns>What it returned.</returns>
    ValueTask<string?> WhileStillAsync(
        string studyInstanceUid,
        Func<KnownOfStudy, string?> decide,
        CancellationToken ct
    );
}

/// <summary>What is known beside the archive's index.</summary>
/// <param name="Refusal">Why it must not be deleted; null when nothing is known against it.</param>
/// <param name="LastExam">A later exam of the patient than the index knows, or null.</param>
/// <param name="BirthDate">As the clinic knows it, or null.</param>
public sealed record KnownOfStudy(string? Refusal = null, DateOnly? LastExam = null, DateOnly? BirthDate = null);

/// <summary>An archive on its own knows no more than its index.</summary>
internal sealed class NothingElseKnown : IRetentionGuard
{
    private static readonly KnownOfStudy Nothing = new();

    public ValueTask<KnownOfStudy> KnownAsync(string studyInstanceUid, CancellationToken ct) =>
        ValueTask.FromResult(Nothing);

    public ValueTask<string?> WhileStillAsync(
        string studyInstanceUid,
        Func<KnownOfStudy, string?> decide,
        CancellationToken ct
    ) => ValueTask.FromResult(decide(Nothing));
}
