using Fiducial.Pathway.Patients;
using Fiducial.Pathway.Protocols;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Guards;

/// <summary>The order: what a referral needs before it is a referral, and before the exam can be booked.</summary>
internal static class OrderGuards
{
    /// <summary>Safety questions that must be answered "no" for a protocol without a radiologist (O6).</summary>
    public static readonly string[] SafetyQuestions = ["implant", "pregnancy", "renal", "allergy"];

    public static IEnumerable<IGuard> All =>
        [
            new Guard("O1", SubmitAsync),
            new Guard(
                "O5",
                c => Safety(c, mustBeClear: false) ?? Missing(c, "appropriateness", "Say why the exam is appropriate.")
            ),
            new Guard("O6", c => AutoList(c) ?? Safety(c, mustBeClear: true)),
            new Guard("O7", Schedule),
            new Guard(
                "O8",
                c =>
                    c.Exam.Exam is "none"
                        ? Missing(c, "reason", "Give the reason of the cancellation.")
                        : "The exam has begun: it can be stopped (E6), not cancelled."
            ),
        ];

    private static async ValueTask<string?> SubmitAsync(GuardContext c, CancellationToken ct)
    {
        if (!c.Actor.LicenceActive)
        {
            return "The referring doctor's licence is not active.";
        }
        var protocol = ProtocolBook.Find(c.Text("protocolCode"));
        if (protocol is null)
        {
            return $"The exam '{c.Text("protocolCode")}' is not in the protocol book.";
        }
        if (protocol.Paired && c.Text("laterality") is not ("L" or "R" or "B"))
        {
            return "The part is paired: name the side (L, R or B).";
        }
        var id = c.Text("patientId");
        if (
            await c.Db.Set<PatientRecord>().AsNoTracking().FirstOrDefaultAsync(p => p.PatientId == id, ct)
            is not { } patient
        )
        {
            return "The patient is not registered: the front desk registers with two identifiers.";
        }
        c.Evidence["patientHash"] = patient.IdentityHash();
        var accession = c.Text("accessionNumber");
        // PS3.5 6.2 SH, and what a query would take for a wildcard.
        if (
            accession.Length is 0 or > 16
            || accession.AsSpan().IndexOfAny("\\*?") >= 0
            || await c.Db.Set<Exams.ExamRecord>().AnyAsync(e => e.AccessionNumber == accession && e.Id != c.Exam.Id, ct)
        )
        {
            return "The accession number must be new and have 1 to 16 characters, none of them \\, * or ?.";
        }
        return Missing(c, "relationshipBasis", "Say on what the care relationship rests.")
            ?? Missing(c, "indication", "The indication is missing.")
            ?? Missing(c, "history", "The history is missing (write 'none known' if so).")
            ?? Missing(c, "responsibleDoctorId", "Name the one responsible doctor.")
            ?? Missing(c, "criticalContact", "Name a contact for critical findings after hours.")
            ?? Missing(c, "releaseElection", "Ask the patient how the result shall be released.");
    }

    private static string? AutoList(GuardContext c) =>
        ProtocolBook.Find(c.Exam.ProtocolCode) is { AutoProtocol: true }
            ? null
            : "This exam is not in the signed list of exams without a radiologist's protocol.";

    private static string? Safety(GuardContext c, bool mustBeClear)
    {
        foreach (var question in SafetyQuestions)
        {
            var answer = c.Text(question);
            if (answer.Length == 0)
            {
                return $"The safety question '{question}' is not answered.";
            }
            if (mustBeClear && answer is not "no")
            {
                return $"The safety question '{question}' is not clear: a radiologist protocols this exam.";
            }
        }
        return null;
    }

    private static string? Schedule(GuardContext c) =>
        !DateTimeOffset.TryParse(c.Text("slot"), System.Globalization.CultureInfo.InvariantCulture, out _)
            ? "Give the date and time of the slot."
            : Missing(c, "room", "Name the room.")
                ?? Missing(c, "leaflet", "Say which preparation leaflet the patient got.")
                ?? Missing(c, "accessNeeds", "Ask for interpreter and access needs (write 'none' if so).");

    internal static string? Missing(GuardContext c, string key, string sentence) =>
        string.IsNullOrWhiteSpace(c.Text(key)) ? sentence : null;
}
