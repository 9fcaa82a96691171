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
            new Guard("I2", c => OrderGuards.Missing(c, "conflict", "Say what disagrees.")),
            new Guard("I3", c => c.Text("sha256").Length == 64 ? null : "The hash of the image is missing."),
            new Guard("I6", Verify),
        ];

    private static string? Accession(GuardContext c) =>
        c.Text("accessionNumber") == c.Exam.AccessionNumber && c.Text("studyInstanceUid").Length > 0
            ? null
            : "The accession number is not that of the order.";

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
