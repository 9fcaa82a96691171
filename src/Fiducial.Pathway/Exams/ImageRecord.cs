using System.Text.Json.Nodes;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway.Exams;

/// <summary>One image of an exam as the pathway knows it: which view it fills, and the hash that must never change. Written by I3.</summary>
public sealed class ImageRecord
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }
    public required string SopInstanceUid { get; init; }
    public required string SeriesInstanceUid { get; init; }
    public required string Sha256 { get; init; }
    public required string Modality { get; init; }

    /// <summary>The protocol's view that this image fills; empty when none matched.</summary>
    public required string View { get; init; }

    /// <summary>Side marker of the image header: L, R or empty.</summary>
    public required string Laterality { get; init; }
    public required string SeriesDescription { get; init; }
    public required int InstanceNumber { get; init; }
    public required int NumberOfFrames { get; init; }

    /// <summary>Code of the rejection (AAPM TG-305), empty when it was not rejected. The image is kept and read. From E4.</summary>
    public string RejectReason { get; set; } = "";
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The row that the step I3 makes: all of it stands in the evidence, so it can be compared at any time.</summary>
    public static ImageRecord Of(LedgerEntry arrival)
    {
        var evidence = JsonNode.Parse(arrival.Evidence)!;
        string Text(string key) => (string?)evidence[key] ?? "";
        return new ImageRecord
        {
            ExamId = arrival.ExamId,
            SopInstanceUid = Text("sopInstanceUid"),
            SeriesInstanceUid = Text("seriesInstanceUid"),
            Sha256 = Text("sha256"),
            Modality = Text("modality"),
            View = Text("view"),
            Laterality = Text("laterality"),
            SeriesDescription = Text("seriesDescription"),
            InstanceNumber = (int?)evidence["instanceNumber"] ?? 0,
            NumberOfFrames = (int?)evidence["numberOfFrames"] ?? 1,
            ReceivedAt = arrival.At,
        };
    }
}
