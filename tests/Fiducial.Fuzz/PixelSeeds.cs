using Fiducial.Dicom;

namespace Fiducial.Fuzz;

internal static class PixelSeeds
{
    /// <summary>4 x 4 pixels of 8 and 16 bits and in colour (PS3.5 annex G), behind the eight bytes that say so.</summary>
    public static IEnumerable<byte[]> RunLengths()
    {
        byte[] run = [0xF1, 7];
        byte[] literal = [15, .. Enumerable.Range(0, 16).Select(i => (byte)i)];
        yield return [3, 0, 3, 0, 0, 0, 0, 0, .. Frame(run)];
        yield return [3, 0, 3, 0, 0, 1, 0, 0, .. Frame(run, literal)];
        yield return [3, 0, 3, 0, 1, 0, 1, 1, .. Frame(literal, run, [0x80, 0xF1, 1])];
        yield return [0xFF, 0x0F, 0xFF, 0x0F, 0, 0, 0, 0, .. Frame(run)];
    }

    /// <summary>The first markers of JPEG, JPEG-LS, JPEG 2000 with a coding style, and of one in its boxes.</summary>
    public static IEnumerable<byte[]> Codestreams()
    {
        byte[] size = [0, 0, 0, 0, 0, 6, 0, 0, 0, 8, .. new byte[8], 0, 0, 0, 6, 0, 0, 0, 8, .. new byte[8]];
        byte[] code =
        [
            .. (byte[])[0xFF, 0x4F, 0xFF, 0x51, 0, 47],
            .. size,
            .. (byte[])[0, 3, 7, 1, 1, 7, 2, 2, 0x8F, 1, 1],
            .. (byte[])[0xFF, 0x52, 0, 12, 0, 0, 0, 1, 1, 5, 4, 4, 0, 1, 0xFF, 0x90],
        ];
        yield return code;
        yield return [0, 0, 0, 12, .. "jP  "u8, 13, 10, 0x87, 10, .. code];
        yield return [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC3, 0, 11, 16, 0, 8, 0, 6, 1, 1, 0x11, 0];
        yield return [0xFF, 0xD8, 0xFF, 0xF7, 0, 17, 8, 0, 8, 0, 6, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
    }

    /// <summary>Two frames in five fragments, found by a basic table, by an extended one, and by their beginnings.</summary>
    public static IEnumerable<byte[]> Fragments()
    {
        byte[][] fragments =
        [
            [0xFF, 0xD8, 0xFF, 0xE0],
            [1, 2],
            [0xFF, 0xD8, 0xFF, 0xE0],
            [3, 4],
            [5, 6],
        ];
        byte[] basic = [0, 0, 0, 0, 22, 0, 0, 0];
        byte[] extended = [0, 0, 0, 0, 0, 0, 0, 0, 22, 0, 0, 0, 0, 0, 0, 0];
        foreach (var (table, far) in new[] { (basic, null), ([], extended), (Array.Empty<byte>(), (byte[]?)null) })
        {
            var set = new DicomDataSet()
                .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
                .Set(DicomTags.SOPInstanceUID, "1.2.3")
                .Set(DicomTags.Rows, 2)
                .Set(DicomTags.Columns, 2)
                .Set(DicomTags.BitsAllocated, 8)
                .Set(DicomTags.NumberOfFrames, 2);
            if (far is not null)
            {
                set.SetBytes(DicomTags.ExtendedOffsetTable, DicomVR.OV, far);
                set.SetBytes(DicomTags.ExtendedOffsetTableLengths, DicomVR.OV, far);
            }
            set.Add(
                new DicomElement
                {
                    Tag = DicomTags.PixelData,
                    VR = DicomVR.OB,
                    OffsetTable = table,
                    LoadedFragments = [.. fragments.Select(f => (ReadOnlyMemory<byte>)f)],
                }
            );
            using var file = new MemoryStream();
            DicomFile.Write(file, set, TransferSyntax.Of("1.2.840.10008.1.2.4.50"));
            yield return file.ToArray();
        }
    }

    /// <summary>Choices are made by numbers: any are good to begin with.</summary>
    public static IEnumerable<byte[]> Choices()
    {
        var random = new Random(1);
        for (var i = 0; i < 64; i++)
        {
            var bytes = new byte[64 + 64 * i];
            random.NextBytes(bytes);
            yield return bytes;
        }
    }

    private static byte[] Frame(params byte[][] segments)
    {
        var header = new byte[64];
        BitConverter.TryWriteBytes(header, segments.Length);
        var at = 64;
        for (var i = 0; i < segments.Length; i++)
        {
            BitConverter.TryWriteBytes(header.AsSpan(4 + 4 * i), at);
            at += segments[i].Length;
        }
        return [.. header, .. segments.SelectMany(s => s)];
    }
}
