using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>With whom a requestor speaks, what it proposes and how long it waits.</summary>
public sealed record DicomClientOptions
{
    public required string Host { get; init; }
    public required int Port { get; init; }
    public required string CallingAE { get; init; }
    public required string CalledAE { get; init; }

    /// <summary>
    /// At most 128. Each should have one transfer syntax, that of the objects: then none can be accepted in a syntax in which it would
    /// have to be converted.
    /// </summary>
    public required IReadOnlyList<ProposedContext> Contexts { get; init; }

    /// <summary>Classes in which we want to be SCP too: those of the objects that a C-GET brings.</summary>
    public IReadOnlyList<RoleSelection> Roles { get; init; } = [];
    public IReadOnlyList<ExtendedNegotiation> Extensions { get; init; } = [];
    public UserIdentity? Identity { get; init; }

    /// <summary>Null speaks in plain.</summary>
    public TlsIdentity? Tls { get; init; }

    /// <summary>Bytes of a P-DATA PDU that we take, without its 6-byte header.</summary>
    public uint MaxPduLength { get; init; } = 128 * 1024;

    /// <summary>Bytes of an object that a C-GET brings.</summary>
    public long LargestObject { get; init; } = 64L * 1024 * 1024 * 1024;

    /// <summary>For the connection, TLS and the answer to the association request.</summary>
    public TimeSpan Connecting { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait for an answer, and for the peer to take what is sent.</summary>
    public TimeSpan Answering { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A context each, with the ids 1, 3, 5 …; those beyond 128 are left out.</summary>
    public static IReadOnlyList<ProposedContext> ContextsOf(
        IEnumerable<(string SopClassUid, string TransferSyntaxUid)> pairs
    ) =>
        [
            .. pairs
                .Distinct()
                .Take(128)
                .Select((p, i) => new ProposedContext((byte)(2 * i + 1), p.SopClassUid, [p.TransferSyntaxUid])),
        ];

    /// <summary>The class in both little endian syntaxes, for everything that is no object.</summary>
    public static IReadOnlyList<ProposedContext> ContextOf(string sopClassUid) =>
        [new(1, sopClassUid, [DicomUids.ExplicitVRLittleEndian, DicomUids.ImplicitVRLittleEndian])];
}

/// <summary>An object that is to be sent.</summary>
/// <param name="Send">Writes its data set in this syntax.</param>
public sealed record ObjectToSend(
    string SopClassUid,
    string SopInstanceUid,
    string TransferSyntaxUid,
    Func<DataSetSender, CancellationToken, Task> Send
)
{
    /// <summary>Who asked for the C-MOVE of which this is a part, and its message id.</summary>
    public (string AETitle, ushort MessageId)? MoveOriginator { get; init; }
}

/// <summary>How a C-MOVE or C-GET ended.</summary>
/// <param name="FailedInstances">SOP Instance UIDs that could not be sent, where the peer named them.</param>
public sealed record RetrieveResult(DimseStatus Status, SubOperations Counts, IReadOnlyList<string> FailedInstances);

/// <summary>The answer to a DIMSE-N request.</summary>
public sealed record NormalizedResult(DimseStatus Status, DicomDataSet? DataSet);
