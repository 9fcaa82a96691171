using Fiducial.Pathway.Law;

namespace Fiducial.Pathway.Guards;

/// <summary>A technologist asks a reader to look now, without a word of why; the answer is one of five instructions.</summary>
internal static class ConcernGuards
{
    /// <summary>All that a technologist is ever told (pathway 6.4).</summary>
    public static readonly string[] Instructions =
    [
        "continue",
        "extra view",
        "keep supervised",
        "doctor will attend",
        "may depart",
    ];

    public static IEnumerable<IGuard> All =>
        [
            new Guard("N1", LookNow),
            new Guard("N2", c => c.Says("opensFullImages") ? null : "Open the full images: a preview is not enough."),
            new Guard("N3", Resolve),
            new Guard("N4", NoReaderAsync),
        ];

    private static string? LookNow(GuardContext c) =>
        c.Exam.TechnologistId != c.Actor.Id ? "Ask for a look at the exam that you are doing."
        : c.Evidence.Count > 0 || c.Words.Count > 0 ? "The request has no words: a reader looks at the images."
        : null;

    private static string? Resolve(GuardContext c) =>
        c.NeedsOneOf("instruction", Instructions, "Give one of the instructions")
        ?? (
            c.Says("waiveImages") && c.Text("instruction") is not "may depart"
                ? "Images are waived only with the instruction that the patient may depart."
            : c.Evidence.Any(e => e.Key is not ("instruction" or "waiveImages"))
                ? "The technologist gets the instruction and nothing else."
            : null
        );

    private static async ValueTask<string?> NoReaderAsync(GuardContext c, CancellationToken ct)
    {
        var raised = await c.LastAsync(ct, "N1");
        if (raised is null || c.At < raised.At.AddMinutes(20))
        {
            return "A reader, then the director, have ten minutes each.";
        }
        if (c.Actor.Role is Role.SYS)
        {
            c.Evidence["plan"] = "site plan: call the emergency services";
        }
        return c.Needs("plan", "Say which step of the site's emergency plan was taken.");
    }
}
