using System.Buffers.Binary;

namespace Fiducial.Dicom;

/// <summary>Writes a data set strictly: even lengths, sequences of undefined length, padding as the VR says (PS3.5 6.2, 7).</summary>
internal static class DataSetWriter
{
    public static void Write(Stream stream, DicomDataSet dataSet, TransferSyntax syntax)
    {
        if (syntax.IsEncapsulated || syntax.IsDeflated)
        {
            throw new NotSupportedException(
                $"Data sets are written in native transfer syntaxes, not in {syntax.Name}."
            );
        }
        var output = new Output(stream, syntax);
        // A stack in place of recursion: what is still to be written, from the innermost outwards.
        var open = new Stack<IEnumerator<Action>>();
        open.Push(Steps(dataSet, output, open).GetEnumerator());
        while (open.TryPeek(out var top))
        {
            if (top.MoveNext())
            {
                top.Current();
            }
            else
            {
                open.Pop();
            }
        }
    }

    private static IEnumerable<Action> Steps(DicomDataSet set, Output output, Stack<IEnumerator<Action>> open)
    {
        foreach (var element in set)
        {
            if (element.Items is { } items)
            {
                yield return () => output.Header(element.Tag, DicomVR.SQ, 0xFFFFFFFF);
                foreach (var item in items)
                {
                    yield return () =>
                    {
                        output.Mark(0xE000, 0xFFFFFFFF);
                        open.Push(Steps(item, output, open).GetEnumerator());
                    };
                    yield return () => output.Mark(0xE00D, 0);
                }
                yield return () => output.Mark(0xE0DD, 0);
            }
            else
            {
                yield return () => output.Value(element);
            }
        }
    }

    private sealed class Output(Stream stream, TransferSyntax syntax)
    {
        public void Value(DicomElement element)
        {
            if (element.Location is not null || element.Fragments is not null)
            {
                throw new InvalidOperationException($"The value of {element.Tag} was left in its file.");
            }
            var length = element.Value.Length;
            Header(element.Tag, element.VR, (uint)(length + (length & 1)));
            var unit = syntax.IsBigEndian ? DicomVRs.UnitOf(element.VR) : 1;
            if (unit > 1)
            {
                var swapped = element.Value.ToArray();
                ByteOrder.Swap(swapped, unit);
                stream.Write(swapped);
            }
            else
            {
                stream.Write(element.Value.Span);
            }
            if ((length & 1) == 1)
            {
                var isText = DicomVRs.IsCharacterSetText(element.VR) || DicomVRs.IsPlainText(element.VR);
                stream.WriteByte(isText && element.VR is not DicomVR.UI ? (byte)' ' : (byte)0);
            }
        }

        public void Header(DicomTag tag, DicomVR vr, uint length)
        {
            Span<byte> head = stackalloc byte[12];
            UInt16(head, tag.Group);
            UInt16(head[2..], tag.Element);
            if (!syntax.IsExplicitVR)
            {
                UInt32(head[4..], length);
                stream.Write(head[..8]);
                return;
            }
            head[4] = (byte)((ushort)vr >> 8);
            head[5] = (byte)vr;
            if (DicomVRs.HasShortLength(vr))
            {
                if (length > ushort.MaxValue)
                {
                    throw new ArgumentException($"{tag} ({vr}) is longer than 65,534 bytes.");
                }
                UInt16(head[6..], (ushort)length);
                stream.Write(head[..8]);
                return;
            }
            head[6..8].Clear();
            UInt32(head[8..], length);
            stream.Write(head);
        }

        public void Mark(ushort element, uint length)
        {
            Span<byte> head = stackalloc byte[8];
            UInt16(head, 0xFFFE);
            UInt16(head[2..], element);
            UInt32(head[4..], length);
            stream.Write(head);
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
}
