namespace Fiducial.Dicom;

/// <summary>How a data set is encoded (PS3.5 10, annex A).</summary>
public sealed record TransferSyntax
{
    public required string Uid { get; init; }
    public required bool IsExplicitVR { get; init; }
    public required bool IsBigEndian { get; init; }

    /// <summary>Pixel data are a sequence of fragments (PS3.5 A.4).</summary>
    public required bool IsEncapsulated { get; init; }
    public required bool IsDeflated { get; init; }

    /// <summary>True when the stored values are those that were acquired.</summary>
    public required bool IsLossless { get; init; }

    /// <summary>True when the standard names it, or it is one of the private ones that are known here.</summary>
    public bool IsKnown => Uid is "1.2.840.113619.5.2" || DicomUids.NameOf(Uid) != Uid;

    public string Name => DicomUids.NameOf(Uid);

    public static TransferSyntax ImplicitVRLittleEndian { get; } = Of(DicomUids.ImplicitVRLittleEndian);
    public static TransferSyntax ExplicitVRLittleEndian { get; } = Of(DicomUids.ExplicitVRLittleEndian);
    public static TransferSyntax ExplicitVRBigEndian { get; } = Of("1.2.840.10008.1.2.2");
    public static TransferSyntax DeflatedExplicitVRLittleEndian { get; } = Of("1.2.840.10008.1.2.1.99");
    public static TransferSyntax RLELossless { get; } = Of("1.2.840.10008.1.2.5");

    /// <summary>The syntax of this UID; one that is not known is explicit little endian and encapsulated, as all new ones are.</summary>
    public static TransferSyntax Of(string uid) =>
        new()
        {
            Uid = uid,
            IsExplicitVR = uid is not ("1.2.840.10008.1.2" or "1.2.840.113619.5.2"),
            IsBigEndian = uid is "1.2.840.10008.1.2.2",
            IsDeflated = uid is "1.2.840.10008.1.2.1.99" or "1.2.840.10008.1.2.4.95",
            IsEncapsulated =
                uid
                    is not (
                        "1.2.840.10008.1.2"
                        or "1.2.840.10008.1.2.1"
                        or "1.2.840.10008.1.2.1.99"
                        or "1.2.840.10008.1.2.2"
                        or "1.2.840.113619.5.2"
                    ),
            IsLossless = IsLosslessSyntax(uid),
        };

    private static bool IsLosslessSyntax(string uid) =>
        uid
            is "1.2.840.10008.1.2"
                or "1.2.840.10008.1.2.1"
                or "1.2.840.10008.1.2.1.98"
                or "1.2.840.10008.1.2.1.99"
                or "1.2.840.10008.1.2.2"
                or "1.2.840.113619.5.2"
                or "1.2.840.10008.1.2.4.57"
                or "1.2.840.10008.1.2.4.70"
                or "1.2.840.10008.1.2.4.80"
                or "1.2.840.10008.1.2.4.90"
                or "1.2.840.10008.1.2.4.92"
                or "1.2.840.10008.1.2.4.110"
                or "1.2.840.10008.1.2.4.201"
                or "1.2.840.10008.1.2.4.202"
                or "1.2.840.10008.1.2.5"
                or "1.2.840.10008.1.2.8.1";
}
