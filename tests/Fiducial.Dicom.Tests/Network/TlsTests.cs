using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.Dicom.Tests.Network;

public sealed class TlsTests : IAsyncDisposable
{
    private readonly X509Certificate2 _ours = Certificate("FIDUCIAL");
    private readonly X509Certificate2 _theirs = Certificate("MODALITY");
    private readonly MemoryReceiver _receiver = new();
    private readonly Seen _seen = new();
    private readonly DicomServer _server;

    public TlsTests()
    {
        _server = new DicomServer(
            new DicomServerOptions
            {
                Port = 0,
                TlsPort = 0,
                Tls = new TlsIdentity
                {
                    Certificate = _ours,
                    IsRegistered = t => t == TlsIdentity.ThumbprintOf(_theirs),
                },
                Artim = TimeSpan.FromSeconds(20),
            },
            _seen,
            _receiver,
            NullLoggerFactory.Instance
        );
        _server.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public async Task Objects_pass_unchanged_and_the_peer_is_known_by_its_certificate()
    {
        var bytes = new byte[10_000_000];
        Random.Shared.NextBytes(bytes);
        await using var client = await ConnectAsync(_theirs, _ours);
        var status = await client.StoreAsync(
            new ObjectToSend(
                DicomUids.CTImageStorage,
                "1.2.3",
                DicomUids.ExplicitVRLittleEndian,
                (sender, ct) => sender.WriteAsync(bytes, ct).AsTask()
            )
        );
        status.IsSuccess.Should().BeTrue();
        await client.ReleaseAsync();
        _receiver.Objects["1.2.3"].Bytes.Should().Equal(bytes);
        _seen.Peer!.CertificateThumbprint.Should().Be(TlsIdentity.ThumbprintOf(_theirs));
    }

    [Fact]
    public async Task Certificates_that_are_not_registered_come_to_nothing_on_either_side()
    {
        using var stranger = Certificate("STRANGER");
        var asStranger = () => UseAsync(ConnectAsync(stranger, _ours));
        await asStranger.Should().ThrowAsync<AssociationException>();
        var toStranger = () => UseAsync(ConnectAsync(_theirs, stranger));
        await toStranger.Should().ThrowAsync<AssociationException>();
        _seen.Peer.Should().BeNull();
    }

    [Fact]
    public async Task Who_speaks_in_plain_at_the_port_for_tls_gets_no_answer_in_dicom()
    {
        using var peer = await RawPeer.ConnectAsync(_server.TlsPort);
        await peer.SendAsync(RawPeer.Request.ToBytes());
        var answer = () => peer.ReadAsync();
        (await answer.Should().CompleteWithinAsync(TimeSpan.FromSeconds(10))).Which.FirstOrDefault().Should().NotBe(2);
        _seen.Peer.Should().BeNull();
    }

    [Theory]
    [InlineData("echoscu")]
    [InlineData("storescu")]
    public async Task Dcmtk_speaks_tls_with_us(string tool)
    {
        var folder = Directory.CreateTempSubdirectory("fiducial-tls-");
        try
        {
            string At(string name) => Path.Combine(folder.FullName, name);
            await File.WriteAllTextAsync(At("key.pem"), Key(_theirs));
            await File.WriteAllTextAsync(At("cert.pem"), _theirs.ExportCertificatePem());
            await File.WriteAllTextAsync(At("server.pem"), _ours.ExportCertificatePem());
            await using (var file = File.Create(At("image.dcm")))
            {
                DicomFile.Write(
                    file,
                    new DicomDataSet()
                        .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
                        .Set(DicomTags.SOPInstanceUID, "1.2.3.4")
                        .Set(DicomTags.PatientID, "P"),
                    TransferSyntax.ExplicitVRLittleEndian
                );
            }
            string[] arguments =
            [
                "+tls",
                At("key.pem"),
                At("cert.pem"),
                "+cf",
                At("server.pem"),
                "-aec",
                "FIDUCIAL",
                "127.0.0.1",
                $"{_server.TlsPort}",
            ];
            var start = new ProcessStartInfo(tool, tool is "storescu" ? [.. arguments, At("image.dcm")] : arguments)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using var process = Start(start);
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            process.ExitCode.Should().Be(0, error);
            _seen.Peer!.CertificateThumbprint.Should().Be(TlsIdentity.ThumbprintOf(_theirs));
            _receiver.Objects.ContainsKey("1.2.3.4").Should().Be(tool is "storescu");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"DCMTK's {start.FileName} is not installed.");
            throw;
        }
    }

    private Task<DicomClient> ConnectAsync(X509Certificate2 shown, X509Certificate2 expected) =>
        DicomClient.ConnectAsync(
            new DicomClientOptions
            {
                Host = "127.0.0.1",
                Port = _server.TlsPort,
                CallingAE = "MODALITY",
                CalledAE = "FIDUCIAL",
                Contexts =
                [
                    new ProposedContext(1, DicomUids.CTImageStorage, [DicomUids.ExplicitVRLittleEndian]),
                    new ProposedContext(3, DicomUids.Verification, [DicomUids.ImplicitVRLittleEndian]),
                ],
                Tls = new TlsIdentity
                {
                    Certificate = shown,
                    IsRegistered = t => t == TlsIdentity.ThumbprintOf(expected),
                },
            }
        );

    // TLS 1.3 tells a client that its certificate was refused only when it reads.
    private static async Task UseAsync(Task<DicomClient> connecting)
    {
        await using var client = await connecting;
        await client.EchoAsync();
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1),
            TimeProvider.System.GetUtcNow().AddDays(1)
        );
        return X509CertificateLoader.LoadPkcs12(
            made.Export(X509ContentType.Pkcs12),
            null,
            X509KeyStorageFlags.Exportable
        );
    }

    private static string Key(X509Certificate2 certificate)
    {
        using var key = certificate.GetRSAPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private sealed class Seen : IAssociationPolicy
    {
        public AssociationPeer? Peer { get; private set; }

        public AssociationRejection? Judge(AssociateRequest request, AssociationPeer peer)
        {
            Peer = peer;
            return null;
        }
    }
}
