using System.Text;

namespace Fiducial.Dicom.Tests;

/// <summary>Writes elements by hand, byte for byte, also those that no writer may write.</summary>
internal sealed class ElementBytes(bool isBigEndian = false)
{
    public const uint Undefined = 0xFFFFFFFF;
    private readonly MemoryStream _bytes = new();

    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>A header with its VR, then the value. The length is the value's unless another one is claimed.</summary>
    public ElementBytes Explicit(uint tag, string vr, byte[] value, uint? length = null)
    {
        Tag(tag);
        _bytes.Write(Encoding.ASCII.GetBytes(vr));
        if (vr is "OB" or "OW" or "SQ" or "UN" or "UT" or "UC" or "UR" or "OV" or "SV" or "UV" or "OL" or "OD" or "OF")
        {
            UInt16(0);
            UInt32(length ?? (uint)value.Length);
        }
        else
        {
            UInt16((ushort)(length ?? (uint)value.Length));
        }
        _bytes.Write(value);
        return this;
    }

    public ElementBytes Explicit(uint tag, string vr, string value) =>
        Explicit(tag, vr, Encoding.Latin1.GetBytes(value));

    public ElementBytes Implicit(uint tag, byte[] value, uint? length = null)
    {
        Tag(tag);
        UInt32(length ?? (uint)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ElementBytes Implicit(uint tag, string value) => Implicit(tag, Encoding.Latin1.GetBytes(value));

    public ElementBytes Item(uint length = Undefined) => Implicit(0xFFFEE000, [], length);

    public ElementBytes ItemEnd() => Implicit(0xFFFEE00D, []);

    public ElementBytes SequenceEnd() => Implicit(0xFFFEE0DD, []);

    public ElementBytes Raw(params byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>A file with preamble, DICM and this as the rest.</summary>
    public MemoryStream ToFile() => new([.. new byte[128], .. "DICM"u8, .. ToArray()]);

    public DicomDataSet Read(TransferSyntax syntax) =>
        DicomFile.ReadDataSet(ToArray(), syntax, DicomReadOptions.Default, out _);

    private void Tag(uint tag)
    {
        UInt16((ushort)(tag >> 16));
        UInt16((ushort)tag);
    }

    private void UInt16(ushort value) => _bytes.Write(InOrder([(byte)value, (byte)(value >> 8)]));

    private void UInt32(uint value) =>
        _bytes.Write(InOrder([(byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24)]));

    private byte[] InOrder(byte[] little) => isBigEndian ? [.. little.Reverse()] : little;
}
