using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fiducial.Archive.Index;

/// <summary>
/// The address of an object that names no study or no series: derived from its SOP Instance UID, so that it is the same each time
/// (PS3.5 B.2, a UUID of version 8 by RFC 9562). It stands in the index and in addresses, never in the object.
/// </summary>
internal static class StandInUid
{
    public static string OfStudy(string sopInstanceUid) => Of("study", sopInstanceUid);

    public static string OfSeries(string sopInstanceUid) => Of("series", sopInstanceUid);

    /// <summary>Of the note by which the house tells of a decision.</summary>
    public static string OfRejectionNote(string decision) => Of("rejection", decision);

    private static string Of(string level, string sopInstanceUid)
    {
        var uuid = SHA256.HashData(Encoding.ASCII.GetBytes($"{level}:{sopInstanceUid}")).AsSpan(0, 16);
        uuid[6] = (byte)((uuid[6] & 0x0F) | 0x80);
        uuid[8] = (byte)((uuid[8] & 0x3F) | 0x80);
        return "2.25." + BinaryPrimitives.ReadUInt128BigEndian(uuid).ToString(CultureInfo.InvariantCulture);
    }
}
