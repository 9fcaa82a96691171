using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>How the cells of a grey image become stored values: which bits count, and whether they are signed (PS3.5 8.1.1).</summary>
internal sealed class StoredValues
{
    private readonly int _shift;
    private readonly ulong _mask;
    private readonly ulong _sign;

    public StoredValues(ImageDescription image)
    {
        // Overlays may stand in the bits beside (PS3.5 8.1.2).
        var highBit =
            image.HighBit < image.BitsStored - 1 || image.HighBit >= image.BitsAllocated
                ? image.BitsStored - 1
                : image.HighBit;
        _shift = highBit + 1 - image.BitsStored;
        _mask = image.BitsStored == 64 ? ulong.MaxValue : (1UL << image.BitsStored) - 1;
        _sign = image.IsSigned ? 1UL << (image.BitsStored - 1) : 0;
        Lowest = image.IsSigned ? -(double)_sign : 0;
        Highest = image.IsSigned ? (double)_sign - 1 : (double)_mask;
    }

    public double Lowest { get; }
    public double Highest { get; }

    public double Of(ulong cell)
    {
        var bits = (cell >> _shift) & _mask;
        return (bits & _sign) != 0 ? (double)bits - (double)_mask - 1 : bits;
    }
}
