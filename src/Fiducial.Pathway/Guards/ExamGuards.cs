using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Protocols;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Guards;

/// <summary>The exam room: nobody is exposed without a time-out, nobody leaves before the images are safe.</summary>
internal static class ExamGuards
{
    public static IEnumerable<IGuard> All =>
        [
            new Guard("E1", Arrive),
            new Guard("E2", ArriveUnidentified),
            new Guard("E3", c => Licence(c) ?? TimeOut(c)),
            new Guard("E4", RejectAsync),
            new Guard("E5", CompleteAsync),
            new Guard("E6", c => c.Needs("reason", "Give the reason why the exam is stopped.")),
            new Guard("E7", c => c.NeedsOneOf("reason", RecallReasons.Technical, "Choose a technical reason")),
            new Guard("E8", c => Licence(c) ?? TimeOut(c)),
            new Guard("E9", c => c.Needs("note", "Note that and how the patient declined.")),
            new Guard("E10", DepartAsync),
        ];

    private static string? ArriveUnidentified(GuardContext c) =>
        c.Exam.Order is not ("none" or "protocolled" or "scheduled") ? "The order is not protocolled yet."
        : !c.Says("emergency") ? "Only in an emergency does an exam begin before the patient is identified."
        : c.Exam.PatientId.Length == 0
            ? c.Needs("temporaryId", "Give the patient a temporary identity.")
                ?? (
                    ProtocolBook.Find(c.Text("protocolCode")) is null ? "Name the exam from the protocol book."
                    : c.Evidence.ContainsKey("modality") ? null
                    : "Name the modality."
                )
        : c.Needs("temporaryId", "Give the patient a temporary identity.");

    private static async ValueTask<string?> RejectAsync(GuardContext c, CancellationToken ct)
    {
        var uid = c.Text("sopInstanceUid");
        return await c
            .Db.Set<ImageRecord>()
            .AnyAsync(i => i.ExamId == c.Exam.Id && i.SopInstanceUid == uid && i.RejectReason == "", ct)
            ? c.NeedsOneOf("reason", RejectReasons.All, "Choose the reason of the rejection")
            : "This exam has no such image that is not rejected yet.";
    }

    private static string? Arrive(GuardContext c)
    {
        var identifiers = c.Evidence["identifiers"] as JsonArray;
        if (
            identifiers is null
            || identifiers
                .Select(i => (string?)i)
                .Where(i => !string.IsNullOrWhiteSpace(i))
                .Distinct(StringComparer.Ordinal)
                .Count() < 2
        )
        {
            return "Check two identifiers, such as full name and birth date.";
        }
        return OrderGuards.Missing(c, "photoOrCard", "Check a photo or the health card.");
    }

    private static string? Licence(GuardContext c) =>
        c.Standing.RegistrationRefusal(ProtocolBook.Find(c.Exam.ProtocolCode), c.Exam.Modality);

    private static string? TimeOut(GuardContext c) =>
        !c.Says("patientConfirmed") ? "Time-out: confirm the patient."
        : !c.Says("examConfirmed") ? "Time-out: confirm the exam."
        : !c.Says("sideConfirmed") ? "Time-out: confirm the side."
        : null;

    private static async ValueTask<string?> CompleteAsync(GuardContext c, CancellationToken ct)
    {
        var protocol = ProtocolBook.Find(c.Exam.ProtocolCode);
        if (protocol is null)
        {
            return $"The protocol '{c.Exam.ProtocolCode}' is not in the protocol book.";
        }
        var images = await c
            .Db.Set<ImageRecord>()
            .Where(i => i.ExamId == c.Exam.Id && i.RejectReason == "")
            .ToListAsync(ct);
        var exceptions = c.Evidence["exceptions"] as JsonObject ?? [];
        foreach (var view in protocol.RequiredViews)
        {
            if (!images.Exists(i => i.View == view) && string.IsNullOrWhiteSpace((string?)exceptions[view]))
            {
                return $"The required view {view} is missing: acquire it, or give a coded reason.";
            }
        }
        if (images.Count == 0)
        {
            return "No image has arrived.";
        }
        if (
            c.Exam.Laterality is "L" or "R"
            && images.Exists(i => i.Laterality is "L" or "R" && i.Laterality != c.Exam.Laterality)
        )
        {
            return $"A side marker says otherwise than the order ({c.Exam.Laterality}): check the side.";
        }
        if (!c.Says("qualityAccepted") && OrderGuards.Missing(c, "qualityReason", "") is not null)
        {
            return "Confirm the technical numbers, or give the reason why they are out of range.";
        }
        if (c.Evidence["manifestCount"] is not JsonValue count || !count.TryGetValue<int>(out var due) || due < 1)
        {
            return "Say how many images the modality has sent (the manifest).";
        }
        if (due < images.Count)
        {
            return $"The modality has sent {images.Count} images already: {due} cannot be the whole of them.";
        }
        Promise(c);
        return null;
    }

    // Pathway 6.1: target 17:00 on the first, limit 17:00 on the second business day after the day of completion.
    private static void Promise(GuardContext c)
    {
        c.Evidence["promiseTarget"] = Close(c, 1);
        c.Evidence["promiseLimit"] = Close(c, 2);
    }

    private static string Close(GuardContext c, int businessDays) =>
        c.Calendar.CloseAfter(c.At, businessDays).ToString("O", CultureInfo.InvariantCulture);

    // INV12: the images are safe, or a radiologist who looked has taken it upon himself to let the patient go (N3).
    private static async ValueTask<string?> DepartAsync(GuardContext c, CancellationToken ct)
    {
        if (c.Exam.Concern is not ("none" or "resolved" or "handed_over"))
        {
            return null; // the condition on the concern says what to do
        }
        if (c.Exam.Images is not "verified")
        {
            var instruction = await c.LastAsync(ct, "N3");
            var completed = await c.LastAsync(ct, "E5");
            if (
                instruction is null
                || instruction.Sequence < completed?.Sequence
                || instruction.Said("waiveImages") is not "true"
            )
            {
                return "The images are not verified yet: the patient stays until they are safe.";
            }
            c.Evidence["waiverBy"] = instruction.ActorId;
        }
        return c.Needs("departureCard", "Show the departure card and name it.");
    }
}
