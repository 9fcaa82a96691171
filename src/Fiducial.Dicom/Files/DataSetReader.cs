using System.Globalization;

namespace Fiducial.Dicom;

/// <summary>
/// Reads a data set (PS3.5 7) without recursion: open sequences and items stand on a stack of bounded depth. Lengths are
/// compared with what is left before anything is allocated. What real devices write against the rules and can be understood is
/// mended, and said so.
/// </summary>
internal sealed class DataSetReader(ByteWindow window, TransferSyntax syntax, DicomReadOptions options)
{
    private const uint Undefined = 0xFFFFFFFF;
    private const int MostMended = 100;
    private static readonly DicomTag Item = new(0xFFFE, 0xE000);
    private static readonly DicomTag ItemEnd = new(0xFFFE, 0xE00D);
    private static readonly DicomTag SequenceEnd = new(0xFFFE, 0xE0DD);

    private readonly Stack<OpenSet> _open = new();
    private List<string>? _mended;

    public IReadOnlyList<string> Mended => _mended ?? (IReadOnlyList<string>)[];

    /// <summary>Only elements of this group are read; reading ends before the first of another. Group 0002 is read so.</summary>
    public ushort? OnlyGroup { get; init; }

    /// <summary>True when bytes that end before the data set does are no fault: they are still arriving.</summary>
    public bool MayEndEarly { get; init; }

    /// <summary>False when the bytes ended before the data set did; only when reading may end early.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>True when reading ended before an element at which it was to stop.</summary>
    public bool HasStopped { get; private set; }

    /// <exception cref="DicomFormatException">The bytes cannot be understood.</exception>
    public DicomDataSet Read()
    {
        var root = new DicomDataSet();
        _open.Push(
            new OpenSet
            {
                Set = root,
                End = window.End,
                IsImplicit = !syntax.IsExplicitVR,
                IsBigEndian = syntax.IsBigEndian,
            }
        );
        ReadOpen();
        return root;
    }

    /// <summary>The items of a sequence that was written as UN (CP-246, PS3.5 6.2.2): implicit VR little endian.</summary>
    public static IReadOnlyList<DicomDataSet> ReadItems(ReadOnlyMemory<byte> value, DicomDataSet parent)
    {
        var window = ByteWindow.Over(value);
        var reader = new DataSetReader(window, TransferSyntax.ImplicitVRLittleEndian, DicomReadOptions.InMemory);
        var items = new List<DicomDataSet>();
        reader._open.Push(
            new OpenSet
            {
                Set = parent,
                Items = items,
                End = window.End,
                IsImplicit = true,
                IsBigEndian = false,
                IsDetached = true,
            }
        );
        reader.ReadOpen();
        foreach (var item in items)
        {
            item.Parent = parent;
        }
        return items;
    }

    private void ReadOpen()
    {
        while (_open.TryPeek(out var top) && (top.Items is null ? ReadElement(top) : ReadItem(top))) { }
        while (_open.TryPeek(out var top))
        {
            Close(top);
        }
    }

    // One element of the data set or item on top; false when reading is over.
    private bool ReadElement(OpenSet top)
    {
        if (window.Position >= top.End)
        {
            return Close(top);
        }
        var head = window.Peek(12);
        if (head.Length < 8)
        {
            return EndOfBytes(head.Length);
        }
        if (top.End - window.Position < 8)
        {
            Mend($"{top.End - window.Position} bytes at the end of an item were passed over.");
            window.Skip(top.End - window.Position);
            return Close(top);
        }
        var tag = Bytes.Tag(head, top.IsBigEndian);
        if (tag.Group == 0xFFFE)
        {
            return ReadDelimiter(top, tag);
        }
        if (_open.Count == 1 && IsStop(tag))
        {
            HasStopped = true;
            return false;
        }
        if (!TryReadHeader(top, tag, head, out var vr, out var length, out var headLength))
        {
            return CutOff($"The header of {tag} is cut off.");
        }
        if (length == Undefined)
        {
            window.Skip(headLength);
            var isFragments = tag == DicomTags.PixelData || (vr is DicomVR.OB or DicomVR.OW && !top.IsImplicit);
            return isFragments && vr is not DicomVR.SQ
                ? ReadFragments(top, tag, vr)
                : OpenSequence(top, tag, vr, length);
        }
        if (length > window.Remaining - headLength && (vr is not DicomVR.SQ || MayEndEarly))
        {
            return CutOff($"{tag} says {Number(length)} bytes, {Number(window.Remaining - headLength)} are left.");
        }
        window.Skip(headLength);
        if (vr is DicomVR.SQ)
        {
            return OpenSequence(top, tag, vr, length);
        }
        ReadValue(top, tag, vr, length);
        return true;
    }

