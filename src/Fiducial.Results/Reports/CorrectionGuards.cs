using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;
using Fiducial.Results.Release;

namespace Fiducial.Results.Reports;

/// <summary>A signed report is never edited: it is added to, or withdrawn, and everyone who read it is told.</summary>
internal static class CorrectionGuards
{
    public static readonly string[] AddendumReasons =
    [
        "typo",
        "added info",
        "missed finding",
        "wrong side",
        "wrong patient",
    ];

    /// <summary>Reasons that always change what the doctor must do.</summary>
    private static readonly string[] Material = ["missed finding", "wrong side", "wrong patient"];

    public static readonly string[] WithdrawalReasons = ["wrong patient", "wrong exam", "serious error"];

    public static IEnumerable<IGuard> Of(ReleasePolicy policy) =>
        [
            new Guard("R8", Start),
            new Guard("R9", (c, ct) => SignAsync(c, policy, ct)),
            new Guard("R10", Withdraw),
            new Guard("R11", RelistAsync),
            new Guard("R12", c => c.Needs("reason", "Say why the addendum is not needed.")),
        ];

    private static string? Start(GuardContext c)
    {
        c.Evidence["version"] = c.Exam.ReportVersion;
        return ReportGuards.Privilege(c) ?? c.NeedsOneOf("reason", AddendumReasons, "Choose the reason");
    }

    private static async ValueTask<string?> SignAsync(GuardContext c, ReleasePolicy policy, CancellationToken ct)
    {
        var started = await c.LastAsync(ct, "R8");
        var reason = started?.Said("reason") ?? "";
        if ((ReportGuards.Privilege(c) ?? ReportGuards.Claimed(c)) is { } refusal)
        {
            return refusal;
        }
        if (c.Text("materiality") is not ("administrative" or "material"))
        {
            return "Say whether the change is administrative or material.";
        }
        if (c.Text("materiality") is "administrative" && Material.Contains(reason, StringComparer.Ordinal))
        {
            return $"A change for the reason '{reason}' is material.";
        }
        // U12: a material change is at least of category 2.
        if (c.Text("materiality") is "material" && c.Text("alertCategory") is not ("1" or "2"))
        {
            return "A material change is called: choose category 1 or 2.";
        }
        if (c.Text("reportHash") == c.Exam.ReportHash)
        {
            return "The addendum changes nothing.";
        }
        return await ReportGuards.WordsAsync(c, policy, ct)
            ?? (c.Says("secondFactor") ? null : ReportGuards.MissingFactor);
    }

    private static string? Withdraw(GuardContext c)
    {
        c.Evidence["version"] = c.Exam.ReportVersion;
        return c.NeedsOneOf("reason", WithdrawalReasons, "Choose the reason")
            ?? c.NeedsWords("notice", "Write what everyone who read it must know.");
    }

    // Of a wrong patient's report the images must have been verified again since.
    private static async ValueTask<string?> RelistAsync(GuardContext c, CancellationToken ct)
    {
        var withdrawn = await c.LastAsync(ct, "R10");
        var verified = await c.LastAsync(ct, "I6");
        return withdrawn?.Said("reason") is "wrong patient" && verified?.Sequence < withdrawn.Sequence
            ? "The images are not verified again for the right patient."
            : null;
    }
}
