using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Guards;
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
        if (displays.Pixels < DisplaySet.LeastPixels)
        {
            return $"{displays.Name} has {displays.Pixels:N0} pixels; {DisplaySet.LeastPixels:N0} are needed to sign.";
        }
        if (displays.ValidUntil < c.At)
        {
            return $"The greyscale check of {displays.Name} is out of date: repeat it, then sign.";
        }
        var images = await c.Db.Set<ImageRecord>().AsNoTracking().Where(i => i.ExamId == c.Exam.Id).ToListAsync(ct);
        var seen = await c
            .Db.Set<CoverageRecord>()
            .AsNoTracking()
            .Where(r => r.ExamId == c.Exam.Id && r.ReaderId == c.Actor.Id)
            .ToDictionaryAsync(r => r.SopInstanceUid, StringComparer.Ordinal, ct);
        var missing = images.Count(i =>
            !seen.TryGetValue(i.SopInstanceUid, out var r) || r.Share < Whole || r.FramesSeen < i.NumberOfFrames
        );
        c.Evidence["displayPixels"] = displays.Pixels;
        c.Evidence["displayCheckedAt"] = displays.CheckedAt.ToString("O");
        c.Evidence["imagesCovered"] = images.Count - missing;
        return missing == 0 || c.Text("coverageExclusion").Length > 0
            ? null
            : $"{missing} of {images.Count} images were not seen in full at 1:1: view them, or state why they are left out.";
    }
}
