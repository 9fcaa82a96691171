namespace Fiducial.Dicom;

/// <summary>Turns big endian numbers into little endian ones, and back.</summary>
internal static class ByteOrder
{
    /// <summary>Reverses each whole number of <paramref name="unit"/> bytes in place.</summary>
    public static void Swap(Span<byte> value, int unit)
    {
        for (var i = 0; unit > 1 && i + unit <= value.Length; i += unit)
        {
            value.Slice(i, unit).Reverse();
        }
    }
}
