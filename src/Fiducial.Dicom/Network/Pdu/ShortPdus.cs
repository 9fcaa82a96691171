namespace Fiducial.Dicom.Network.Pdu;

/// <summary>Why an association is not accepted (PS3.8 9.3.4).</summary>
/// <param name="Result">1 for good, 2 for now.</param>
public sealed record AssociationRejection(byte Result, byte Source, byte Reason, string Sentence)
{
    public static AssociationRejection CallingAENotRecognized { get; } =
        new(1, 1, 3, "The calling AE title is not known here.");
    public static AssociationRejection CalledAENotRecognized { get; } =
        new(1, 1, 7, "The called AE title is not ours.");
    public static AssociationRejection ApplicationContextNotSupported { get; } =
        new(1, 1, 2, "The application context is not DICOM.");
    public static AssociationRejection LocalLimitExceeded { get; } = new(2, 3, 2, "Too many associations are open.");
}

/// <summary>The PDUs of fixed length (PS3.8 9.3.4, 9.3.6 – 9.3.8).</summary>
internal static class ShortPdus
{
    public static byte[] Reject(AssociationRejection r) => [3, 0, 0, 0, 0, 4, 0, r.Result, r.Source, r.Reason];

    public static byte[] ReleaseRequest() => [5, 0, 0, 0, 0, 4, 0, 0, 0, 0];

    public static byte[] ReleaseResponse() => [6, 0, 0, 0, 0, 4, 0, 0, 0, 0];

    public static byte[] Abort(AbortReason reason) =>
        [
            7,
            0,
            0,
            0,
            0,
            4,
            0,
            0,
            reason is AbortReason.ServiceUser ? (byte)0 : (byte)2,
            reason is AbortReason.ServiceUser ? (byte)0 : (byte)reason,
        ];
}

/// <summary>PS3.8 9.3.8, table 9-26.</summary>
internal enum AbortReason : byte
{
    NotSpecified = 0,
    UnrecognizedPdu = 1,
    UnexpectedPdu = 2,
    UnrecognizedParameter = 4,
    UnexpectedParameter = 5,
    InvalidParameter = 6,
    ServiceUser = 0xFF,
}
