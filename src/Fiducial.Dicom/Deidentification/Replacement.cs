using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fiducial.Dicom.Deidentification;

/// <summary>What stands in the place of UIDs, dates and values that may not be empty. The same key gives the same.</summary>
internal sealed class Replacement(ReadOnlyMemory<byte> key, string patientId)
{
    private const int LongestShift = 3650;
    private readonly int _days = 1 + (int)(BitConverter.ToUInt32(Hash("dates", patientId, key)) % LongestShift);

    /// <summary>A new UID for each UID; those of the standard itself identify nobody and stay.</summary>
    public string Uid(string uid) =>
        uid.Length == 0 || uid.StartsWith("1.2.840.10008.", StringComparison.Ordinal)
            ? uid
            : DicomUidFactory.FromGuid(new Guid(Hash("uid", uid, key).AsSpan(0, 16), bigEndian: true));

    /// <summary>The date of a DA or DT moved back; null when it is none.</summary>
    public string? Shifted(string value)
    {
        var digits =
            value.Length >= 10 && value[4] == '.' && value[7] == '.' ? value[..4] + value[5..7] + value[8..] : value;
        return
            digits.Length >= 8
            && DateOnly.TryParseExact(
                digits[..8],
                "yyyyMMdd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            )
            && date.DayNumber > _days
            ? date.AddDays(-_days).ToString("yyyyMMdd", CultureInfo.InvariantCulture) + digits[8..]
            : null;
    }

    /// <summary>A value that says nothing, for attributes that may not be empty.</summary>
    public static byte[] Dummy(DicomVR vr) =>
        vr switch
        {
            DicomVR.PN => "ANONYMOUS"u8.ToArray(),
            DicomVR.DA => "19000101"u8.ToArray(),
            DicomVR.DT => "19000101000000"u8.ToArray(),
            DicomVR.TM => "000000"u8.ToArray(),
            DicomVR.AS => "000Y"u8.ToArray(),
            DicomVR.DS or DicomVR.IS => "0"u8.ToArray(),
            _ when DicomVRs.IsCharacterSetText(vr) || DicomVRs.IsPlainText(vr) => "REMOVED"u8.ToArray(),
            _ => new byte[Math.Max(2, vr is DicomVR.AT ? 4 : DicomVRs.UnitOf(vr))],
        };

    private static byte[] Hash(string purpose, string text, ReadOnlyMemory<byte> key) =>
        HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(purpose + '\0' + text));
}
