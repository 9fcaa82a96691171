using System.Text.Json.Serialization;
using Fiducial.Pathway.Access;

namespace Fiducial.Results.Delivery;

/// <summary>A signed report in a doctor's inbox: the copy that was sent, with the hash of what was sent.</summary>
[JsonConverter(typeof(ResultBearingConverter))]
public sealed class InboxItem : IResultBearing
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }
    public required string DoctorId { get; init; }
    public required int ReportVersion { get; init; }
    public required string ReportHash { get; init; }
    public required DateTimeOffset ArrivedAt { get; init; }
}
