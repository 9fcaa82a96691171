using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fiducial.Server.Tests;

internal static class TestCertificate
{
    /// <summary>A certificate of two days and its private key, as PEM.</summary>
    public static void Write(string path)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=house", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }
}
