using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Fiducial.Archive;
using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Pathway.Exams;
using Fiducial.Server.Bridges;
using Fiducial.Server.Commands;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Server.Tests;

/// <summary>A plain archive and a workstation of another make (dcmjs-dimse), which speak TLS with each other in both directions.</summary>
public sealed class TlsWorkstationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_workstation_of_another_make_stores_finds_gets_and_is_sent_to_over_tls_and_a_stranger_gets_nothing()
    {
        await DcmjsDimse.InstalledAsync();
        Certificate("ours");
        Certificate("stranger");
        var port = FreePort();
        await using var archive = ServeArchive.Build(
            new ClinicOptions
            {
                Data = Path.Combine(_folder, "data"),
                Http = 0,
                Dicom = 0,
                DicomTls = 0,
                Certificate = WithKey("ours"),
                Devices = [new Device("OTHERMAKE", "127.0.0.1", port, DeviceRole.Workstation, Certificate("theirs"))],
            }
        );
        await archive.StartAsync();

        var order = new ExamRecord
        {
            Id = Guid.NewGuid(),
            PatientId = "FID-0001",
            PatientName = "Doe^Paul",
            PatientBirthDate = "19700101",
            PatientSex = "M",
            AccessionNumber = "A0001",
        };
        var image = Modality.Image(order, "PA", "L", 1);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "image.dcm"), Modality.Part10(image).Bytes);
        var (study, instance) = (
            image.GetString(DicomTags.StudyInstanceUID)!,
            image.GetString(DicomTags.SOPInstanceUID)!
        );

        using var told = await DcmjsDimse.RunAsync(
            "workstation.cjs",
            $"{archive.Services.GetRequiredService<DicomHost>().TlsPort}",
            $"{port}",
            _folder,
            study
        );
        Statuses(told, "echo").Should().Equal(0);
        Statuses(told, "store").Should().Equal(0);
        archive.Services.GetRequiredService<IImageArchive>().Find(instance).Should().NotBeNull();
        Statuses(told, "find").Should().Equal(0xFF00, 0);
        told.RootElement.GetProperty("find")[0]
            .GetProperty("set")
            .GetProperty("StudyInstanceUID")
            .GetString()
            .Should()
            .Be(study);
        var pixels = Convert.ToHexStringLower(SHA256.HashData(image.Find(DicomTags.PixelData)!.Value.ToArray()));
        foreach (var way in new[] { ("get", "got"), ("move", "taken") })
        {
            Statuses(told, way.Item1).Should().EndWith(0);
            var came = told.RootElement.GetProperty(way.Item2).EnumerateArray().Should().ContainSingle().Subject;
            came.GetProperty("uid").GetString().Should().Be(instance);
            came.GetProperty("sha256").GetString().Should().Be(pixels, way.Item1);
        }
        Statuses(told, "stranger").Should().BeEmpty();
        Statuses(told, "plain").Should().BeEmpty();
        await archive.StopAsync();
    }

    private static int[] Statuses(JsonDocument told, string of) =>
        [.. told.RootElement.GetProperty(of).EnumerateArray().Select(a => a.GetProperty("status").GetInt32())];

    /// <summary>Writes a certificate of this machine's address and its key.</summary>
    /// <returns>Its thumbprint.</returns>
    private string Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(
            DateTimeOffset.UnixEpoch.AddYears(50),
            DateTimeOffset.UnixEpoch.AddYears(100)
        );
        File.WriteAllText(Path.Combine(_folder, $"{name}.pem"), made.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, $"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return TlsIdentity.ThumbprintOf(made);
    }

    private string WithKey(string name)
    {
        var both = Path.Combine(_folder, $"{name}-with-key.pem");
        File.WriteAllText(
            both,
            File.ReadAllText(Path.Combine(_folder, $"{name}.pem"))
                + "\n"
                + File.ReadAllText(Path.Combine(_folder, $"{name}.key"))
        );
        return both;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
