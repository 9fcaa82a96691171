using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fiducial.Dicom.Network;

/// <summary>
/// Our certificate, and which certificates of others we take, for the profile BCP 195 (RFC 8996, 9325; PS3.15 B.12): TLS 1.2 with
/// forward secrecy and authenticated encryption, and 1.3; both sides show a certificate.
/// </summary>
public sealed class TlsIdentity
{
    /// <summary>With its private key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Is this certificate, by its SHA-256 thumbprint, registered? A registered one needs no authority that vouches for it.</summary>
    public required Func<string, bool> IsRegistered { get; init; }

    /// <summary>SHA-256 in hexadecimal digits.</summary>
    public static string ThumbprintOf(X509Certificate certificate) =>
        certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Thumbprints are written with colons, spaces and small letters, too.</summary>
    public static string NormalThumbprint(string text) =>
        string.Concat(text.Where(char.IsAsciiHexDigit)).ToUpperInvariant();

    internal SslServerAuthenticationOptions ForServer() =>
        new()
        {
            ServerCertificate = Certificate,
            ClientCertificateRequired = true,
            EnabledSslProtocols = Protocols,
            CipherSuitesPolicy = Suites,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = Validate,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
            AllowRenegotiation = false,
        };

    internal SslClientAuthenticationOptions ForClient(string host) =>
        new()
        {
            TargetHost = host,
            ClientCertificates = [Certificate],
            // The certificate is the only one that there is: it is shown also when its issuer is not in the server's list.
            LocalCertificateSelectionCallback = (_, _, _, _, _) => Certificate,
            EnabledSslProtocols = Protocols,
            CipherSuitesPolicy = Suites,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = Validate,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
            AllowRenegotiation = false,
        };

    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    // RFC 9325 4.2. Elsewhere than on Linux the system's policy decides.
    private static CipherSuitesPolicy? Suites { get; } =
        OperatingSystem.IsLinux()
            ? new CipherSuitesPolicy([
                TlsCipherSuite.TLS_AES_128_GCM_SHA256,
                TlsCipherSuite.TLS_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
            ])
            : null;

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && IsRegistered(ThumbprintOf(certificate));
}
