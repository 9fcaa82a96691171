namespace Fiducial.Pathway.Rooms;

/// <summary>
/// Why doctors broke the glass (B1), as they wrote it, for the privacy officer who reviews it, and what the reviews found (B8). Of class AUD:
/// whoever writes it is told that the officer will read it. No other words of a step come this way.
/// </summary>
public interface IGlassReasons
{
    /// <summary>Reasons and findings by exam and by the place of the step in its ledger.</summary>
    Task<IReadOnlyDictionary<(Guid ExamId, int Sequence), string>> OfAsync(
        IReadOnlyCollection<Guid> exams,
        CancellationToken ct
    );
}
