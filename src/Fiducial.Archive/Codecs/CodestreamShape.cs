using System.Buffers.Binary;

namespace Fiducial.Archive.Codecs;

/// <summary>
/// What a JPEG, JPEG-LS or JPEG 2000 codestream says of itself in its first markers. The data set around it says the same a second
/// time; where the two differ, the codec would draw a picture that is none.
/// </summary>
/// <param name="Precision">Bits of a sample; of the component with the most.</param>
/// <param name="IsSubsampled">True when a JPEG 2000 component has fewer samples than the image has pixels.</param>
/// <param name="IsTransformed">True when the components of a JPEG 2000 are transformed together (T.800 A.6.1).</param>
internal readonly record struct CodestreamShape(
    int Rows,
    int Columns,
    int Components,
    int Precision,
    bool IsSubsampled,
    bool IsTransformed
)
{
    /// <summary>The shape of a codestream; null when it has no such markers, which its codec says better.</summary>
    public static CodestreamShape? Of(ReadOnlySpan<byte> code) =>
        code.Length < 4 ? null
        : code[..4].SequenceEqual<byte>([0xFF, 0x4F, 0xFF, 0x51]) ? OfJpeg2000(code)
        : code is [0xFF, 0xD8, ..] ? OfJpeg(code)
        : IsJp2(code) && code.IndexOf<byte>([0xFF, 0x4F, 0xFF, 0x51]) is > 0 and var at ? OfJpeg2000(code[at..])
        : null;

    // T.800 I.5.1: a file around the codestream, which DICOM does not allow and devices send.
    private static bool IsJp2(ReadOnlySpan<byte> code) => code.Length > 12 && code.Slice(4, 4).SequenceEqual("jP  "u8);

    // T.800 A.5.1: SIZ is the first marker; COD (A.6.1) follows in the main header, which ends with SOT.
    private static CodestreamShape? OfJpeg2000(ReadOnlySpan<byte> code)
    {
        const int fixedPart = 42;
        if (code.Length < fixedPart)
        {
            return null;
        }
        var columns = (long)U32(code, 8) - U32(code, 16);
        var rows = (long)U32(code, 12) - U32(code, 20);
        int components = U16(code, 40);
        if (
            code.Length < fixedPart + 3 * components
            || columns is <= 0 or > int.MaxValue
            || rows is <= 0 or > int.MaxValue
        )
        {
            return null;
        }
        var (precision, subsampled) = (0, false);
        for (var at = fixedPart; at < fixedPart + 3 * components; at += 3)
        {
            precision = Math.Max(precision, (code[at] & 0x7F) + 1);
            subsampled |= code[at + 1] != 1 || code[at + 2] != 1;
        }
        return new((int)rows, (int)columns, components, precision, subsampled, IsTransformedIn(code));
    }

    private static bool IsTransformedIn(ReadOnlySpan<byte> code)
    {
        for (var at = 2; at + 4 <= code.Length && code[at] == 0xFF && code[at + 1] != 0x90; at += 2 + U16(code, at + 2))
        {
            if (code[at + 1] == 0x52)
            {
                return at + 9 <= code.Length && code[at + 8] != 0;
            }
        }
        return false;
    }

    // T.81 B.2.2, T.87 C.2.2: a frame header is any SOFn or SOF55.
    private static CodestreamShape? OfJpeg(ReadOnlySpan<byte> code)
    {
        for (var at = 2; at + 10 <= code.Length && code[at] == 0xFF; )
        {
            var marker = code[at + 1];
            if (marker == 0xFF)
            {
                at++; // fill bytes (T.81 B.1.1.2)
                continue;
            }
            if (marker is 0xF7 or (>= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC)))
            {
                return new(U16(code, at + 5), U16(code, at + 7), code[at + 9], code[at + 4], false, false);
            }
            if (marker is 0xDA or 0xD9)
            {
                return null;
            }
            at += 2 + U16(code, at + 2);
        }
        return null;
    }

    private static int U16(ReadOnlySpan<byte> code, int at) => BinaryPrimitives.ReadUInt16BigEndian(code[at..]);

    private static uint U32(ReadOnlySpan<byte> code, int at) => BinaryPrimitives.ReadUInt32BigEndian(code[at..]);
}
