using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>Bytes of a message as they came; valid until the next part is asked for.</summary>
internal readonly record struct MessagePart(byte Context, bool IsCommand, bool EndsValue, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// Takes messages out of P-DATA-TF PDUs, however their fragments are laid out: any number of presentation data values in one PDU,
/// any number of PDUs for one message (PS3.8 9.3.5). Nothing is copied, and no length that a peer claims is allocated.
/// </summary>
/// <param name="connection">Where the PDUs come from.</param>
/// <param name="limit">Bytes of a PDU that were agreed, without its header; 0 is no limit.</param>
internal sealed class MessageReader(PduConnection connection, uint limit)
{
    private long _leftInPdu;
    private long _leftInValue;
    private byte _context;
    private byte _control;

    /// <summary>True after the peer has asked for release.</summary>
    public bool IsReleasing { get; private set; }

    /// <summary>True between two PDUs.</summary>
    public bool IsBetween => _leftInPdu == 0 && _leftInValue == 0;

    /// <summary>The next bytes; null when the peer asks for release or has closed.</summary>
    /// <exception cref="AssociationAbortException">What came is not allowed here.</exception>
    /// <exception cref="PeerAbortedException">The peer aborted.</exception>
    public async ValueTask<MessagePart?> NextAsync(CancellationToken ct)
    {
        while (_leftInValue == 0)
        {
            if (_leftInPdu == 0)
            {
                if (!await BeginPduAsync(ct))
                {
                    return null;
                }
            }
            await BeginValueAsync(ct);
            if (_leftInValue == 0)
            {
                return Part(default);
            }
        }
        var some = await connection.ReadSomeAsync(_leftInValue, ct);
        _leftInValue -= some.Length;
        return Part(some);
    }

    private MessagePart Part(ReadOnlyMemory<byte> bytes) =>
        new(_context, (_control & 1) == 1, _leftInValue == 0 && (_control & 2) == 2, bytes);

    private async ValueTask<bool> BeginPduAsync(CancellationToken ct)
    {
        if (await connection.ReadHeaderAsync(ct) is not var (type, length))
        {
            return false;
        }
        switch (type)
        {
            case PduType.Data:
                if (length < 6 || (limit > 0 && length > limit))
                {
                    throw new AssociationAbortException(
                        AbortReason.InvalidParameter,
                        $"A P-DATA PDU has {length} bytes; {limit} were agreed."
                    );
                }
                _leftInPdu = length;
                return true;
            case PduType.ReleaseRequest:
                await connection.ReadBodyAsync((int)Math.Min(length, 64), ct);
                IsReleasing = true;
                return false;
            case PduType.Abort:
                throw new PeerAbortedException();
            case PduType.AssociateRequest
            or PduType.AssociateAccept
            or PduType.AssociateReject
            or PduType.ReleaseResponse:
                throw new AssociationAbortException(AbortReason.UnexpectedPdu, $"A PDU of type {type} is not due now.");
            default:
                throw new AssociationAbortException(
                    AbortReason.UnrecognizedPdu,
                    $"There is no PDU of type {(byte)type}."
                );
        }
    }

    private async ValueTask BeginValueAsync(CancellationToken ct)
    {
        if (_leftInPdu < 6)
        {
            throw new AssociationAbortException(AbortReason.InvalidParameter, "A presentation data value is cut off.");
        }
        (var length, _context, _control) = await connection.ReadValueHeaderAsync(ct);
        if (length < 2 || length > _leftInPdu - 4)
        {
            throw new AssociationAbortException(
                AbortReason.InvalidParameter,
                "A presentation data value is longer than its PDU."
            );
        }
        _leftInPdu -= 4L + length;
        _leftInValue = length - 2L;
    }
}
