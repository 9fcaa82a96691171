namespace Fiducial.ReadingRoom.Storage;

/// <summary>How much of one image a reader has had on the screen at 1:1 or better.</summary>
public sealed class CoverageRecord
{
    public long Id { get; init; }
    public required Guid ExamId { get; init; }
    public required string ReaderId { get; init; }
    public required string SopInstanceUid { get; init; }
    public required int FramesSeen { get; set; }

    /// <summary>0 to 1, over all frames.</summary>
    public required double Share { get; set; }
    public required DateTimeOffset At { get; set; }
}
