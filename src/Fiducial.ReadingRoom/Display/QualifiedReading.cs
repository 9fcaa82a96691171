using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Places;
using Fiducial.ReadingRoom.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ReadingRoom.Display;

/// <summary>Guards the signature of a report and of an addendum (R6, R9): a qualified display set, and every image seen in full or left out for a stated reason.</summary>
internal static class QualifiedReading
{
    private const double Whole = 0.99;

    public static Guard OfReport { get; } = new("R6", RefusalAsync);
    public static Guard OfAddendum { get; } = new("R9", RefusalAsync);

    private static async ValueTask<string?> RefusalAsync(GuardContext c, CancellationToken ct)
    {
        var id = c.Text("displaySetId");
        var displays = await c.Db.Set<DisplaySet>().AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, ct);
        if (displays is null)
        {
            return "This workstation is not registered: sign at a qualified display set.";
        }
        // Where workstations are enrolled, their displays are no matter of what was chosen (decision 20).
        if (id != c.Actor.Device && await c.Db.Set<Workstation>().AnyAsync(w => w.KeyHash != "", ct))
        {
            return c.Actor.Device.Length == 0
                ? "This browser is no workstation of the clinic: sign at one that is enrolled."
                : $"These are not the displays of this workstation ({c.Actor.Device}): sign at the displays at which you read.";
        }
        if (displays.Refusal(c.At) is { } refusal)
        {
            return refusal;
        }
        var (seen, images) = await SeenAsync(c.Db, c.Exam.Id, c.Actor.Id, ct);
        c.Evidence["displayPixels"] = displays.Pixels;
        c.Evidence["displayCheckedAt"] = displays.CheckedAt.ToString("O");
        c.Evidence["imagesCovered"] = seen;
        c.Evidence["coverageHash"] = CoverageRecord.HashOf(
            await c
                .Db.Set<CoverageRecord>()
                .AsNoTracking()
                .Where(r => r.ExamId == c.Exam.Id && r.ReaderId == c.Actor.Id)
                .ToListAsync(ct)
        );
        return seen == images || c.Text("coverageExclusion").Length > 0
            ? null
            : $"{images - seen} of {images} images were not seen in full at 1:1: view them, or state why they are left out.";
    }

    /// <summary>How many of the exam's images this reader has had on the screen in full at 1:1, and how many there are.</summary>
    public static async Task<(int Seen, int Images)> SeenAsync(
        ClinicDb db,
        Guid examId,
        string readerId,
        CancellationToken ct
    )
    {
        var images = await db.Set<ImageRecord>().AsNoTracking().Where(i => i.ExamId == examId).ToListAsync(ct);
        var seen = await db.Set<CoverageRecord>()
            .AsNoTracking()
            .Where(r => r.ExamId == examId && r.ReaderId == readerId)
            .ToDictionaryAsync(r => r.SopInstanceUid, StringComparer.Ordinal, ct);
        return (
            images.Count(i =>
                seen.TryGetValue(i.SopInstanceUid, out var r) && r.Share >= Whole && r.FramesSeen >= i.NumberOfFrames
            ),
            images.Count
        );
    }
}
