using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Reports;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Delivery;

/// <summary>
/// After a signature, a change of holder or a receipt: the delivery to whoever lacks the current version comes next (D1), the holder
/// first, then the copies.
/// </summary>
internal sealed class QueueDelivery(PathwayEngine pathway, IRecipientDirectory doctors, ClinicDb db) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (
            exam is not { Delivery: "none" or "received", Report: "signed" or "amended" or "addendum_draft" }
            || exam.Access is "frozen"
            || await Deliveries.NextAsync(db, exam, ct) is not { } next
            || await doctors.FindAsync(next, ct) is not { } recipient
        )
        {
            return;
        }
        var evidence = new JsonObject
        {
            ["recipientId"] = recipient.PersonId,
            ["endpoint"] = recipient.Endpoint,
            ["endpointVerifiedAt"] = recipient.EndpointVerifiedAt?.ToString("O"),
            ["reportVersion"] = exam.ReportVersion,
            ["reportHash"] = exam.ReportHash,
        };
        await pathway.TakeAsync(new StepRequest(exam.Id, "D1", Actor.System, evidence), ct);
    }
}

/// <summary>After D1, D5, D7: the report is put into the recipient's inbox (D2, channel portal), with the step in one transaction.</summary>
internal sealed class TransmitReport(PathwayEngine pathway, ReportDesk reports) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (
            exam.Delivery is not "queued"
            || exam.Access is "frozen"
            || !entry.Said("endpoint").StartsWith("portal:", StringComparison.Ordinal)
            || await reports.SignedAsync(exam.Id, ct) is not { } report
        )
        {
            return;
        }
        var recipient = entry.Said("recipientId");
        var evidence = new JsonObject
        {
            ["channel"] = "portal",
            ["recipientId"] = recipient,
            ["reportVersion"] = report.Version,
            ["messageId"] = $"{exam.Id:N}-{report.Version}",
            ["bytesHash"] = report.Hash,
        };
        await pathway.TakeAsync(
            new StepRequest(exam.Id, "D2", Actor.System, evidence)
            {
                Within = (taken, _) =>
                {
                    taken.Db.Add(
                        new InboxItem
                        {
                            ExamId = exam.Id,
                            DoctorId = recipient,
                            ReportVersion = report.Version,
                            ReportHash = report.Hash,
                            ArrivedAt = taken.Entry.At,
                        }
                    );
                    return Task.CompletedTask;
                },
            },
            ct
        );
    }
}

/// <summary>After D2: the inbox is read back, and what is there must be what was sent (D3). For the holder's copy the promise clock stops.</summary>
internal sealed class AcknowledgeDelivery(PathwayEngine pathway, ClinicDb db) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Delivery is not "sent" || entry.Said("channel") is not "portal")
        {
            return;
        }
        var recipient = entry.Said("recipientId");
        var item = await db.Set<InboxItem>()
            .AsNoTracking()
            .Where(i => i.ExamId == exam.Id && i.DoctorId == recipient)
            .OrderByDescending(i => i.Id)
            .FirstAsync(ct);
        var evidence = new JsonObject { ["ack"] = "inbox read back", ["reportHash"] = item.ReportHash };
        await pathway.TakeAsync(new StepRequest(exam.Id, "D3", Actor.System, evidence), ct);
    }
}
