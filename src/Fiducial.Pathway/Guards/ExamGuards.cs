using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Protocols;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Guards;

/// <summary>The exam room: nobody is exposed without a time-out, nobody leaves before the images are safe.</summary>
internal static class ExamGuards
{
    public static IEnumerable<IGuard> All =>
        [
            new Guard("E1", Arrive),
            new Guard("E3", c => Licence(c) ?? TimeOut(c)),
            new Guard("E5", CompleteAsync),
            new Guard("E10", Depart),
        ];

    private static string? Arrive(GuardContext c)
    {
        if (c.Exam.Order is not ("protocolled" or "scheduled"))
        {
            return "The order is not protocolled yet.";
        }
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
        !c.Actor.LicenceActive ? "The technologist's registration is not active."
        : ProtocolBook.Find(c.Exam.ProtocolCode) is { } p && c.Actor.Modalities.Any(p.Covers) ? null
        : $"The technologist's registration does not cover {c.Exam.Modality}.";

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
        var images = await c.Db.Set<ImageRecord>().Where(i => i.ExamId == c.Exam.Id).ToListAsync(ct);
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
        var day = c.Calendar.OnOrAfter(c.Calendar.LocalDate(c.At));
        c.Evidence["promiseTarget"] = Five(c, day, 1);
        c.Evidence["promiseLimit"] = Five(c, day, 2);
    }

    private static string Five(GuardContext c, DateOnly day, int businessDays) =>
        c
            .Calendar.At(c.Calendar.AddBusinessDays(day, businessDays), new TimeOnly(17, 0))
            .ToString("O", CultureInfo.InvariantCulture);

    private static string? Depart(GuardContext c) =>
        c.Exam.Images is not "verified" ? "The images are not verified yet: the patient stays until they are safe."
        : c.Exam.Concern is not ("none" or "resolved" or "handed_over")
            ? "Please wait for the instruction before the patient departs."
        : OrderGuards.Missing(c, "departureCard", "Show the departure card and name it.");
}
