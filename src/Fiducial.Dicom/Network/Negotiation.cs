using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>What the acceptor answers to each proposed context (PS3.8 9.3.3.2).</summary>
internal static class Negotiation
{
    /// <summary>
    /// Verification and every storage class in every transfer syntax: of several syntaxes the one in which the sender will not have to
    /// convert anything, which is the first that is not one of the two that every sender must also offer.
    /// </summary>
    public static AnsweredContext Answer(ProposedContext context)
    {
        if (context.AbstractSyntax is DicomUids.Verification)
        {
            var plain = context.TransferSyntaxes.FirstOrDefault(IsUncompressed);
            return plain is null
                ? new AnsweredContext(context.Id, ContextResult.TransferSyntaxesNotSupported, "")
                : new AnsweredContext(context.Id, ContextResult.Acceptance, plain);
        }
        if (!DicomUids.IsStorageSopClass(context.AbstractSyntax))
        {
            return new AnsweredContext(
                context.Id,
                ContextResult.AbstractSyntaxNotSupported,
                context.TransferSyntaxes.FirstOrDefault() ?? ""
            );
        }
        var chosen =
            context.TransferSyntaxes.FirstOrDefault(s => !IsUncompressed(s))
            ?? context.TransferSyntaxes.FirstOrDefault(s => s is not DicomUids.ImplicitVRLittleEndian)
            ?? context.TransferSyntaxes.FirstOrDefault();
        return string.IsNullOrEmpty(chosen)
            ? new AnsweredContext(context.Id, ContextResult.TransferSyntaxesNotSupported, "")
            : new AnsweredContext(context.Id, ContextResult.Acceptance, chosen);
    }

    private static bool IsUncompressed(string syntax) =>
        syntax is DicomUids.ImplicitVRLittleEndian or DicomUids.ExplicitVRLittleEndian or "1.2.840.10008.1.2.2";
}
