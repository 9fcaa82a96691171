using System.Net;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Dicom.Network;

/// <summary>Who opened an association: its title, its address and its certificate together, never the title alone.</summary>
/// <param name="AETitle">Calling AE title; some devices leave it blank.</param>
/// <param name="Address">Of the socket.</param>
/// <param name="CertificateThumbprint">SHA-256 in hexadecimal digits of the certificate that it showed over TLS, or null.</param>
public sealed record AssociationPeer(string AETitle, IPEndPoint Address, string? CertificateThumbprint = null);

/// <summary>Who may open an association, and what for.</summary>
public interface IAssociationPolicy
{
    /// <summary>Null accepts.</summary>
    AssociationRejection? Judge(AssociateRequest request, AssociationPeer peer);

    /// <summary>An association that was accepted has ended, in whatever way.</summary>
    void Ended(AssociationPeer peer) { }

    /// <summary>May this peer use this SOP class? Other contexts of its association are not affected.</summary>
    bool MayUse(AssociationPeer peer, string sopClassUid) => true;
}
