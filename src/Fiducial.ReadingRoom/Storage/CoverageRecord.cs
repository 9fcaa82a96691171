using System.Globalization;
using Fiducial.Pathway.Ledger;

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

    /// <summary>One hash over all records of a reader: the signature's ledger entry holds it.</summary>
    public static string HashOf(IEnumerable<CoverageRecord> records) =>
        FieldHash.Of([
            .. records
                .OrderBy(r => r.SopInstanceUid, StringComparer.Ordinal)
                .SelectMany(r =>
                    (IEnumerable<string>)
                        [
                            r.SopInstanceUid,
                            r.FramesSeen.ToString(CultureInfo.InvariantCulture),
                            r.Share.ToString("R", CultureInfo.InvariantCulture),
                            FieldHash.Text(r.At),
                        ]
                ),
        ]);
}
