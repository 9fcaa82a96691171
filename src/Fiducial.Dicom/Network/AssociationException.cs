using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>The association was not accepted, or ended against our will.</summary>
public class AssociationException(string sentence, Exception? cause = null) : IOException(sentence, cause);

/// <summary>The peer sent A-ABORT.</summary>
public sealed class PeerAbortedException() : AssociationException("The peer aborted the association.");

/// <summary>The association cannot go on: it is aborted with this reason.</summary>
internal sealed class AssociationAbortException(AbortReason reason, string sentence) : AssociationException(sentence)
{
    public AbortReason Reason => reason;
}
