using System.Buffers.Binary;

namespace Fiducial.Dicom;

/// <summary>Where the pixel data of a file stand, and which of their bytes are which frame.</summary>
public sealed class PixelDataLocation
{
    /// <summary>Native pixel data: place and length in the file. A small value that was loaded is given as such.</summary>
    public ValueLocation? Native { get; private init; }
    public ReadOnlyMemory<byte> Loaded { get; private init; }

    /// <summary>Encapsulated pixel data: the fragments, without the offset table; null for native ones.</summary>
    public IReadOnlyList<ValueLocation>? Fragments { get; private init; }

    /// <summary>Byte offsets of the frames, counted from the first fragment's item tag; empty when the table is.</summary>
    public required IReadOnlyList<ulong> OffsetTable { get; init; }

    public bool IsEncapsulated => Fragments is not null;

    internal static PixelDataLocation? Of(DicomDataSet dataSet)
    {
        if (dataSet.Find(DicomTags.PixelData) is not { } element)
        {
            return null;
        }
        return new PixelDataLocation
        {
            Native = element.Location,
            Loaded = element.Value,
            Fragments = element.Fragments,
            OffsetTable = Table(dataSet, element),
        };
    }

    /// <summary>
    /// The fragments of each frame (PS3.5 A.4): by the offset table, else one for one, else all for the one frame, else by the
    /// start markers of the codecs.
    /// </summary>
    /// <param name="startsFrame">Tells whether a fragment begins a codestream; asked only when nothing else says.</param>
    /// <exception cref="DicomFormatException">The fragments cannot be told apart.</exception>
    public IReadOnlyList<IReadOnlyList<ValueLocation>> Frames(int numberOfFrames, Func<ValueLocation, bool> startsFrame)
    {
        var fragments = Fragments ?? throw new InvalidOperationException("Native pixel data have no fragments.");
        if (fragments.Count < numberOfFrames)
        {
            throw new DicomFormatException($"{fragments.Count} fragments are fewer than {numberOfFrames} frames.", 0);
        }
        if (numberOfFrames == 1)
        {
            return [fragments];
        }
        if (fragments.Count == numberOfFrames)
        {
            return [.. fragments.Select(f => (IReadOnlyList<ValueLocation>)[f])];
        }
        var starts = OffsetTable.Count == numberOfFrames ? StartsOfTable(fragments) : [];
        if (starts.Count != numberOfFrames)
        {
            starts = [.. Enumerable.Range(0, fragments.Count).Where(i => startsFrame(fragments[i]))];
        }
        if (starts.Count != numberOfFrames || starts[0] != 0)
        {
            throw new DicomFormatException(
                $"{fragments.Count} fragments cannot be divided into {numberOfFrames} frames.",
                fragments.Count > 0 ? fragments[0].Offset : 0
            );
        }
        return
        [
            .. starts.Select(
                (start, i) =>
                    (IReadOnlyList<ValueLocation>)
                        [.. fragments.Take(i + 1 < starts.Count ? starts[i + 1] : fragments.Count).Skip(start)]
            ),
        ];
    }

    private List<int> StartsOfTable(IReadOnlyList<ValueLocation> fragments)
    {
        var starts = new List<int>();
        foreach (var offset in OffsetTable)
        {
            var place = (long)offset + fragments[0].Offset;
            // Each frame has a fragment of its own: a table that repeats itself or goes back tells nothing.
            for (var i = starts.Count > 0 ? starts[^1] + 1 : 0; i < fragments.Count; i++)
            {
                if (fragments[i].Offset == place)
                {
                    starts.Add(i);
                    break;
                }
            }
        }
        return starts;
    }

    private static List<ulong> Table(DicomDataSet dataSet, DicomElement element)
    {
        var offsets = new List<ulong>();
        if (dataSet.Find(DicomTags.ExtendedOffsetTable) is { Value: { Length: > 0 } extended })
        {
            for (var i = 0; i + 8 <= extended.Length; i += 8)
            {
                offsets.Add(BinaryPrimitives.ReadUInt64LittleEndian(extended.Span[i..]));
            }
            return offsets;
        }
        var basic = element.OffsetTable.Span;
        for (var i = 0; i + 4 <= basic.Length; i += 4)
        {
            offsets.Add(BinaryPrimitives.ReadUInt32LittleEndian(basic[i..]));
        }
        return offsets;
    }
}
