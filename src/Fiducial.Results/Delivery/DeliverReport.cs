using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Reports;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Delivery;

/// <summary>After U1: the delivery to the holder is queued (D1).</summary>
internal sealed class QueueDelivery(PathwayEngine pathway, IRecipientDirectory doctors) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Delivery is not "none" || await doctors.FindAsync(exam.HolderId, ct) is not { } holder)
        {
            return;
        }
        var evidence = new JsonObject
        {
            ["recipientId"] = holder.PersonId,
            ["endpoint"] = holder.Endpoint,
            ["endpointVerifiedAt"] = holder.EndpointVerifiedAt?.ToString("O"),
            ["recipientLicenceActive"] = holder.LicenceActive,
            ["reportVersion"] = exam.ReportVersion,
            ["reportHash"] = exam.ReportHash,
        };
        await pathway.TakeAsync(new StepRequest(exam.Id, "D1", Actor.System, evidence), ct);
    }
}

/// <summary>After D1: the report is put into the holder's inbox (D2, channel portal), with the step in one transaction.</summary>
internal sealed class TransmitReport(PathwayEngine pathway, ReportDesk reports) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Delivery is not "queued" || await reports.SignedAsync(exam.Id, ct) is not { } report)
        {
            return;
        }
        var evidence = new JsonObject
        {
            ["channel"] = "portal",
            ["recipientId"] = exam.HolderId,
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
                            DoctorId = exam.HolderId,
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

/// <summary>After D2: the inbox is read back, and what is there must be what was signed (D3). The promise clock stops here.</summary>
internal sealed class AcknowledgeDelivery(PathwayEngine pathway, ClinicDb db) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Delivery is not "sent")
        {
            return;
        }
        var item = await db.Set<InboxItem>()
            .AsNoTracking()
            .Where(i => i.ExamId == exam.Id && i.DoctorId == exam.HolderId)
            .OrderByDescending(i => i.ReportVersion)
            .FirstAsync(ct);
        var evidence = new JsonObject { ["ack"] = "inbox read back", ["reportHash"] = item.ReportHash };
        await pathway.TakeAsync(new StepRequest(exam.Id, "D3", Actor.System, evidence), ct);
    }
}

internal static class DeliveryGuards
{
    public static IEnumerable<IGuard> All =>
        [
            new Guard("D1", Queue),
            new Guard(
                "D2",
                c =>
                    c.Text("channel") is "portal"
                    && c.Exam.ReportHash.Length > 0
                    && c.Text("bytesHash") == c.Exam.ReportHash
                        ? null
                        : "The bytes to send are not those of the signed version."
            ),
            new Guard(
                "D3",
                c =>
                    c.Exam.ReportHash.Length > 0 && c.Text("reportHash") == c.Exam.ReportHash
                        ? null
                        : "What arrived is not what was signed."
            ),
        ];

    private static string? Queue(GuardContext c) =>
        c.Exam.Report is not ("signed" or "amended") ? "The report is not signed."
        : c.Text("recipientId") != c.Exam.HolderId ? "The holder of the duty gets the report first."
        : !c.Says("recipientLicenceActive") ? "The recipient's licence is not active."
        : !DateTimeOffset.TryParse(
            c.Text("endpointVerifiedAt"),
            System.Globalization.CultureInfo.InvariantCulture,
            out var verified
        )
        || verified < c.At.AddYears(-1)
            ? "The recipient's endpoint was not verified within twelve months."
        : c.Text("reportHash") != c.Exam.ReportHash ? "The content is not the signed version."
        : null;
}
