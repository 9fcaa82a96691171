using System.Globalization;

namespace Fiducial.Pathway.Exams;

/// <summary>What a modality reports of its own step (PS3.4 F.7): kept as it was created and changed, until it is final.</summary>
public sealed class PerformedStep
{
    /// <summary>SOP Instance UID, given by the modality.</summary>
    public required string Uid { get; init; }

    /// <summary>IN PROGRESS, COMPLETED or DISCONTINUED.</summary>
    public required string Status { get; set; }
    public required string StationAETitle { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Code meaning of the reason for discontinuation; empty when there is none.</summary>
    public string DiscontinuationReason { get; set; } = "";

    /// <summary>Images that the modality lists in its performed series.</summary>
    public int ImageCount { get; set; }

    /// <summary>Everything that it said, as a data set in explicit VR little endian.</summary>
    public required byte[] Attributes { get; set; }
    public bool IsFinal => Status is "COMPLETED" or "DISCONTINUED";
}

/// <summary>A performed step is of as many exams as it names scheduled steps; of none when it was not scheduled.</summary>
public sealed class PerformedStepExam
{
    public required string StepUid { get; init; }
    public required Guid ExamId { get; init; }
}

/// <summary>What the modalities have reported of an exam, for the evidence of its steps (E3, E5, I6).</summary>
public static class PerformedSteps
{
    /// <summary>Such as "COMPLETED by CT1 at 2026-11-24 14:05Z, 2 images (1.2.3)"; says when nothing was reported.</summary>
    public static string Say(IReadOnlyCollection<PerformedStep> steps) =>
        steps.Count == 0
            ? "none: no modality has reported a performed step"
            : string.Join("; ", steps.OrderBy(s => s.StartedAt).Select(Say));

    /// <summary>How many images they list, when every step has ended and at least one was completed; else null.</summary>
    public static int? ImagesReported(IReadOnlyCollection<PerformedStep> steps) =>
        steps.Any(s => s.Status is "COMPLETED") && steps.All(s => s.IsFinal) ? steps.Sum(s => s.ImageCount) : null;

    private static string Say(PerformedStep step) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{step.Status} by {step.StationAETitle} at {step.EndedAt ?? step.StartedAt:u}{(step.IsFinal ? $", {step.ImageCount} images" : "")}{(step.DiscontinuationReason.Length > 0 ? $", {step.DiscontinuationReason}" : "")} ({step.Uid})"
        );
}
