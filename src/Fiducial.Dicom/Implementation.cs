using System.Globalization;
using System.Numerics;

namespace Fiducial.Dicom;

/// <summary>Who wrote a file or opened an association (PS3.7 D.3.3.2): constant for all of Fiducial.</summary>
public static class Implementation
{
    public const string ClassUid = "2.25.218923741095472398117234509123874651";
    public const string VersionName = "FIDUCIAL_0_1";
}

/// <summary>Makes UIDs.</summary>
public static class DicomUidFactory
{
    /// <summary>A new UID below 2.25, from a random UUID (PS3.5 B.2).</summary>
    public static string New() => FromGuid(Guid.NewGuid());

    /// <summary>The UID of a UUID: always the same for the same.</summary>
    public static string FromGuid(Guid id) =>
        "2.25."
        + new BigInteger(id.ToByteArray(bigEndian: true), isUnsigned: true, isBigEndian: true).ToString(
            CultureInfo.InvariantCulture
        );
}
