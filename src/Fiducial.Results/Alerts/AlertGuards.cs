using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Results.Alerts;

/// <summary>A critical finding: one doctor calls another, and the message is read back; until then it climbs.</summary>
internal static class AlertGuards
{
    private static readonly string[] Codes = ["critical", "urgent", "significant", "cancer"];
    private static readonly string[] Doctors = ["REF", "COV", "MDR", "RAD", "doctor"];

    public static IEnumerable<IGuard> All =>
        [
            new Guard("A1", Raise),
            new Guard("A2", CallAsync),
            new Guard("A3", ReadBackAsync),
            new Guard("A4", ExhaustedAsync),
            new Guard("A5", DirectPatient),
            new Guard("A6", ReadBackAsync),
            new Guard("A7", c => c.NeedsWords("reason", "Write why the alert is stood down.")),
            new Guard("A8", AcknowledgeAsync),
            new Guard("A9", Raise),
        ];

    /// <summary>The category with which the alert was last raised: 1, 2 or 3.</summary>
    private static async Task<string> CategoryAsync(GuardContext c, CancellationToken ct) =>
        (await c.LastAsync(ct, "A1", "A9"))?.Said("category") ?? "";

    private static string? Raise(GuardContext c) =>
        c.NeedsOneOf("category", ["1", "2", "3"], "Choose the category")
        ?? c.NeedsOneOf("code", Codes, "Choose the code")
        ?? (
            c.Instant("recognisedAt") is { } recognised && recognised <= c.At
                ? null
                : "Say when the finding was recognised."
        );

    private static async ValueTask<string?> CallAsync(GuardContext c, CancellationToken ct)
    {
        var last = await c.LastAsync(ct, "A2");
        var raised = await c.LastAsync(ct, "A1", "A9");
        c.Evidence["category"] = await CategoryAsync(c, ct);
        // The first call goes to the doctor who is responsible; whoever is called next, the chain is recorded.
        return last is null || last.Sequence < raised?.Sequence
            ? c.Text("target") == c.Exam.CriticalContact
                ? null
                : "The first call goes to the critical contact of the referral."
            : c.Needs("target", "Name whom you called.");
    }

    private static async ValueTask<string?> ReadBackAsync(GuardContext c, CancellationToken ct)
    {
        var category = await CategoryAsync(c, ct);
        var isDoctor = Doctors.Contains(c.Text("personRole"), StringComparer.Ordinal);
        return !isDoctor && !(category is "2" or "3" && c.Text("personRole") is "nurse on the site's list")
            ? "The message goes to a doctor; categories 2 and 3 also to a nurse on the site's list."
            : c.Needs("person", "Name who took the message.")
                ?? c.Needs("contact", "Name the number or the place.")
                ?? (c.Instant("saidAt") is { } said && said <= c.At ? null : "Say when the message was given.")
                ?? c.NeedsWords("message", "Write the message.")
                ?? (
                    Same(c.Word("message"), c.Word("readBack"))
                        ? null
                        : "What was read back is not the message: say it again."
                );
    }

    private static bool Same(string message, string readBack) => Plain(message) == Plain(readBack);

    private static string Plain(string text) =>
        string.Join(
            ' ',
            text.ToUpperInvariant()
                .Split((char[])[' ', '\n', '\t', ',', '.', ';', ':'], StringSplitOptions.RemoveEmptyEntries)
        );

    private static async ValueTask<string?> ExhaustedAsync(GuardContext c, CancellationToken ct)
    {
        var raised = await c.LastAsync(ct, "A1", "A9");
        if (raised is null)
        {
            return "No alert was raised.";
        }
        var until = raised.Said("category") switch
        {
            "1" => raised.At.AddMinutes(60),
            "2" => raised.At.AddHours(3),
            _ => c.Calendar.CloseAfter(raised.At, 5),
        };
        return c.At < until ? "The chain of calls still has time." : null;
    }

    private static string? DirectPatient(GuardContext c) =>
        c.NeedsOneOf(
            "done",
            ["physician spoke with the patient", "patient sent to emergency care"],
            "Say what was done"
        ) ?? (c.Says("holderTold") ? null : "The responsible doctor must be told.");

    private static async ValueTask<string?> AcknowledgeAsync(GuardContext c, CancellationToken ct) =>
        await CategoryAsync(c, ct) is not "3" ? "Categories 1 and 2 are read back by voice."
        : c.Exam.HolderId != c.Actor.Id ? "Another doctor holds the duty for this patient's result."
        : c.Text("viewedHash") != c.Exam.ReportHash
            ? "The report itself must have been displayed, in its current version."
        : null;
}
