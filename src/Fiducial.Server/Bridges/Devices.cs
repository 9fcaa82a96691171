using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Archive.QueryRetrieve;
using Fiducial.Dicom.Network;
using Fiducial.Server.Commands;

namespace Fiducial.Server.Bridges;

/// <summary>Our certificate for DICOM, when there is one.</summary>
internal sealed record TlsSetting(TlsIdentity? Identity);

/// <summary>The devices of configuration and of the register, and what they may do, for the clinic and the plain archive alike.</summary>
internal static class Devices
{
    /// <param name="services">With an archive.</param>
    /// <param name="options">Name devices and certificate.</param>
    /// <param name="fromThisMachine">What an unregistered device of this machine is taken for; null admits none.</param>
    /// <exception cref="CommandException">The certificate cannot be read.</exception>
    public static void AddDevices(this IServiceCollection services, ClinicOptions options, DeviceRole? fromThisMachine)
    {
        var certificate = CertificateOf(options);
        if (options.DicomTls is not null && certificate is null)
        {
            throw new CommandException(
                2,
                "DICOM over TLS needs a certificate: name a PEM file that holds it and its private key as Fiducial:Certificate in fiducial.json."
            );
        }
        services.AddSingleton(s => new TlsSetting(
            certificate is null
                ? null
                : new TlsIdentity
                {
                    Certificate = certificate,
                    IsRegistered = s.GetRequiredService<DeviceRegistry>().IsRegistered,
                }
        ));
        services.AddQueryRetrieve(
            s => new DeviceRegistry(options.Devices, fromThisMachine, s.GetRequiredService<RegisteredDevices>()),
            s => new QueryRetrieveOptions { Tls = s.GetRequiredService<TlsSetting>().Identity }
        );
        services.AddSingleton<DicomHost>();
        services.AddHostedService(s => s.GetRequiredService<DicomHost>());
    }

    /// <summary>Our certificate with its private key, for DICOM over TLS and for HTTPS; null when none is named.</summary>
    /// <exception cref="CommandException">It cannot be read.</exception>
    public static X509Certificate2? CertificateOf(ClinicOptions options)
    {
        if (options.Certificate.Length == 0)
        {
            return null;
        }
        try
        {
            // Through PKCS #12, because not every system takes a key that was only just read.
            using var read = X509Certificate2.CreateFromPemFile(options.Certificate);
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(2, $"the certificate {options.Certificate} cannot be read: {e.Message}");
        }
    }
}
