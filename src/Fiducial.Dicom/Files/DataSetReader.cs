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
    private static readonly DicomTag Item = new(0xFFFE, 0xE000);
    private static readonly DicomTag ItemEnd = new(0xFFFE, 0xE00D);
    private static readonly DicomTag SequenceEnd = new(0xFFFE, 0xE0DD);

    private readonly Stack<OpenSet> _open = new();
    private readonly List<string> _mended = [];
    private bool _endedEarly;

    public IReadOnlyList<string> Mended => _mended;

    /// <summary>False when the bytes ended before the data set did; only when reading may end early.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <exception cref="DicomFormatException">The bytes cannot be understood.</exception>
    public DicomDataSet Read(Func<DicomTag, bool>? stop = null, bool mayEndEarly = false)
    {
        var root = new DicomDataSet();
        _open.Push(
            new OpenSet
            {
                Set = root,
                End = window.End,
                IsImplicit = !syntax.IsExplicitVR,
            }
        );
        while (_open.Count > 0)
        {
            var top = _open.Peek();
            try
            {
                if (top.Items is null ? !ReadElement(top, stop) : !ReadItem(top))
                {
                    break;
                }
            }
            catch (DicomFormatException) when (mayEndEarly && _endedEarly)
            {
                IsComplete = false;
                break;
            }
        }
        CloseAll();
        return root;
    }

    // One element of the data set or item on top; false when reading is over.
    private bool ReadElement(OpenSet top, Func<DicomTag, bool>? stop)
    {
        if (window.Position >= top.End)
        {
            return CloseSet(top);
        }
        var head = window.Peek(8);
        if (head.Length < 8)
        {
            return EndOfBytes(head.Length);
        }
        var tag = window.Tag(head);
        if (tag.Group == 0xFFFE)
        {
            return ReadDelimiter(top, tag);
        }
        if (_open.Count == 1 && stop?.Invoke(tag) == true)
        {
            return false;
        }
        var (vr, length) = ReadHeader(top, tag, head);
        if (vr is DicomVR.SQ || (length == Undefined && tag != DicomTags.PixelData))
        {
            // CP-246: UN of undefined length is a sequence in implicit VR, whatever the transfer syntax.
            OpenSequence(top, tag, vr, length);
        }
        else if (length == Undefined)
        {
            ReadFragments(top, tag, vr);
        }
        else
        {
            ReadValue(top, tag, vr, length);
        }
        return true;
    }

    private (DicomVR VR, uint Length) ReadHeader(OpenSet top, DicomTag tag, ReadOnlySpan<byte> head)
    {
        if (top.IsImplicit)
        {
            window.Skip(8);
            return (DicomDictionary.VROf(tag), window.UInt32(head[4..]));
        }
        var vr = (DicomVR)((head[4] << 8) | head[5]);
        if (!IsLetter(head[4]) || !IsLetter(head[5]))
        {
            Mend($"{tag} has no value representation and was read as implicit VR.");
            window.Skip(8);
            return (DicomDictionary.VROf(tag), window.UInt32(head[4..]));
        }
        if (DicomVRs.HasShortLength(vr))
        {
            window.Skip(8);
            return (vr, window.UInt16(head[6..]));
        }
        var whole = window.Peek(12);
        if (whole.Length < 12)
        {
            _endedEarly = true;
            throw Fault($"The header of {tag} is cut off.");
        }
        var length = window.UInt32(whole[8..]);
        window.Skip(12);
        return (DicomVRs.IsKnown((ushort)vr) ? vr : DicomVR.UN, length);
    }

    private static bool IsLetter(byte b) => b is >= (byte)'A' and <= (byte)'Z';

    private void ReadValue(OpenSet top, DicomTag tag, DicomVR vr, uint length)
    {
        var left = Math.Min(window.End, top.End) - window.Position;
        if (length > left)
        {
            if (length > window.Remaining || _open.Count == 1)
            {
                _endedEarly = true;
                throw Fault($"{tag} says {length} bytes, {window.Remaining} are left.");
            }
            Mend($"{tag} reaches beyond the end of its item.");
            top.End = window.Position + length;
        }
        if (DicomVRs.IsBulk(vr) && length > options.LargestValueLoaded)
        {
            var place = new ValueLocation(window.Position, length);
            top.Set.Add(
                new DicomElement
                {
                    Tag = tag,
                    VR = vr,
                    Location = place,
                }
            );
            window.Skip(length);
            return;
        }
        if (length > int.MaxValue / 2)
        {
            throw Fault($"{tag} is a text of {length} bytes.");
        }
        if ((length & 1) == 1)
        {
            Mend($"{tag} has the odd length {length.ToString(CultureInfo.InvariantCulture)}.");
        }
        var value = window.Take((int)length);
        if (syntax.IsBigEndian)
        {
            ByteOrder.Swap(value, DicomVRs.UnitOf(vr));
        }
        top.Set.Add(
            new DicomElement
            {
                Tag = tag,
                VR = vr,
                Value = value,
            }
        );
    }

    private void OpenSequence(OpenSet top, DicomTag tag, DicomVR vr, uint length)
    {
        if (_open.Count >= options.MaxDepth * 2)
        {
            throw Fault($"{tag} is nested deeper than {options.MaxDepth} sequences.");
        }
        if (length != Undefined && length > window.Remaining)
        {
            _endedEarly = true;
            throw Fault($"The sequence {tag} says {length} bytes, {window.Remaining} are left.");
        }
        _open.Push(
            new OpenSet
            {
                Set = top.Set,
                Tag = tag,
                Items = [],
                End = length == Undefined ? long.MaxValue : window.Position + length,
                IsImplicit = top.IsImplicit || vr is DicomVR.UN,
            }
        );
    }

    // The next item of the sequence on top.
    private bool ReadItem(OpenSet top)
    {
        if (window.Position >= top.End)
        {
            CloseSequence(top);
            return true;
        }
        var head = window.Peek(8);
        if (head.Length < 8)
        {
            return EndOfBytes(head.Length);
        }
        var tag = window.Tag(head);
        var length = window.UInt32(head[4..]);
        if (tag == SequenceEnd)
        {
            window.Skip(8);
            CloseSequence(top);
            return true;
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
                CloseSequence(top);
                return true;
            }
            throw Fault($"The sequence {top.Tag} has {tag} in place of an item.");
        }
        window.Skip(8);
        if (length != Undefined && length > window.Remaining)
        {
            _endedEarly = true;
            throw Fault($"An item of {top.Tag} says {length} bytes, {window.Remaining} are left.");
        }
        var set = new DicomDataSet { Parent = top.Set };
        _open.Push(
            new OpenSet
            {
                Set = set,
                End = length == Undefined ? long.MaxValue : window.Position + length,
                IsImplicit = top.IsImplicit,
            }
        );
        return true;
    }

    private bool ReadDelimiter(OpenSet top, DicomTag tag)
    {
        if (tag == ItemEnd && _open.Count > 1)
        {
            window.Skip(8);
            return CloseSet(top);
        }
        if (tag == SequenceEnd && _open.Count > 1)
        {
            Mend("An item has no end: the end of its sequence follows.");
            return CloseSet(top);
        }
        if (tag == Item && _open.Count > 1)
        {
            Mend("An item has no end: the next item follows.");
            return CloseSet(top);
        }
        Mend($"{tag} stands outside of a sequence and was passed over.");
        window.Skip(8);
        return true;
    }

    // PS3.5 A.4: the first item is the offset table, each other one a fragment.
    private void ReadFragments(OpenSet top, DicomTag tag, DicomVR vr)
    {
        var fragments = new List<ValueLocation>();
        byte[]? table = null;
        while (true)
        {
            var head = window.Peek(8);
            if (head.Length < 8)
            {
                _endedEarly = true;
                Mend("The encapsulated pixel data have no end.");
                window.Skip(head.Length);
                IsComplete = false;
                break;
            }
            var mark = window.Tag(head);
            var length = window.UInt32(head[4..]);
            if (mark == SequenceEnd)
            {
                window.Skip(8);
                break;
            }
            if (mark != Item || length > window.Remaining - 8)
            {
                _endedEarly = mark == Item;
                throw Fault($"The encapsulated pixel data have {mark} of {length} bytes in place of a fragment.");
            }
            window.Skip(8);
            if (table is null)
            {
                table =
                    length <= 64 * 1024 * 1024
                        ? window.Take((int)length)
                        : throw Fault("The offset table is too long.");
                continue;
            }
            fragments.Add(new ValueLocation(window.Position, length));
            window.Skip(length);
        }
        top.Set.Add(
            new DicomElement
            {
                Tag = tag,
                VR = vr,
                Fragments = fragments,
                OffsetTable = table ?? [],
            }
        );
    }

    private bool CloseSet(OpenSet top)
    {
        _open.Pop();
        if (_open.TryPeek(out var sequence))
        {
            sequence.Items!.Add(top.Set);
        }
        return _open.Count > 0;
    }

    private void CloseSequence(OpenSet top)
    {
        _open.Pop();
        top.Set.Add(
            new DicomElement
            {
                Tag = top.Tag,
                VR = DicomVR.SQ,
                Items = top.Items,
            }
        );
    }

    private bool EndOfBytes(int left)
    {
        if (_open.Count > 1)
        {
            _endedEarly = true;
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

    private void CloseAll()
    {
        while (_open.TryPeek(out var top))
        {
            if (top.Items is null)
            {
                CloseSet(top);
            }
            else
            {
                CloseSequence(top);
            }
        }
    }

    private void Mend(string sentence)
    {
        if (_mended.Count < 100)
        {
            _mended.Add(sentence);
        }
    }

    private DicomFormatException Fault(string sentence) => new(sentence, window.Position);
}
