using Fiducial.Pathway.Exams;

namespace Fiducial.ReadingRoom;

/// <summary>In which order exams are read: by priority, then by the promise that was given.</summary>
internal static class ReadingOrder
{
    public static List<ExamRecord> Sort(IEnumerable<ExamRecord> exams) =>
        [.. exams.OrderBy(e => Rank(e.Priority)).ThenBy(e => e.PromiseTarget)];

    /// <summary>What this reader opens next: what they have begun, then the first unread; not the exam that is open.</summary>
    public static ExamRecord? Next(IReadOnlyList<ExamRecord> inOrder, string reader, Guid? open)
    {
        var others = inOrder.Where(e => e.Id != open).ToList();
        return others.Find(e => e.Report is "claimed" or "draft" && e.ReaderId == reader)
            ?? others.Find(e => e.Report is "unread");
    }

    /// <summary>(0040,1003) Requested Procedure Priority, most urgent first.</summary>
    public static int Rank(string priority) =>
        priority switch
        {
            "STAT" => 0,
            "HIGH" or "URGENT" => 1,
            "LOW" => 3,
            _ => 2,
        };
}
