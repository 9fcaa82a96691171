using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
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
            new Guard("O2", SelfReferAsync),
            new Guard("O3", Query),
            new Guard("O8", c => c.Needs("reason", "Give the reason of the cancellation.")),
            new Guard("O9", NoShowAsync),
        ];

    /// <summary>What may be asked back about a referral (O3).</summary>
    public static readonly string[] Items =
    [
        "contact",
        "address",
        "interpreter",
        "slot",
        "indication",
        "history",
        "laterality",
        "safety",
        "exam",
    ];

    /// <summary>Of these, what a clerk may ask: who, when and where.</summary>
    public static readonly string[] Logistics = ["contact", "address", "interpreter", "slot"];

    private static string? Query(GuardContext c) =>
        c.NeedsOneOf("item", Items, "Name the missing item")
        ?? (
            c.Actor.Role is Role.CLK && !Logistics.Contains(c.Text("item"), StringComparer.Ordinal)
                ? "The front desk asks back about logistics only; a radiologist asks about the exam."
                : c.Needs("question", "Write the question.")
        );

    private static async ValueTask<string?> NoShowAsync(GuardContext c, CancellationToken ct)
    {
        if (c.Exam.ScheduledAt is not { } slot || c.At < slot.AddMinutes(30))
        {
            return "A patient is late, not absent, until thirty minutes after the slot.";
        }
        c.Evidence["noShows"] =
            1 + await c.Db.Set<LedgerEntry>().CountAsync(e => e.ExamId == c.Exam.Id && e.Taken && e.Step == "O9", ct);
        return c.Needs("note", "Write what was tried to reach the patient.");
    }

    private static async ValueTask<string?> SelfReferAsync(GuardContext c, CancellationToken ct) =>
        ProtocolBook.Find(c.Text("protocolCode")) is not { SelfReferral: true }
            ? "This exam is not on the site's list of exams without a referral."
            : await PatientAndNumberAsync(c, ct)
                ?? (
                    c.Text("responsibleDoctorId").Length > 0 || c.Text("acceptedByDirector").Length > 0
                        ? null
                        : "Name a responsible doctor, or have the medical director accept the exam."
                )
                ?? Missing(c, "criticalContact", "Name a contact for critical findings after hours.");

    private static async ValueTask<string?> SubmitAsync(GuardContext c, CancellationToken ct)
    {
        // A doctor's electronic record sends for the doctor whom it names.
        var orderer =
            c.Actor.Role is Role.EXTE ? await c.StandingOfAsync(c.Text("responsibleDoctorId"), ct) : c.Standing;
        if (orderer.LicenceRefusal("The referring doctor") is { } unlicensed)
        {
            return unlicensed;
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
        return await PatientAndNumberAsync(c, ct)
            ?? Missing(c, "relationshipBasis", "Say on what the care relationship rests.")
            ?? Missing(c, "indication", "The indication is missing.")
            ?? Missing(c, "history", "The history is missing (write 'none known' if so).")
            ?? Missing(c, "responsibleDoctorId", "Name the one responsible doctor.")
            ?? Missing(c, "criticalContact", "Name a contact for critical findings after hours.");
    }

    private static async ValueTask<string?> PatientAndNumberAsync(GuardContext c, CancellationToken ct)
    {
        if (await PatientAsync(c, c.Text("patientId"), ct) is { } unknown)
        {
            return unknown;
        }
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
        return null;
    }

    /// <summary>The patient must be registered; the ledger keeps the hash of who they were when the step named them.</summary>
    internal static async ValueTask<string?> PatientAsync(GuardContext c, string patientId, CancellationToken ct)
    {
        var patient = await c
            .Db.Set<PatientRecord>()
            .AsNoTracking()
            .FirstOrDefaultAsync(p => p.PatientId == patientId, ct);
        c.Evidence["patientHash"] = patient?.IdentityHash() ?? "";
        return patient is null ? "The patient is not registered: the front desk registers with two identifiers." : null;
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
