using System.Buffers.Binary;

namespace Fiducial.Dicom.Network.Pdu;

/// <summary>A-ASSOCIATE-AC (PS3.8 9.3.3).</summary>
internal sealed record AssociateAccept
{
    public required string CalledAE { get; init; }
    public required string CallingAE { get; init; }
    public required IReadOnlyList<AnsweredContext> Contexts { get; init; }
    public uint MaxPduLength { get; init; } = 16384;
    public IReadOnlyList<RoleSelection> Roles { get; init; } = [];
    public IReadOnlyList<ExtendedNegotiation> Extensions { get; init; } = [];

    /// <summary>Answers the window with (1,1): one operation at a time (PS3.7 D.3.3.3).</summary>
    public bool AnswersAsynchronousOperations { get; init; }
    public bool IdentityResponse { get; init; }

    public static AssociateAccept Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length < 68)
        {
            throw new DicomFormatException("The acceptance of the association is cut off.", 0);
        }
        var contexts = new List<AnsweredContext>();
        var roles = new List<RoleSelection>();
        var extensions = new List<ExtendedNegotiation>();
        var limit = 0u;
        var items = new ItemReader(body[68..]);
        while (items.Next(out var type, out var value))
        {
            if (type == 0x21 && value.Length >= 4)
            {
                var syntax = "";
                var inner = new ItemReader(value[4..]);
                while (inner.Next(out var innerType, out var text))
                {
                    syntax = innerType == 0x40 ? ItemReader.Text(text) : syntax;
                }
                contexts.Add(new AnsweredContext(value[0], (ContextResult)value[2], syntax));
            }
            else if (type == 0x50)
            {
                var user = new ItemReader(value);
                while (user.Next(out var innerType, out var bytes))
                {
                    switch (innerType)
                    {
                        case 0x51 when bytes.Length >= 4:
                            limit = BinaryPrimitives.ReadUInt32BigEndian(bytes);
                            break;
                        case 0x54:
                            roles.Add(UserItems.Role(bytes));
                            break;
                        case 0x56:
                            extensions.Add(UserItems.Extension(bytes));
                            break;
                        default:
                            break;
                    }
                }
            }
        }
        return new AssociateAccept
        {
            CalledAE = ItemReader.AETitle(body.Slice(4, 16)),
            CallingAE = ItemReader.AETitle(body.Slice(20, 16)),
            Contexts = contexts,
            MaxPduLength = limit,
            Roles = roles,
            Extensions = extensions,
        };
    }

    public byte[] ToBytes()
    {
        var pdu = new ItemWriter()
            .UInt16(1)
            .UInt16(0)
            .AETitle(CalledAE)
            .AETitle(CallingAE)
            .Zeros(32)
            .TextItem(0x10, AssociateRequest.ApplicationContext);
        foreach (var context in Contexts)
        {
            // A rejected context has a transfer syntax that is not significant, but some requestors want the item.
            pdu.Item(
                0x21,
                w =>
                    w.UInt8(context.Id)
                        .UInt8(0)
                        .UInt8((byte)context.Result)
                        .UInt8(0)
                        .TextItem(0x40, context.TransferSyntax)
            );
        }
        return pdu.Item(
                0x50,
                w =>
                {
                    w.Item(0x51, l => l.UInt32(MaxPduLength)).TextItem(0x52, Implementation.ClassUid);
                    if (AnswersAsynchronousOperations)
                    {
                        w.Item(0x53, a => a.UInt16(1).UInt16(1));
                    }
                    foreach (var role in Roles)
                    {
                        UserItems.Write(w, role);
                    }
                    w.TextItem(0x55, Implementation.VersionName);
                    foreach (var extension in Extensions)
                    {
                        UserItems.Write(w, extension);
                    }
                    if (IdentityResponse)
                    {
                        w.Item(0x59, i => i.UInt16(0));
                    }
                }
            )
            .Pdu(PduType.AssociateAccept);
    }
}
