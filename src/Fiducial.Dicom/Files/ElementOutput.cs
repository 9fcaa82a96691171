using System.Buffers;
using System.Buffers.Binary;

namespace Fiducial.Dicom;

/// <summary>Headers, values and fragments of elements in a transfer syntax, gathered in a buffer on their way to the stream.</summary>
internal sealed class ElementOutput(Stream stream, TransferSyntax syntax, Stream? valuesFrom) : IDisposable
{
    private const uint Undefined = 0xFFFFFFFF;
    private const long LongestValue = Undefined - 1;
    private const int BufferLength = 32 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
    private int _used;

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    public void Value(DicomElement element)
    {
        var length = element.Location?.Length ?? element.Value.Length;
        if (element.BulkDataUri is { } uri)
        {
            throw new InvalidOperationException($"The value of {element.Tag} is not here but at {uri}.");
        }
        if (length > LongestValue)
        {
            throw new ArgumentException($"{element.Tag} has {length} bytes, which no length can say.");
        }
        // PS3.5 6.2.2, note 7: what came from implicit VR may be too long for the header of its own VR.
        var isTooLong = syntax.IsExplicitVR && DicomVRs.HasShortLength(element.VR) && length > ushort.MaxValue - 1;
        var vr = isTooLong ? DicomVR.UN : element.VR;
        Header(element.Tag, vr, (uint)(length + (length & 1)));
        var unit = DicomVRs.UnitOf(vr);
        if (element.Location is { } place)
        {
            Copy(element.Tag, place, element.IsBigEndianInFile != syntax.IsBigEndian ? unit : 1);
        }
        else
        {
            Write(element.Value.Span, syntax.IsBigEndian ? unit : 1);
        }
        if ((length & 1) == 1)
        {
            Write([PaddingOf(element.VR)]);
        }
    }

    /// <summary>Encapsulated pixel data: offset table and fragments (PS3.5 A.4).</summary>
    public void Fragments(DicomElement element)
    {
        Header(element.Tag, element.VR, Undefined);
        Fragment(element.OffsetTable.Span);
        foreach (var fragment in element.LoadedFragments ?? [])
        {
            Fragment(fragment.Span);
        }
        foreach (var place in element.Fragments ?? [])
        {
            Mark(0xE000, (uint)(place.Length + (place.Length & 1)));
            Copy(element.Tag, place, 1);
            Write(new byte[(int)(place.Length & 1)]);
        }
        Mark(0xE0DD, 0);
    }

    public void Header(DicomTag tag, DicomVR vr, uint length)
    {
        Span<byte> head = stackalloc byte[12];
        Tag(head, tag);
        if (!syntax.IsExplicitVR)
        {
            UInt32(head[4..], length);
            Write(head[..8]);
            return;
        }
        head[4] = (byte)((ushort)vr >> 8);
        head[5] = (byte)vr;
        if (DicomVRs.HasShortLength(vr))
        {
            UInt16(head[6..], (ushort)length);
            Write(head[..8]);
            return;
        }
        head[6..8].Clear();
        UInt32(head[8..], length);
        Write(head);
    }

    /// <summary>A tag of group FFFE: items and delimiters.</summary>
    public void Mark(ushort element, uint length)
    {
        Span<byte> head = stackalloc byte[8];
        Tag(head, new DicomTag(0xFFFE, element));
        UInt32(head[4..], length);
        Write(head);
    }

    public void Flush()
    {
        stream.Write(_buffer, 0, _used);
        _used = 0;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    // PS3.5 6.2: text is padded with a space, UIDs and bytes with NUL.
    private static byte PaddingOf(DicomVR vr) =>
        (DicomVRs.IsCharacterSetText(vr) || DicomVRs.IsPlainText(vr)) && vr is not DicomVR.UI ? (byte)' ' : (byte)0;

    private void Fragment(ReadOnlySpan<byte> bytes)
    {
        Mark(0xE000, (uint)(bytes.Length + (bytes.Length & 1)));
        Write(bytes);
        if ((bytes.Length & 1) == 1)
        {
            Write([0]);
        }
    }

    private void Copy(DicomTag tag, ValueLocation place, int unit)
    {
        var source =
            valuesFrom
            ?? throw new InvalidOperationException($"The value of {tag} was left in its file, which is needed.");
        source.Position = place.Offset;
        var piece = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            for (var left = place.Length; left > 0; )
            {
                var bytes = piece.AsSpan(0, (int)Math.Min(left, BufferLength));
                source.ReadExactly(bytes);
                Write(bytes, unit);
                left -= bytes.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes, int unit = 1)
    {
        Position += bytes.Length;
        while (bytes.Length > 0)
        {
            if (_used == BufferLength)
            {
                Flush();
            }
            if (unit == 1 && _used == 0 && bytes.Length >= BufferLength)
            {
                stream.Write(bytes);
                return;
            }
            // Numbers are not cut in two: the buffer's length is a multiple of every unit, and so is what is left of it after them.
            var room = Math.Min(bytes.Length, BufferLength - _used);
            room = unit > 1 && room < bytes.Length ? room - room % unit : room;
            if (room == 0)
            {
                Flush();
                continue;
            }
            var target = _buffer.AsSpan(_used, room);
            bytes[..room].CopyTo(target);
            Bytes.Swap(target, unit);
            _used += room;
            bytes = bytes[room..];
        }
    }

    private void Tag(Span<byte> place, DicomTag tag)
    {
        UInt16(place, tag.Group);
        UInt16(place[2..], tag.Element);
    }

    private void UInt16(Span<byte> place, ushort value)
    {
        if (syntax.IsBigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(place, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(place, value);
        }
    }

    private void UInt32(Span<byte> place, uint value)
    {
        if (syntax.IsBigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(place, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(place, value);
        }
    }
}
