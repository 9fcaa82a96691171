using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>Maps the cells of one row to grey levels: through a table of all cells up to 16 bits, one by one beyond.</summary>
internal abstract class GreyRow
{
    /// <param name="cells">The row as it is stored.</param>
    /// <param name="shown">0 to 255.</param>
    /// <returns>How many pixels have the lowest or the highest value that their bits can hold.</returns>
    public abstract int Map(ReadOnlySpan<byte> cells, Span<float> shown);

    public static GreyRow For(ImageDescription image, StoredValues values, GreyMapping mapping) =>
        image.BitsAllocated switch
        {
            8 => new Bytes(Table(256, values, mapping)),
            16 => new Words(Table(65536, values, mapping)),
            _ => new Wide(image.BitsAllocated / 8, values, mapping),
        };

    private static (float Level, bool IsClipped)[] Table(int length, StoredValues values, GreyMapping mapping)
    {
        var table = new (float, bool)[length];
        for (var cell = 0; cell < length; cell++)
        {
            var value = values.Of((ulong)cell);
            table[cell] = (mapping.Map(value), value <= values.Lowest || value >= values.Highest);
        }
        return table;
    }

    private static float[] Levels((float Level, bool IsClipped)[] table) => [.. table.Select(t => t.Level)];

    private static byte[] Clipped((float Level, bool IsClipped)[] table) =>
        [.. table.Select(t => t.IsClipped ? (byte)1 : (byte)0)];

    private sealed class Bytes((float, bool)[] table) : GreyRow
    {
        private readonly float[] _levels = Levels(table);
        private readonly byte[] _clipped = Clipped(table);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override int Map(ReadOnlySpan<byte> cells, Span<float> shown)
        {
            var clipped = 0;
            for (var x = 0; x < shown.Length; x++)
            {
                shown[x] = _levels[cells[x]];
                clipped += _clipped[cells[x]];
            }
            return clipped;
        }
    }

    private sealed class Words((float, bool)[] table) : GreyRow
    {
        private readonly float[] _levels = Levels(table);
        private readonly byte[] _clipped = Clipped(table);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override int Map(ReadOnlySpan<byte> cells, Span<float> shown)
        {
            var words = MemoryMarshal.Cast<byte, ushort>(cells);
            var levels = _levels.AsSpan(0, 65536);
            var isClipped = _clipped.AsSpan(0, 65536);
            var clipped = 0;
            for (var x = 0; x < shown.Length; x++)
            {
                var word = words[x];
                shown[x] = levels[word];
                clipped += isClipped[word];
            }
            return clipped;
        }
    }

    private sealed class Wide(int unit, StoredValues values, GreyMapping mapping) : GreyRow
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override int Map(ReadOnlySpan<byte> cells, Span<float> shown)
        {
            var clipped = 0;
            for (var x = 0; x < shown.Length; x++)
            {
                var value = values.Of(Cell(cells[(x * unit)..], unit));
                shown[x] = mapping.Map(value);
                clipped += value <= values.Lowest || value >= values.Highest ? 1 : 0;
            }
            return clipped;
        }
    }

    /// <summary>One cell of 1, 2, 4 or 8 bytes, little endian.</summary>
    public static ulong Cell(ReadOnlySpan<byte> bytes, int unit) =>
        unit switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        };
}