    private bool IsStop(DicomTag tag) =>
        OnlyGroup is { } group ? tag.Group != group : options.StopBefore is { } stop && tag >= stop;

    // False when the header is cut off.
    private bool TryReadHeader(
        OpenSet top,
        DicomTag tag,
        ReadOnlySpan<byte> head,
        out DicomVR vr,
        out uint length,
        out int headLength
    )
    {
        var letters = (ushort)((head[4] << 8) | head[5]);
        var isImplicit = top.IsImplicit;
        if (isImplicit && DicomVRs.IsKnown(letters) && IsExplicitAllTheSame(top, head))
        {
            Mend($"{tag} was written with its value representation in an implicit VR data set.");
            isImplicit = false;
        }
        else if (!isImplicit && !(IsLetter(head[4]) && IsLetter(head[5])))
        {
            Mend($"{tag} has no value representation and was read as implicit VR.");
            isImplicit = true;
        }
        if (isImplicit)
        {
            (vr, length, headLength) = (ImplicitVR(top, tag, head), Bytes.UInt32(head[4..], top.IsBigEndian), 8);
            if (!top.IsImplicit && length != Undefined && length > window.Remaining - 8)
            {
                // Neither letters nor a length of 32 bits: the letters alone are garbage.
                (vr, length) = (DicomVR.UN, Bytes.UInt16(head[6..], top.IsBigEndian));
            }
            return true;
        }
        vr = DicomVRs.IsKnown(letters) ? (DicomVR)letters : DicomVR.UN;
        if (DicomVRs.HasShortLength(vr))
        {
            (length, headLength) = (Bytes.UInt16(head[6..], top.IsBigEndian), 8);
            return true;
        }
        if (head.Length < 12)
        {
            (length, headLength) = (0, 0);
            return false;
        }
        if (!DicomVRs.IsKnown(letters))
        {
            Mend($"{tag} has the unknown value representation {(char)head[4]}{(char)head[5]} and was read as UN.");
        }
        (length, headLength) = (Bytes.UInt32(head[8..], top.IsBigEndian), 12);
        return true;
    }

    // What would be the length in implicit VR are the letters of a VR: only a length beyond all bytes tells both apart for certain.
    private bool IsExplicitAllTheSame(OpenSet top, ReadOnlySpan<byte> head) =>
        !MayEndEarly
            ? Bytes.UInt32(head[4..], top.IsBigEndian) > window.Remaining - 8
            : DicomDictionary.VROf(Bytes.Tag(head, top.IsBigEndian)) == (DicomVR)((head[4] << 8) | head[5]);

    private static DicomVR ImplicitVR(OpenSet top, DicomTag tag, ReadOnlySpan<byte> head)
    {
        if (tag.Element == 0)
        {
            return DicomVR.UL;
        }
        if (tag.IsPrivate)
        {
            return tag.IsPrivateCreator ? DicomVR.LO : PrivateVR(top, tag, head);
        }
        if (DicomDictionary.Find(tag) is not { } entry)
        {
            return DicomVR.UN;
        }
        return entry.FollowsPixelRepresentation && ArePixelsSigned(top.Set) ? DicomVR.SS : entry.VR;
    }

    // Vendors use their elements otherwise than they declare: a sequence that begins with no item is none.
    private static DicomVR PrivateVR(OpenSet top, DicomTag tag, ReadOnlySpan<byte> head)
    {
        var vr = PrivateDictionary.VROf(tag, top.Set);
        return vr is DicomVR.SQ && head.Length == 12 && Bytes.Tag(head[8..], top.IsBigEndian) != Item ? DicomVR.UN : vr;
    }

