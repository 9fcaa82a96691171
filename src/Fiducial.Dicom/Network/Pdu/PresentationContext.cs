namespace Fiducial.Dicom.Network.Pdu;

/// <summary>A presentation context as it is proposed (PS3.8 9.3.2.2): an odd id, what, and in which syntaxes.</summary>
public sealed record ProposedContext(byte Id, string AbstractSyntax, IReadOnlyList<string> TransferSyntaxes);

/// <summary>PS3.8 9.3.3.2, table 9-18.</summary>
public enum ContextResult : byte
{
    Acceptance = 0,
    UserRejection = 1,
    NoReason = 2,
    AbstractSyntaxNotSupported = 3,
    TransferSyntaxesNotSupported = 4,
}

/// <summary>The acceptor's answer to one context.</summary>
public sealed record AnsweredContext(byte Id, ContextResult Result, string TransferSyntax);

/// <summary>PS3.7 D.3.3.4: who may be SCU and SCP of a class.</summary>
public sealed record RoleSelection(string SopClassUid, bool Scu, bool Scp);

/// <summary>PS3.7 D.3.3.5: information whose meaning the SOP class defines.</summary>
public sealed record ExtendedNegotiation(string SopClassUid, ReadOnlyMemory<byte> Value);

/// <summary>PS3.7 D.3.3.7.</summary>
/// <param name="Type">1 user name, 2 user name and passcode, 3 Kerberos, 4 SAML, 5 JWT.</param>
public sealed record UserIdentity(
    byte Type,
    bool WantsResponse,
    ReadOnlyMemory<byte> Primary,
    ReadOnlyMemory<byte> Secondary
);
