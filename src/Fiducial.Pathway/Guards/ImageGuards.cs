using System.Text.Json.Nodes;

namespace Fiducial.Pathway.Guards;

/// <summary>The images: known, unchanged, complete.</summary>
internal static class ImageGuards
{
    public static IEnumerable<IGuard> All =>
        [
            new Guard(
                "I1",
                c => OrderGuards.Missing(c, "association", "The association is not authenticated.") ?? Accession(c)
            ),
            new Guard("I2", c => c.Needs("conflict", "Say what disagrees.")),
            new Guard("I3", c => c.Text("sha256").Length == 64 ? null : "The hash of the image is missing."),
            new Guard("I4", StalledAsync),
            new Guard("I5", Resumed),
            new Guard("I6", Verify),
            new Guard("I7", MatchAsync),
            new Guard("I8", Reject),
            new Guard("I9", c => c.Needs("suspicion", "Say what is suspected: that suffices.")),
            new Guard(
                "I10",
                c =>
                    c.Text("expectedHash").Length == 64 && c.Text("actualHash") != c.Text("expectedHash")
                        ? null
                        : "The hash is that of the receipt: nothing is wrong."
            ),
        ];

    private static string? Accession(GuardContext c) =>
        c.Text("accessionNumber") == c.Exam.AccessionNumber && c.Text("studyInstanceUid").Length > 0
            ? null
            : "The accession number is not that of the order.";

    private static async ValueTask<string?> StalledAsync(GuardContext c, CancellationToken ct)
    {
        if (c.Exam.ManifestCount <= c.Exam.ImageCount)
        {
            return "Every image of the manifest is here.";
        }
        var last = await c.LastAsync(ct, "I3", "I5", "I7", "E5", "E6");
        if (last is not null && c.At < last.At.AddMinutes(15))
        {
            return "Images have arrived within fifteen minutes.";
        }
        c.Evidence["missing"] = c.Exam.ManifestCount - c.Exam.ImageCount;
        return null;
    }

    private static string? Resumed(GuardContext c) =>
        c.Exam.Images is not "verified" || c.Exam.Exam is "in_progress" || c.Text("sopInstanceUid").Length > 0
            ? null
            : "The images are verified: they open again for a recall or for an image that came late.";

    private static async ValueTask<string?> MatchAsync(GuardContext c, CancellationToken ct)
    {
        if (c.Exam.Order is "none")
        {
            return "There is no order to match with: write a retrospective order first.";
        }
        if (c.Evidence["before"] is not JsonObject || c.Evidence["after"] is not JsonObject after)
        {
            return "Record the headers before and after.";
        }
        var changes = (string?)after["patientId"] != c.Exam.PatientId;
        c.Evidence["patientChanges"] = changes ? "true" : "false";
        var second = c.Text("secondPersonId");
        return !c.Says("originalsKept") ? "The original headers must be kept."
            : string.IsNullOrWhiteSpace((string?)after["patientId"])
                ? "Say which patient's images they are; a name alone is not enough."
            : changes && (second.Length == 0 || second == c.Actor.Id)
                ? "A second person must confirm that they are another patient's images."
            : await OrderGuards.PatientAsync(c, (string)after["patientId"]!, ct);
    }

    /// <summary>Why images are rejected for good, with the code of the rejection note (PS3.16 CID 7011).</summary>
    private static readonly string[] Rejections = ["113037", "113038", "113001", "113039"];

    private static string? Reject(GuardContext c) =>
        c.Exam.LegalHold
            ? "A legal hold stands on the case: nothing of it is discarded."
            : c.NeedsOneOf("proven", ["not a patient image", "wrong patient"], "Say what is proven")
                ?? c.NeedsOneOf("rejectionNote", Rejections, "Name the code of the rejection note")
                ?? c.Needs("retentionRule", "Name the rule by which they are kept or removed.");

    private static string? Verify(GuardContext c)
    {
        var manifest = Count(c, "manifestCount");
        var stored = Count(c, "storedCount");
        if (manifest is null || manifest != stored || stored != c.Exam.ImageCount)
        {
            return $"The count is not that of the manifest: {stored} stored, {c.Exam.ImageCount} recorded, {manifest} due.";
        }
        return !c.Says("hashesEqual") ? "The hash of an image differs from the hash at its receipt."
            : !c.Says("twoCopies") ? "There are not two copies of every image."
            : !c.Says("lossless") ? "An image is in a lossy transfer syntax: the full data are needed."
            : OrderGuards.Missing(c, "storageCommitment", "Storage commitment is not answered.");
    }

    private static int? Count(GuardContext c, string key) =>
        c.Evidence[key] is JsonValue v && v.TryGetValue<int>(out var n) ? n : null;
}
