using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Timers;

namespace Fiducial.Coordination;

/// <summary>A notice stands on a list while that for which it was written still holds (<c>timers.tsv</c>, "while").</summary>
internal static class Worklist
{
    public static bool IsOpen(Notice notice, ExamRecord exam) =>
        TimerTable.All.Where(r => r.IsNotice && r.Name == notice.Kind).Any(r => r.StillHolds(exam))
        && !IsPast(notice, exam);

    // Those that no state ends: a promise is past when it was met, an exam that was begun needs no booking.
    private static bool IsPast(Notice notice, ExamRecord exam) =>
        notice.Kind switch
        {
            "promise target" or "promise limit" or "late" => exam.DeliveredAt is not null,
            "glass broken" or "glass review" or "glass review late" => exam.GlassToReview.Length == 0,
            "glass for the director" => exam.GlassWithDirector.Length == 0,
            "breach" => exam.Delivery is not "misdirected",
            _ => false,
        };
}