    private static bool ArePixelsSigned(DicomDataSet? set)
    {
        for (; set is not null; set = set.Parent)
        {
            if (set.Find(DicomTags.PixelRepresentation) is { Value.Length: >= 1 } signed)
            {
                return signed.Value.Span[0] == 1;
            }
        }
        return false;
    }

    private static bool IsLetter(byte b) => b is >= (byte)'A' and <= (byte)'Z';

    private void ReadValue(OpenSet top, DicomTag tag, DicomVR vr, uint length)
    {
        if (length > top.End - window.Position)
        {
            Mend($"{tag} reaches beyond the end of its item.");
            top.End = window.Position + length;
        }
        if ((length & 1) == 1)
        {
            Mend($"{tag} has the odd length {Number(length)}.");
        }
        if (length > options.LargestValueLoaded && (DicomVRs.IsBulk(vr) || length > options.LargestTextLoaded))
        {
            Append(top, DicomElement.Located(tag, vr, new ValueLocation(window.Position, length), top.IsBigEndian));
            window.Skip(length);
            return;
        }
        if (length > Array.MaxLength)
        {
            throw Fault($"{tag} has {Number(length)} bytes, which is more than can be loaded.");
        }
        var value = window.Take((int)length);
        if (top.IsBigEndian && DicomVRs.UnitOf(vr) is var unit and > 1)
        {
            var swapped = value.ToArray();
            Bytes.Swap(swapped, unit);
            value = swapped;
        }
        Append(
            top,
            new DicomElement
            {
                Tag = tag,
                VR = vr,
                Value = value,
            }
        );
    }

    private bool OpenSequence(OpenSet top, DicomTag tag, DicomVR vr, uint length)
    {
        // A sequence and its item are two.
        if (_open.Count >= options.MaxDepth * 2)
        {
            throw Fault($"{tag} is nested deeper than {options.MaxDepth} sequences.");
        }
        if (length != Undefined && length > window.Remaining)
        {
            Mend($"The sequence {tag} says {Number(length)} bytes, {Number(window.Remaining)} are left.");
            length = (uint)window.Remaining;
        }
        // CP-246: UN of undefined length is a sequence in implicit VR little endian, whatever the transfer syntax.
        var isUnknown = vr is DicomVR.UN && !top.IsImplicit;
        _open.Push(
            new OpenSet
            {
                Set = top.Set,
                Tag = tag,
                Items = [],
                End = length == Undefined ? long.MaxValue : window.Position + length,
                IsImplicit = top.IsImplicit || isUnknown,
                IsBigEndian = top.IsBigEndian && !isUnknown,
            }
        );
        return true;
    }

    // The next item of the sequence on top.
    private bool ReadItem(OpenSet top)
    {
        if (window.Position >= top.End)
        {
            return Close(top);
        }
        var head = window.Peek(8);
        if (head.Length < 8)
        {
            return EndOfBytes(head.Length);
        }
        var tag = Bytes.Tag(head, top.IsBigEndian);
        var length = Bytes.UInt32(head[4..], top.IsBigEndian);
        if (tag == SequenceEnd)
        {
            window.Skip(8);
            return Close(top);
        }
        if (tag == ItemEnd)
        {
            Mend($"The sequence {top.Tag} has an item delimiter without an item.");
            window.Skip(8);
            return true;
        }
        if (tag != Item)
        {
            if (top.End == long.MaxValue)
            {
                Mend($"The sequence {top.Tag} has no end: {tag} follows.");
                return Close(top);
            }
            throw Fault($"The sequence {top.Tag} has {tag} in place of an item.");
        }
        if (length != Undefined && length > window.Remaining - 8)
        {
            if (MayEndEarly)
            {
                return IsComplete = false;
            }
            // Its elements say whether it is cut off.
            Mend($"An item of {top.Tag} says {Number(length)} bytes, {Number(window.Remaining - 8)} are left.");
            length = (uint)(window.Remaining - 8);
        }
        var set = new DicomDataSet { Parent = top.Set, ItemOffset = window.Position };
        window.Skip(8);
        _open.Push(
            new OpenSet
            {
                Set = set,
                End = length == Undefined ? long.MaxValue : window.Position + length,
                IsImplicit = top.IsImplicit,
                IsBigEndian = top.IsBigEndian,
            }
        );
        return true;
    }

