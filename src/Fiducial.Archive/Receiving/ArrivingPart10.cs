using System.Buffers;
using System.Buffers.Binary;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Receiving;

/// <summary>A Part 10 file that is arriving: group 0002 is read, and the data set behind it is passed on as it comes.</summary>
internal sealed class ArrivingPart10(Stream body)
{
    private const int BufferLength = 128 * 1024;

    // Preamble, DICM, and the group length with its header (PS3.10 7.1).
    private const int BeforeGroup = 132 + 12;
    private const int LongestGroup = 32 * 1024;

    private byte[] _head = [];
    private int _dataSet;

    public string SopClassUid { get; private set; } = "";
    public string SopInstanceUid { get; private set; } = "";

    /// <returns>The transfer syntax of the data set.</returns>
    /// <exception cref="DicomFormatException">It is no DICOM file.</exception>
    public async Task<TransferSyntax> ReadAsync(CancellationToken ct)
    {
        var head = new byte[BeforeGroup];
        _head = head[..await body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct)];
        var group = GroupLength(_head);
        var rest = new byte[group ?? LongestGroup];
        _head = [.. _head, .. rest[..await body.ReadAtLeastAsync(rest, rest.Length, throwOnEndOfStream: false, ct)]];
        // With a true length the group alone is looked at; else as much as a group may have, up to the data set.
        var file = DicomFile.Read(
            new MemoryStream(_head),
            new DicomReadOptions { StopBefore = new DicomTag(0x0003, 0) }
        );
        _dataSet = (int)file.DataSetOffset;
        SopClassUid = file.FileMeta.GetString(DicomTags.MediaStorageSOPClassUID) ?? "";
        SopInstanceUid = file.FileMeta.GetString(DicomTags.MediaStorageSOPInstanceUID) ?? "";
        return file.TransferSyntax;
    }

    /// <exception cref="DimseException">The disk is full.</exception>
    public async Task CopyAsync(IStoreReceipt receipt, CancellationToken ct)
    {
        await receipt.WriteAsync(_head.AsMemory(_dataSet), ct);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            while (await body.ReadAsync(buffer, ct) is var read and > 0)
            {
                await receipt.WriteAsync(buffer.AsMemory(0, read), ct);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads what is left of a part that was refused, so that what follows can be found.</summary>
    public Task DrainAsync(CancellationToken ct) => body.CopyToAsync(Stream.Null, ct);

    private static int? GroupLength(ReadOnlySpan<byte> head) =>
        head.Length == BeforeGroup
        && head[128..132].SequenceEqual("DICM"u8)
        && head[132..140].SequenceEqual<byte>([2, 0, 0, 0, (byte)'U', (byte)'L', 4, 0])
        && BinaryPrimitives.ReadUInt32LittleEndian(head[140..]) is > 0 and <= LongestGroup and var length
            ? (int)length
            : null;
}
