using System.Buffers.Binary;

namespace Fiducial.Dicom;

/// <summary>Numbers and tags in the byte order of a data set (PS3.5 7.3).</summary>
internal static class Bytes
{
    public static ushort UInt16(ReadOnlySpan<byte> b, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(b) : BinaryPrimitives.ReadUInt16LittleEndian(b);

    public static uint UInt32(ReadOnlySpan<byte> b, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(b) : BinaryPrimitives.ReadUInt32LittleEndian(b);

    public static DicomTag Tag(ReadOnlySpan<byte> b, bool isBigEndian) =>
        new(UInt16(b, isBigEndian), UInt16(b[2..], isBigEndian));

    /// <summary>Reverses each whole number of <paramref name="unit"/> bytes in place.</summary>
    public static void Swap(Span<byte> value, int unit)
    {
        for (var i = 0; unit > 1 && i + unit <= value.Length; i += unit)
        {
            value.Slice(i, unit).Reverse();
        }
    }
}
