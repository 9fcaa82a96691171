using System.Buffers;
using System.Buffers.Binary;

namespace Fiducial.Dicom.Network.Pdu;

/// <summary>P-DATA-TF PDUs (PS3.8 9.3.5) with one presentation data value each, which every peer takes.</summary>
internal static class DataPdus
{
    public const int HeaderLength = 12;

    /// <summary>Writes header of PDU and value for a fragment of this length.</summary>
    public static void WriteHeader(Span<byte> place, byte context, bool isCommand, bool isLast, int length)
    {
        place[0] = (byte)PduType.Data;
        place[1] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(place[2..], (uint)length + 6);
        BinaryPrimitives.WriteUInt32BigEndian(place[6..], (uint)length + 2);
        place[10] = context;
        place[11] = (byte)((isCommand ? 1 : 0) | (isLast ? 2 : 0));
    }

    /// <summary>The longest even fragment that the peer takes: its limit counts the value's header and not the PDU's.</summary>
    public static int LargestFragment(uint peerLimit, int largest)
    {
        var limit = peerLimit == 0 ? largest : (int)Math.Min(peerLimit, (uint)largest);
        return Math.Max(2, (limit - 6) & ~1);
    }

    /// <summary>A command or a short data set, in as many PDUs as the peer's limit asks for.</summary>
    public static void Write(
        IBufferWriter<byte> place,
        byte context,
        bool isCommand,
        ReadOnlySpan<byte> bytes,
        uint peerLimit
    )
    {
        var largest = LargestFragment(peerLimit, 16 * 1024);
        do
        {
            var part = bytes[..Math.Min(largest, bytes.Length)];
            bytes = bytes[part.Length..];
            WriteHeader(place.GetSpan(HeaderLength), context, isCommand, bytes.IsEmpty, part.Length);
            place.Advance(HeaderLength);
            place.Write(part);
        } while (!bytes.IsEmpty);
    }
}
