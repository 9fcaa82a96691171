using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Delivery;

/// <summary>Who has received which version, from the ledger; and who comes next: the holder, then copies, in the order of the referral.</summary>
public static class Deliveries
{
    /// <summary>
    /// Has who holds the duty the current version of the report? Until then nobody outside gets a copy (INV8).
    /// </summary>
    public static async Task<bool> HolderHasItAsync(ClinicDb db, ExamRecord exam, CancellationToken ct) =>
        exam.HolderId.Length > 0 && await HasAsync(db, exam.Id, exam.HolderId, exam.ReportVersion, ct);

    internal static async Task<bool> HasAsync(
        ClinicDb db,
        Guid examId,
        string recipientId,
        int version,
        CancellationToken ct
    )
    {
        var received = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == examId && e.Taken && e.Step == "D3")
            .ToListAsync(ct);
        return received.Exists(e =>
            e.Said("recipientId") == recipientId
            && e.Said("reportVersion") == version.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );
    }

    /// <summary>Null when everyone has the current version.</summary>
    internal static async Task<string?> NextAsync(ClinicDb db, ExamRecord exam, CancellationToken ct)
    {
        if (exam.HolderId.Length == 0)
        {
            return null;
        }
        foreach (var recipient in (string[])[exam.HolderId, .. Copies(exam)])
        {
            if (!await HasAsync(db, exam.Id, recipient, exam.ReportVersion, ct))
            {
                return recipient;
            }
        }
        return null;
    }

    internal static IReadOnlyList<string> Copies(ExamRecord exam) =>
        exam.CopyToIds.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
