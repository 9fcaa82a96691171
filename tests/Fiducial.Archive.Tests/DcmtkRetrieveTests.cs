using Fiducial.Archive.Devices;
using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

/// <summary>DCMTK's tools ask and receive: in a network of their own, because they listen on every address.</summary>
public sealed class DcmtkRetrieveTests
{
    private const int ToolPort = 11113;

    [Fact]
    public Task Movescu_moves_every_transfer_syntax_to_storescp_byte_for_byte() =>
        PrivateNetwork.RunAsync(
            typeof(DcmtkRetrieveTests),
            async () =>
            {
                await using var archive = new RetrieveArchive();
                var sent = await RetrieveTests.SamplesOfEachSyntaxAsync(archive);
                archive.Devices.Add(new Device("MOVEDEST", "127.0.0.1", ToolPort, DeviceRole.PeerArchive));
                var folder = Directory.CreateTempSubdirectory("fiducial-storescp-");
                try
                {
                    await using var storescp = await Tool.ListeningAsync(
                        ToolPort,
                        "storescp",
                        ["+B", "+xa", "-aet", "MOVEDEST", "-od", folder.FullName, $"{ToolPort}"]
                    );
                    foreach (var (path, file) in sent.Where(f => KnownToStorescp(f.File.TransferSyntax.Uid)))
                    {
                        var keys = RetrieveTests.KeysOf(archive, RetrieveTests.IdentityOf(file).Instance);
                        var (code, output) = await Tool.RunAsync(
                            "movescu",
                            [
                                "-v",
                                "-S",
                                "-aec",
                                "FIDUCIAL",
                                "-aem",
                                "MOVEDEST",
                                .. Keys(keys),
                                "127.0.0.1",
                                $"{archive.Port}",
                            ]
                        );
                        code.Should().Be(0, output);
                        output.Should().Contain("Success").And.NotContain("Warning", path);
                        Received(folder, path, file);
                    }
                }
                finally
                {
                    folder.Delete(recursive: true);
                }
            },
            ["movescu", "storescp"]
        );

    [Fact]
    public Task Movescu_is_told_of_an_unknown_destination_and_receives_by_itself() =>
        PrivateNetwork.RunAsync(
            typeof(DcmtkRetrieveTests),
            async () =>
            {
                await using var archive = new RetrieveArchive();
                var study = DicomUidFactory.New();
                for (var i = 0; i < 16; i++)
                {
                    await archive.SendAsync(TestImages.Grey(32, 32, studyUid: study));
                }
                string[] ask =
                [
                    "-v",
                    "-S",
                    "-aec",
                    "FIDUCIAL",
                    "-k",
                    "QueryRetrieveLevel=STUDY",
                    "-k",
                    $"StudyInstanceUID={study}",
                ];
                var (_, unknown) = await Tool.RunAsync(
                    "movescu",
                    [.. ask, "-aem", "NOBODY", "127.0.0.1", $"{archive.Port}"]
                );
                unknown.Should().Contain("MoveDestinationUnknown");
                archive.Devices.Add(new Device("TESTSCU", "127.0.0.1", ToolPort, DeviceRole.Workstation));
                var folder = Directory.CreateTempSubdirectory("fiducial-movescu-");
                try
                {
                    var (code, output) = await Tool.RunAsync(
                        "movescu",
                        [
                            .. ask,
                            "-aet",
                            "TESTSCU",
                            "-aem",
                            "TESTSCU",
                            "+P",
                            $"{ToolPort}",
                            "-od",
                            folder.FullName,
                            "127.0.0.1",
                            $"{archive.Port}",
                        ]
                    );
                    code.Should().Be(0, output);
                    folder.GetFiles().Should().HaveCount(16);
                }
                finally
                {
                    folder.Delete(recursive: true);
                }
            },
            ["movescu"]
        );

    [Theory]
    [InlineData("+xs", "1.2.840.10008.1.2.4.70")]
    [InlineData("+xv", "1.2.840.10008.1.2.4.90")]
    [InlineData("+xw", "1.2.840.10008.1.2.4.91")]
    [InlineData("+xt", "1.2.840.10008.1.2.4.80")]
    [InlineData("+xr", "1.2.840.10008.1.2.5")]
    [InlineData("+xd", "1.2.840.10008.1.2.1.99")]
    // Not +xi: DCMTK 3.6.7 then proposes explicit VR.
    [InlineData("+x=", "1.2.840.10008.1.2")]
    [InlineData("+xb", "1.2.840.10008.1.2.2")]
    [InlineData("+x=", "1.2.840.10008.1.2.1")]
    public async Task Getscu_gets_what_was_stored_byte_for_byte(string option, string syntax)
    {
        await using var archive = new RetrieveArchive();
        var sample = RetrieveTests.WholeFiles.Value.FirstOrDefault(f =>
            f.File.TransferSyntax.Uid == syntax
            // Of a class that getscu proposes.
            && RetrieveTests.IdentityOf(f.File).SopClass
                is DicomUids.CTImageStorage
                    or DicomUids.MRImageStorage
                    or DicomUids.SecondaryCaptureImageStorage
                    or DicomUids.UltrasoundImageStorage
                    or DicomUids.ComputedRadiographyImageStorage
        );
        Assert.SkipUnless(sample.File is not null, $"No sample in {syntax}.");
        await archive.SendAsync(sample.Path);
        var keys = RetrieveTests.KeysOf(archive, RetrieveTests.IdentityOf(sample.File).Instance);
        var folder = Directory.CreateTempSubdirectory("fiducial-getscu-");
        try
        {
            var (code, output) = await Tool.RunAsync(
                "getscu",
                [
                    "-v",
                    "-S",
                    "-aec",
                    "FIDUCIAL",
                    option,
                    "+B",
                    "-od",
                    folder.FullName,
                    .. Keys(keys),
                    "127.0.0.1",
                    $"{archive.Port}",
                ]
            );
            code.Should().Be(0, output);
            Received(folder, sample.Path, sample.File);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // DCMTK 3.6.7 takes no other, whatever it is told: JPEG process 14, HTJ2K and JPEG XL among them.
    private static bool KnownToStorescp(string syntax) =>
        syntax
            is "1.2.840.10008.1.2"
                or "1.2.840.10008.1.2.1"
                or "1.2.840.10008.1.2.1.99"
                or "1.2.840.10008.1.2.2"
                or "1.2.840.10008.1.2.4.50"
                or "1.2.840.10008.1.2.4.51"
                or "1.2.840.10008.1.2.4.70"
                or "1.2.840.10008.1.2.4.80"
                or "1.2.840.10008.1.2.4.81"
                or "1.2.840.10008.1.2.4.90"
                or "1.2.840.10008.1.2.4.91"
                or "1.2.840.10008.1.2.5";

    private static void Received(DirectoryInfo folder, string path, DicomFile sent)
    {
        var received = folder.GetFiles().Single();
        var file = DicomFile.Read(received.FullName);
        file.TransferSyntax.Uid.Should().Be(sent.TransferSyntax.Uid, path);
        RetrieveTests
            .DataSetOf(received.FullName, file)
            .AsSpan()
            .SequenceEqual(RetrieveTests.DataSetOf(path, sent))
            .Should()
            .BeTrue(path);
        received.Delete();
    }

    private static IEnumerable<string> Keys(DicomDataSet keys) =>
        keys.SelectMany(k => new[] { "-k", $"{k.Tag.Group:X4},{k.Tag.Element:X4}={keys.GetString(k.Tag)}" });
}
