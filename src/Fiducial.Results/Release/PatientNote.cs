using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Release;

/// <summary>What the doctor wrote to the patient in plain words, with the decision to release (L2).</summary>
public sealed class PatientNote
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }
    public required string DoctorId { get; init; }
    public required string DoctorName { get; init; }
    public required int ReportVersion { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Hash { get; init; }

    public static string HashOf(string text) => FieldHash.Of(text);
}
