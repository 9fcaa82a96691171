using System.Buffers.Binary;

namespace Fiducial.Dicom.Network.Pdu;

/// <summary>A-ASSOCIATE-RQ (PS3.8 9.3.2).</summary>
public sealed record AssociateRequest
{
    public const string ApplicationContext = "1.2.840.10008.3.1.1.1";

    public required string CalledAE { get; init; }
    public required string CallingAE { get; init; }
    public string ApplicationContextName { get; init; } = ApplicationContext;
    public required IReadOnlyList<ProposedContext> Contexts { get; init; }

    /// <summary>Bytes of a P-DATA PDU that the requestor takes, without its 6-byte header; 0 is no limit.</summary>
    public uint MaxPduLength { get; init; } = 16384;
    public string ImplementationClassUid { get; init; } = Implementation.ClassUid;
    public string ImplementationVersionName { get; init; } = Implementation.VersionName;
    public IReadOnlyList<RoleSelection> Roles { get; init; } = [];

    /// <summary>SOP Class Extended Negotiation (PS3.7 D.3.3.5).</summary>
    public IReadOnlyList<ExtendedNegotiation> Extensions { get; init; } = [];

    /// <summary>True when the Asynchronous Operations Window was negotiated; without it one operation at a time is meant.</summary>
    public bool ProposesAsynchronousOperations { get; init; }

    /// <summary>Who uses the requestor (PS3.7 D.3.3.7); null when that was not said.</summary>
    public UserIdentity? Identity { get; init; }

    /// <summary>True when a user identity was sent that wants a positive response.</summary>
    public bool WantsIdentityResponse => Identity is { WantsResponse: true };

    /// <exception cref="DicomFormatException">The PDU contradicts itself.</exception>
    internal static AssociateRequest Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length < 68 || (BinaryPrimitives.ReadUInt16BigEndian(body) & 1) == 0)
        {
            throw new DicomFormatException("The association request is cut off or of another protocol version.", 0);
        }
        var request = new AssociateRequest
        {
            CalledAE = ItemReader.AETitle(body.Slice(4, 16)),
            CallingAE = ItemReader.AETitle(body.Slice(20, 16)),
            ApplicationContextName = "",
            Contexts = [],
        };
        var contexts = new List<ProposedContext>();
        var items = new ItemReader(body[68..]);
        while (items.Next(out var type, out var value))
        {
            request = type switch
            {
                0x10 => request with { ApplicationContextName = ItemReader.Text(value) },
                0x50 => WithUser(request, value),
                _ => request,
            };
            if (type == 0x20)
            {
                contexts.Add(Context(value));
            }
        }
        return contexts.DistinctBy(c => c.Id).Count() == contexts.Count
            ? request with
            {
                Contexts = contexts,
            }
            : throw new DicomFormatException("Two presentation contexts have the same id.", 0);
    }

    internal byte[] ToBytes()
    {
        var pdu = new ItemWriter()
            .UInt16(1)
            .UInt16(0)
            .AETitle(CalledAE)
            .AETitle(CallingAE)
            .Zeros(32)
            .TextItem(0x10, ApplicationContextName);
        foreach (var context in Contexts)
        {
            pdu.Item(
                0x20,
                w =>
                {
                    w.UInt8(context.Id).Zeros(3).TextItem(0x30, context.AbstractSyntax);
                    foreach (var syntax in context.TransferSyntaxes)
                    {
                        w.TextItem(0x40, syntax);
                    }
                }
            );
        }
        return pdu.Item(
                0x50,
                w =>
                {
                    w.Item(0x51, l => l.UInt32(MaxPduLength)).TextItem(0x52, ImplementationClassUid);
                    if (ProposesAsynchronousOperations)
                    {
                        w.Item(0x53, a => a.UInt16(1).UInt16(1));
                    }
                    foreach (var role in Roles)
                    {
                        UserItems.Write(w, role);
                    }
                    w.TextItem(0x55, ImplementationVersionName);
                    foreach (var extension in Extensions)
                    {
                        UserItems.Write(w, extension);
                    }
                    if (Identity is not null)
                    {
                        UserItems.Write(w, Identity);
                    }
                }
            )
            .Pdu(PduType.AssociateRequest);
    }

    private static ProposedContext Context(ReadOnlySpan<byte> value)
    {
        if (value.Length < 4)
        {
            throw new DicomFormatException("A presentation context is cut off.", 0);
        }
        var abstractSyntax = "";
        var syntaxes = new List<string>();
        var items = new ItemReader(value[4..]);
        while (items.Next(out var type, out var text))
        {
            if (type == 0x30)
            {
                abstractSyntax = ItemReader.Text(text);
            }
            else if (type == 0x40)
            {
                syntaxes.Add(ItemReader.Text(text));
            }
        }
        return new ProposedContext(value[0], abstractSyntax, syntaxes);
    }

    private static AssociateRequest WithUser(AssociateRequest request, ReadOnlySpan<byte> user)
    {
        var roles = new List<RoleSelection>();
        var extensions = new List<ExtendedNegotiation>();
        var items = new ItemReader(user);
        while (items.Next(out var type, out var value))
        {
            switch (type)
            {
                case 0x51 when value.Length >= 4:
                    request = request with { MaxPduLength = BinaryPrimitives.ReadUInt32BigEndian(value) };
                    break;
                case 0x52:
                    request = request with { ImplementationClassUid = ItemReader.Text(value) };
                    break;
                case 0x53:
                    request = request with { ProposesAsynchronousOperations = true };
                    break;
                case 0x54:
                    roles.Add(UserItems.Role(value));
                    break;
                case 0x55:
                    request = request with { ImplementationVersionName = ItemReader.Text(value) };
                    break;
                case 0x56:
                    extensions.Add(UserItems.Extension(value));
                    break;
                case 0x58:
                    request = request with { Identity = UserItems.Identity(value) };
                    break;
                default:
                    break;
            }
        }
        return request with { Roles = roles, Extensions = extensions };
    }
}
