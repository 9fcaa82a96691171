using System.Text.Json.Serialization;
using Fiducial.Pathway.Access;

namespace Fiducial.Results.Reports;

/// <summary>A signed report. Never edited: a correction is the next version.</summary>
[JsonConverter(typeof(ResultBearingConverter))]
public sealed class ReportVersion : IResultBearing
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }

    /// <summary>1, 2, 3 …</summary>
    public required int Version { get; init; }
    public required ReportSections Sections { get; init; }

    /// <summary>Alert category that the radiologist chose: none, 1, 2 or 3.</summary>
    public required string AlertCategory { get; init; }
    public required string SignedById { get; init; }
    public required string SignedByName { get; init; }
    public required string Credential { get; init; }
    public required DateTimeOffset SignedAt { get; init; }

    /// <summary><see cref="ReportSections.Hash"/>; the ledger's entry of the signature holds the same.</summary>
    public required string Hash { get; init; }
}
