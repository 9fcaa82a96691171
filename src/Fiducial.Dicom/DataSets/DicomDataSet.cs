using System.Collections;

namespace Fiducial.Dicom;

/// <summary>
/// A data set: elements in the order of their tags, each tag once (PS3.5 7.1). Text is decoded by Specific Character Set
/// (0008,0005), which items inherit. May be read by several threads at once while none changes it.
/// </summary>
public sealed partial class DicomDataSet : IEnumerable<DicomElement>
{
    private DicomElement[] _elements = [];

    /// <summary>The data set around an item, whose character set it inherits.</summary>
    internal DicomDataSet? Parent { get; set; }

    /// <summary>Where the item's tag stood in its file, in bytes; 0 when it came from no file. DICOMDIR refers to items so (PS3.3 F.3.2.2).</summary>
    internal long ItemOffset { get; init; }

    public int Count { get; private set; }

    internal DicomElement At(int index) => _elements[index];

    public DicomElement? Find(DicomTag tag) => PlaceOf(tag) is var at and >= 0 ? _elements[at] : null;

    public bool Contains(DicomTag tag) => PlaceOf(tag) >= 0;

    /// <summary>Adds the element; one with the same tag is replaced.</summary>
    public void Add(DicomElement element)
    {
        var at = PlaceOf(element.Tag);
        if (at >= 0)
        {
            _elements[at] = element;
        }
        else
        {
            Insert(~at, element);
        }
        Adopt(element);
    }

    public bool Remove(DicomTag tag)
    {
        var at = PlaceOf(tag);
        if (at < 0)
        {
            return false;
        }
        Count--;
        _elements.AsSpan(at + 1, Count - at).CopyTo(_elements.AsSpan(at));
        _elements[Count] = null!;
        return true;
    }

    /// <summary>
    /// The element of a private block, wherever the block stands (PS3.5 7.8.1): <c>FindPrivate(0x0029, "SIEMENS CSA HEADER", 0x10)</c>
    /// finds (0029,1010) when (0029,0010) holds that creator, and (0029,1110) when (0029,0011) does.
    /// </summary>
    public DicomElement? FindPrivate(ushort group, string creator, byte element) =>
        BlockOf(group, creator) is { } block ? Find(new DicomTag(group, (ushort)((block << 8) | element))) : null;

    /// <summary>Adds an element to the creator's private block, which is reserved when it is not there yet (PS3.5 7.8.1).</summary>
    public DicomDataSet SetPrivate(ushort group, string creator, byte element, DicomVR vr, ReadOnlyMemory<byte> value)
    {
        if ((group & 1) == 0)
        {
            throw new ArgumentException($"Group {group:X4} is not private: private groups are odd.", nameof(group));
        }
        if (BlockOf(group, creator) is not { } block)
        {
            block = Enumerable.Range(0x10, 0xF0).FirstOrDefault(b => !Contains(new DicomTag(group, (ushort)b)));
            if (block == 0)
            {
                throw new ArgumentException($"Group {group:X4} has no free private block.", nameof(group));
            }
            Set(new DicomTag(group, (ushort)block), creator);
        }
        return SetBytes(new DicomTag(group, (ushort)((block << 8) | element)), vr, value);
    }

    public ArraySegment<DicomElement>.Enumerator GetEnumerator() =>
        new ArraySegment<DicomElement>(_elements, 0, Count).GetEnumerator();

    IEnumerator<DicomElement> IEnumerable<DicomElement>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds an element that was read; <see cref="Order"/> puts it into its place.</summary>
    /// <returns>False when it does not stand behind its predecessor.</returns>
    internal bool Append(DicomElement element)
    {
        var isInOrder = Count == 0 || _elements[Count - 1].Tag < element.Tag;
        Insert(Count, element);
        Adopt(element);
        return isInOrder;
    }

    /// <summary>Sorts what was appended. Of several elements with one tag the first that was read is kept.</summary>
    /// <returns>The tags that stood there more than once.</returns>
    internal IReadOnlyList<DicomTag> Order()
    {
        // LINQ's sort is stable, and n log n whatever the order was.
        var sorted = new ArraySegment<DicomElement>(_elements, 0, Count).OrderBy(e => e.Tag.Value).ToList();
        var repeated = new List<DicomTag>();
        (_elements, Count) = (new DicomElement[sorted.Count], 0);
        foreach (var element in sorted)
        {
            if (Count > 0 && _elements[Count - 1].Tag == element.Tag)
            {
                repeated.Add(element.Tag);
            }
            else
            {
                _elements[Count++] = element;
            }
        }
        return repeated;
    }

    private void Insert(int at, DicomElement element)
    {
        if (Count == _elements.Length)
        {
            Array.Resize(ref _elements, Math.Max(4, Count * 2));
        }
        _elements.AsSpan(at, Count - at).CopyTo(_elements.AsSpan(at + 1));
        _elements[at] = element;
        Count++;
    }

    private int? BlockOf(ushort group, string creator)
    {
        for (var block = 0x10; block <= 0xFF; block++)
        {
            if (string.Equals(GetString(new DicomTag(group, (ushort)block)), creator, StringComparison.Ordinal))
            {
                return block;
            }
        }
        return null;
    }

    private void Adopt(DicomElement element)
    {
        if (element.Items is { } items)
        {
            foreach (var item in items)
            {
                item.Parent = this;
            }
        }
    }

    // The index, or the complement of the index at which it would stand. Most elements are added at the end.
    private int PlaceOf(DicomTag tag)
    {
        var (low, high) = (0, Count - 1);
        if (high >= 0 && _elements[high].Tag < tag)
        {
            return ~(high + 1);
        }
        while (low <= high)
        {
            var middle = (low + high) >> 1;
            var at = _elements[middle].Tag.Value;
            if (at == tag.Value)
            {
                return middle;
            }
            if (at < tag.Value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return ~low;
    }
}
