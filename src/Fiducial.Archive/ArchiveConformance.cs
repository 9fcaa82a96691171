using Fiducial.Archive.Codecs;
using Fiducial.Archive.Web;
using Fiducial.Dicom;

namespace Fiducial.Archive;

/// <summary>An attribute that C-FIND and QIDO-RS can search for, and the way in which it is compared.</summary>
/// <param name="Tag">Of the attribute.</param>
/// <param name="Level">STUDY, SERIES or IMAGE: the lowest level at which it is a key.</param>
/// <param name="Matching">In the words of PS3.4 C.2.2.2.</param>
/// <param name="Sequence">In whose items it is, when it is in some.</param>
public sealed record SearchableAttribute(DicomTag Tag, string Level, string Matching, DicomTag? Sequence);

/// <summary>What the conformance statement says of the archive, read from what the archive runs on.</summary>
public static class ArchiveConformance
{
    public static IReadOnlyList<SearchableAttribute> SearchableAttributes { get; } =
    [
        .. QueryAttribute.All.Select(a => new SearchableAttribute(
            a.Tag,
            LevelOf(a.Level),
            WordsOf(a.Matching),
            a.Sequence
        )),
    ];

    /// <summary>Can frames of this syntax be drawn and handed out decoded? Others are stored and handed out as they came.</summary>
    public static bool Decodes(TransferSyntax syntax) => !syntax.IsEncapsulated || FrameDecoder.Knows(syntax);

    private static string LevelOf(QueryLevel level) =>
        level switch
        {
            QueryLevel.Study => "STUDY",
            QueryLevel.Series => "SERIES",
            _ => "IMAGE",
        };

    private static string WordsOf(Matching matching) =>
        matching switch
        {
            Matching.Text => "single value, wild card, universal",
            Matching.Name => "single value, wild card, universal; without regard to case",
            Matching.Range => "single value, range, universal",
            Matching.Uid => "single value, list of UID, universal",
            Matching.Listed => "sequence: single value, wild card, universal",
            _ => "single value, universal",
        };
}
