using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Archive.Tests;

/// <summary>Servers of other makes, asked and fed by our requestor: in a network of their own, because they listen on every address.</summary>
public sealed class PeerTests
{
    private const int PeerPort = 11114;
    private const string Find = DicomUids.StudyRootQueryRetrieveInformationModelFind;
    private const string Move = DicomUids.StudyRootQueryRetrieveInformationModelMove;
    private const string Get = DicomUids.StudyRootQueryRetrieveInformationModelGet;

    [Fact]
    public Task Dcmqrscp_takes_finds_moves_and_gives_what_we_sent() =>
        PrivateNetwork.RunAsync(
            typeof(PeerTests),
            async () =>
            {
                await using var folder = new Folder();
                await using var archive = new RetrieveArchive();
                await File.WriteAllTextAsync(
                    folder.At("dcmqrscp.cfg"),
                    $"""
                    NetworkTCPPort = {PeerPort}
                    MaxPDUSize = 16384
                    MaxAssociations = 16
                    HostTable BEGIN
                    fiducial = (FIDUCIAL, 127.0.0.1, {archive.Port})
                    HostTable END
                    VendorTable BEGIN
                    VendorTable END
                    AETable BEGIN
                    PEER {folder.At("db")} RW (200, 1024mb) ANY
                    AETable END
                    """
                );
                Directory.CreateDirectory(folder.At("db"));
                await using var peer = await Tool.ListeningAsync(
                    PeerPort,
                    "dcmqrscp",
                    ["-c", folder.At("dcmqrscp.cfg")]
                );
                await RoundAsync(archive, "PEER");
            },
            ["dcmqrscp"]
        );

    [Fact]
    public Task Orthanc_takes_finds_moves_and_gives_what_we_sent() =>
        PrivateNetwork.RunAsync(
            typeof(PeerTests),
            async () =>
            {
                await using var folder = new Folder();
                await using var archive = new RetrieveArchive();
                await File.WriteAllTextAsync(
                    folder.At("orthanc.json"),
                    $$"""
                    { "Name": "peer", "StorageDirectory": "{{folder.At("db")}}", "IndexDirectory": "{{folder.At(
                        "db"
                    )}}", "Plugins": [],
                      "HttpServerEnabled": false, "DicomAet": "ORTHANC", "DicomPort": {{PeerPort}}, "DicomCheckModalityHost": false,
                      "DicomAlwaysAllowGet": true, "DicomAlwaysAllowMove": true, "DicomAlwaysAllowFind": true,
                      "DicomModalities": { "fiducial": ["FIDUCIAL", "127.0.0.1", {{archive.Port}}],
                                           "test": { "AET": "TEST", "Host": "127.0.0.1", "Port": 104, "AllowGet": true, "AllowMove": true, "AllowFind": true } } }
                    """
                );
                await using var peer = await Tool.ListeningAsync(
                    PeerPort,
                    "/usr/sbin/Orthanc",
                    [folder.At("orthanc.json")]
                );
                await RoundAsync(archive, "ORTHANC");
            },
            ["Orthanc"]
        );