    private bool ReadDelimiter(OpenSet top, DicomTag tag)
    {
        if (tag == ItemEnd && _open.Count > 1)
        {
            window.Skip(8);
            return Close(top);
        }
        if (tag == SequenceEnd && _open.Count > 1)
        {
            Mend("An item has no end: the end of its sequence follows.");
            return Close(top);
        }
        if (tag == Item && _open.Count > 1)
        {
            Mend("An item has no end: the next item follows.");
            return Close(top);
        }
        Mend($"{tag} stands outside of a sequence and was passed over.");
        window.Skip(8);
        return true;
    }

    // PS3.5 A.4: the first item is the offset table, each other one a fragment.
    private bool ReadFragments(OpenSet top, DicomTag tag, DicomVR vr)
    {
        var fragments = new List<ValueLocation>();
        ReadOnlyMemory<byte>? table = null;
        var isOver = false;
        while (!isOver)
        {
            var head = window.Peek(8);
            if (head.Length < 8)
            {
                IsComplete = false;
                Mend("The encapsulated pixel data have no end.");
                window.Skip(head.Length);
                break;
            }
            var mark = Bytes.Tag(head, top.IsBigEndian);
            var length = Bytes.UInt32(head[4..], top.IsBigEndian);
            if (mark == SequenceEnd)
            {
                window.Skip(8);
                break;
            }
            if (mark != Item)
            {
                throw Fault($"The encapsulated pixel data have {mark} in place of a fragment.");
            }
            if (length > window.Remaining - 8)
            {
                isOver = !CutOff($"A fragment says {Number(length)} bytes, {Number(window.Remaining - 8)} are left.");
                break;
            }
            window.Skip(8);
            if (table is null)
            {
                table =
                    length <= options.LargestOffsetTable
                        ? window.Take((int)length)
                        : throw Fault($"The offset table of {Number(length)} bytes is too long.");
                continue;
            }
            if ((length & 1) == 1)
            {
                Mend($"A fragment has the odd length {Number(length)}.");
            }
            fragments.Add(new ValueLocation(window.Position, length));
            window.Skip(length);
        }
        Append(
            top,
            new DicomElement
            {
                Tag = tag,
                VR = vr,
                Fragments = fragments,
                OffsetTable = table ?? default,
            }
        );
        return !isOver;
    }

    private void Append(OpenSet top, DicomElement element) => top.IsInOrder &= top.Set.Append(element);

    // Ends what is on top; false when it was the outermost data set.
    private bool Close(OpenSet top)
    {
        _open.Pop();
        if (top.Items is not null)
        {
            if (!top.IsDetached)
            {
                Append(
                    _open.Peek(),
                    new DicomElement
                    {
                        Tag = top.Tag,
                        VR = DicomVR.SQ,
                        Items = top.Items,
                    }
                );
            }
            return _open.Count > 0;
        }
        if (!top.IsInOrder)
        {
            Mend(top.Set.Order());
        }
        if (_open.TryPeek(out var sequence))
        {
            sequence.Items!.Add(top.Set);
        }
        return _open.Count > 0;
    }

    private void Mend(IReadOnlyList<DicomTag> repeated)
    {
        if (repeated.Count == 0)
        {
            Mend("The elements were not in the order of their tags.");
        }
        foreach (var tag in repeated)
        {
            Mend($"{tag} stands there more than once: the first was kept.");
        }
    }

    private bool EndOfBytes(int left)
    {
        if (_open.Count > 1)
        {
            IsComplete = false;
            Mend("The data set ends within a sequence.");
        }
        else if (left > 0)
        {
            IsComplete = false;
            Mend($"{left} bytes after the last element were passed over.");
        }
        return false;
    }

    private bool CutOff(string sentence)
    {
        if (!MayEndEarly)
        {
            throw Fault(sentence);
        }
        return IsComplete = false;
    }

    private void Mend(string sentence)
    {
        _mended ??= [];
        if (_mended.Count < MostMended)
        {
            _mended.Add(sentence);
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private DicomFormatException Fault(string sentence) => new(sentence, window.Position);
}
