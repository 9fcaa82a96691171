using Fiducial.Archive;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Bridges;

/// <summary>After I8: a rejection note beside the images that were rejected, for other systems that understand one.</summary>
internal sealed class WriteRejectionNote(
    IImageArchive archive,
    IRejectionNotes notes,
    BusinessCalendar calendar,
    ClinicDb db
) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        // Images that went to an order are that order's: the case that is closed behind them has none of its own.
        if (
            exam.StudyInstanceUid.Length == 0
            || await db.Set<ExamRecord>()
                .AnyAsync(e => e.StudyInstanceUid == exam.StudyInstanceUid && e.Images != "rejected", ct)
        )
        {
            return;
        }
        var rejected = archive.FindStudy(exam.StudyInstanceUid).Where(i => !i.IsInterpretive).ToList();
        if (rejected.Count > 0)
        {
            await notes.WriteAsync(rejected, entry.Said("rejectionNote"), entry.Hash, calendar.Local(entry.At), ct);
        }
    }
}