    [Fact]
    public Task Orthanc_speaks_tls_with_us_in_both_directions() =>
        PrivateNetwork.RunAsync(
            typeof(PeerTests),
            async () =>
            {
                await using var folder = new Folder();
                using var ours = Certificate("FIDUCIAL");
                using var theirs = Certificate("ORTHANC");
                var tls = new TlsIdentity
                {
                    Certificate = ours,
                    IsRegistered = t => t == TlsIdentity.ThumbprintOf(theirs),
                };
                await using var archive = new RetrieveArchive(tls: tls);
                await File.WriteAllTextAsync(folder.At("ours.pem"), ours.ExportCertificatePem());
                await File.WriteAllTextAsync(folder.At("theirs.pem"), theirs.ExportCertificatePem());
                await File.WriteAllTextAsync(
                    folder.At("key.pem"),
                    theirs.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem()
                );
                await File.WriteAllTextAsync(
                    folder.At("orthanc.json"),
                    $$"""
                    { "Name": "peer", "StorageDirectory": "{{folder.At("db")}}", "IndexDirectory": "{{folder.At(
                        "db"
                    )}}", "Plugins": [],
                      "HttpServerEnabled": false, "DicomAet": "ORTHANC", "DicomPort": {{PeerPort}}, "DicomCheckModalityHost": false,
                      "DicomAlwaysAllowMove": true, "DicomTlsEnabled": true, "DicomTlsCertificate": "{{folder.At(
                        "theirs.pem"
                    )}}",
                      "DicomTlsPrivateKey": "{{folder.At("key.pem")}}", "DicomTlsTrustedCertificates": "{{folder.At(
                        "ours.pem"
                    )}}",
                      "DicomModalities": { "fiducial": { "AET": "FIDUCIAL", "Host": "127.0.0.1", "Port": {{archive.Server.TlsPort}}, "UseDicomTls": true },
                                           "test": { "AET": "TEST", "Host": "127.0.0.1", "Port": 104, "AllowMove": true } } }
                    """
                );
                await using var peer = await Tool.ListeningAsync(
                    PeerPort,
                    "/usr/sbin/Orthanc",
                    [folder.At("orthanc.json")]
                );
                var set = TestImages.Grey(64, 64);
                using var bytes = new MemoryStream();
                DicomFile.Write(bytes, set, TransferSyntax.ExplicitVRLittleEndian);
                var file = DicomFile.Read(bytes);
                Task<DicomClient> OpenAsync(TlsIdentity? identity) =>
                    DicomClient.ConnectAsync(
                        new DicomClientOptions
                        {
                            Host = "127.0.0.1",
                            Port = PeerPort,
                            CallingAE = "TEST",
                            CalledAE = "ORTHANC",
                            Contexts =
                            [
                                .. DicomClient.ContextsFor([file]),
                                new ProposedContext(101, Move, [DicomUids.ExplicitVRLittleEndian]),
                            ],
                            Tls = identity,
                        }
                    );
                await using (var client = await OpenAsync(tls))
                {
                    (await client.StoreAsync(file, bytes)).IsSuccess.Should().BeTrue();
                    var keys = new DicomDataSet()
                        .Set(DicomTags.QueryRetrieveLevel, "STUDY")
                        .Set(DicomTags.StudyInstanceUID, set.GetString(DicomTags.StudyInstanceUID)!);
                    (await client.MoveAsync(Move, "FIDUCIAL", keys)).Status.IsSuccess.Should().BeTrue();
                    await client.ReleaseAsync();
                }
                archive.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!).Should().NotBeNull();
                // In plain it does not talk, and neither do we.
                await ((Func<Task>)(() => OpenAsync(null))).Should().ThrowAsync<AssociationException>();
            },
            ["Orthanc"]
        );

    private static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
    }

    [Fact]
    public Task Wlmscpfs_gives_its_worklist() =>
        PrivateNetwork.RunAsync(
            typeof(PeerTests),
            async () =>
            {
                await using var folder = new Folder();
                var list = Directory.CreateDirectory(folder.At("WLAE"));
                foreach (
                    var file in Samples.Files("dicom/worklist").Where(f => f.EndsWith(".wl", StringComparison.Ordinal))
                )
                {
                    File.Copy(file, Path.Combine(list.FullName, Path.GetFileName(file)));
                }
                await File.WriteAllTextAsync(Path.Combine(list.FullName, "lockfile"), "");
                await using var peer = await Tool.ListeningAsync(
                    PeerPort,
                    "wlmscpfs",
                    ["-dfp", folder.At(""), $"{PeerPort}"]
                );
                const string Worklist = DicomUids.ModalityWorklistInformationModelFind;
                await using var client = await ConnectAsync("WLAE", DicomClientOptions.ContextOf(Worklist));
                var keys = new DicomDataSet()
                    .Set(DicomTags.PatientName, "")
                    .Set(DicomTags.AccessionNumber, "")
                    .SetItems(
                        DicomTags.ScheduledProcedureStepSequence,
                        new DicomDataSet().Set(DicomTags.Modality, "").Set(DicomTags.ScheduledStationAETitle, "")
                    );
                var names = new List<string>();
                await foreach (var item in client.FindAsync(Worklist, keys))
                {
                    names.Add(item.GetString(DicomTags.PatientName) ?? "");
                    item.GetItems(DicomTags.ScheduledProcedureStepSequence).Should().ContainSingle();
                }
                await client.ReleaseAsync();
                names.Should().HaveCount(list.GetFiles("*.wl").Length).And.NotContain("");
            },
            ["wlmscpfs"]
        );

    // To the peer and back by C-GET, and from the peer to the archive by C-MOVE.
    private static async Task RoundAsync(RetrieveArchive archive, string title)
    {
        var sent = RetrieveTests
            .WholeFiles.Value.Where(f =>
                f.File.TransferSyntax.Uid is DicomUids.ExplicitVRLittleEndian
                && RetrieveTests.IdentityOf(f.File).SopClass is DicomUids.CTImageStorage or DicomUids.MRImageStorage
                && f.File.DataSet.GetString(DicomTags.PatientID) is not null
            )
            .DistinctBy(f => RetrieveTests.IdentityOf(f.File).Instance)
            .DistinctBy(f => f.File.DataSet.GetString(DicomTags.StudyInstanceUID))
            .Take(3)
            .ToList();
        sent.Should().NotBeEmpty();
        await using (var client = await ConnectAsync(title, DicomClient.ContextsFor(sent.Select(s => s.File))))
        {
            foreach (var (path, file) in sent)
            {
                await using var stream = File.OpenRead(path);
                (await client.StoreAsync(file, stream)).IsSuccess.Should().BeTrue(path);
            }
            await client.ReleaseAsync();
        }
        foreach (var (path, file) in sent)
        {
            var (sopClass, instance) = RetrieveTests.IdentityOf(file);
            await using var client = await ConnectAsync(
                title,
                DicomClientOptions.ContextsOf(
                    new[] { Find, Move, Get, sopClass }.Select(c => (c, DicomUids.ExplicitVRLittleEndian))
                ),
                new RoleSelection(sopClass, Scu: false, Scp: true)
            );
            var keys = new DicomDataSet()
                .Set(DicomTags.QueryRetrieveLevel, "STUDY")
                .Set(DicomTags.StudyInstanceUID, file.DataSet.GetString(DicomTags.StudyInstanceUID)!);
            var found = 0;
            await foreach (var _ in client.FindAsync(Find, keys))
            {
                found++;
            }
            found.Should().Be(1, path);
            var here = new Collected();
            (await client.GetAsync(Get, keys, here)).Status.IsSuccess.Should().BeTrue(path);
            // They write group lengths and explicit sequence lengths as they like; the image is the same.
            PixelsOf(here.Objects[instance].Bytes).Should().Equal(PixelsOf(RetrieveTests.DataSetOf(path, file)), path);
            (await client.MoveAsync(Move, "FIDUCIAL", keys)).Status.IsSuccess.Should().BeTrue(path);
            archive.Images.Find(instance).Should().NotBeNull(path);
            await client.ReleaseAsync();
        }
    }

    private static byte[] PixelsOf(byte[] dataSet) =>
        DicomFile
            .ReadDataSet(
                dataSet,
                TransferSyntax.ExplicitVRLittleEndian,
                new DicomReadOptions { LargestValueLoaded = long.MaxValue },
                out _
            )
            .Find(DicomTags.PixelData)!
            .Value.ToArray();

    private static Task<DicomClient> ConnectAsync(
        string title,
        IReadOnlyList<ProposedContext> contexts,
        params RoleSelection[] roles
    ) =>
        DicomClient.ConnectAsync(
            new DicomClientOptions
            {
                Host = "127.0.0.1",
                Port = PeerPort,
                CallingAE = "TEST",
                CalledAE = title,
                Contexts = contexts,
                Roles = roles,
            }
        );

    private sealed class Folder : IAsyncDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fiducial-peer-");

        public string At(string name) => Path.Combine(_folder.FullName, name);

        public ValueTask DisposeAsync()
        {
            _folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
