using System.Text.RegularExpressions;
using Fiducial.Dicom;

namespace Fiducial.Archive.Tests;

/// <summary>
/// DCMTK's senders against the archive, and everything read back over HTTP. They parse what they send and write it anew: lengths of
/// sequences may change, and padding behind the pixels is left out. So the bytes are compared, and where they differ what
/// dcmdump prints of both.
/// </summary>
public sealed partial class InteroperabilityTests(ITestOutputHelper output)
{
    // storescu proposes one family of transfer syntaxes in each run.
    private static readonly Dictionary<string, string> Families = new(StringComparer.Ordinal)
    {
        ["1.2.840.10008.1.2"] = "-xi",
        ["1.2.840.10008.1.2.1"] = "-xe",
        ["1.2.840.10008.1.2.2"] = "-xb",
        ["1.2.840.10008.1.2.1.99"] = "-xd",
        ["1.2.840.10008.1.2.4.50"] = "-xy",
        ["1.2.840.10008.1.2.4.51"] = "-xx",
        ["1.2.840.10008.1.2.4.70"] = "-xs",
        ["1.2.840.10008.1.2.4.80"] = "-xt",
        ["1.2.840.10008.1.2.4.81"] = "-xu",
        ["1.2.840.10008.1.2.4.90"] = "-xv",
        ["1.2.840.10008.1.2.4.91"] = "-xw",
        ["1.2.840.10008.1.2.5"] = "-xr",
    };

    [Fact]
    public async Task What_dcmsend_sends_is_answered_with_success_and_reads_back_as_it_was()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var counts = new Counts();
        foreach (var path in WellFormed())
        {
            var (_, said) = await Dcmtk.RunAsync(
                "dcmsend",
                ["-v", "-dn", "-nuc", "-aec", "FIDUCIAL", "127.0.0.1", $"{archive.Server.Port}", path]
            );
            await counts.AddAsync(web, path, said, "Sending C-STORE Request");
        }
        counts.Print(output, "dcmsend");
        counts.Different.Should().BeEmpty();
        counts.Refused.Should().BeEmpty();
        counts.Sent.Should().BeGreaterThan(250);
    }

    [Fact]
    public async Task What_storescu_sends_in_each_family_of_transfer_syntaxes_is_answered_with_success_and_reads_back_as_it_was()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var counts = new Counts();
        foreach (
            var family in WellFormed()
                .GroupBy(p => Families.GetValueOrDefault(DicomFile.Read(p).TransferSyntax.Uid, ""))
        )
        {
            if (family.Key.Length == 0)
            {
                counts.NotSent.AddRange(family.Select(p => $"{p}: storescu does not speak its transfer syntax"));
                continue;
            }
            // As storescu is used: a run for many files, of which it tells one after the other.
            var (_, said) = await Dcmtk.RunAsync(
                "storescu",
                ["-v", family.Key, "-R", "-nh", "-aec", "FIDUCIAL", "127.0.0.1", $"{archive.Server.Port}", .. family]
            );
            var told = said.Split("Sending file: ");
            foreach (var path in family)
            {
                var ofFile = told.FirstOrDefault(t => t.StartsWith(path + "\n", StringComparison.Ordinal)) ?? "";
                await counts.AddAsync(web, path, ofFile, "Sending Store Request");
            }
        }
        counts.Print(output, "storescu");
        counts.Different.Should().BeEmpty();
        counts.Refused.Should().BeEmpty();
        counts.Sent.Should().BeGreaterThan(240);
    }

    [Theory]
    [InlineData("malformed")]
    [InlineData("fuzz")]
    public async Task Whatever_is_sent_the_archive_stays_open(string folder)
    {
        await using var archive = new TemporaryArchive();
        var (sent, stored, refused, notSent) = (0, 0, 0, 0);
        foreach (var path in Samples.Files(Path.Combine("dicom", folder)))
        {
            var (_, said) = await Dcmtk.RunAsync(
                "storescu",
                ["-v", "-aec", "FIDUCIAL", "127.0.0.1", $"{archive.Server.Port}", path]
            );
            var wasSent = said.Contains("Sending Store Request", StringComparison.Ordinal);
            sent += wasSent ? 1 : 0;
            notSent += wasSent ? 0 : 1;
            stored += said.Contains("Response (Success)", StringComparison.Ordinal) ? 1 : 0;
            refused += Regex.Count(said, "Store Response \\((Refused|Error|Failed)");
            // Our own sender sends the bytes of the file, whatever stands in them.
            await SendRawAsync(archive, path);
            var (echo, _) = await Dcmtk.RunAsync(
                "echoscu",
                ["-aec", "FIDUCIAL", "127.0.0.1", $"{archive.Server.Port}"]
            );
            echo.Should().Be(0, path);
        }
        output.WriteLine(
            $"{folder}: storescu sent {sent}, {stored} were stored, {refused} refused with a status, {notSent} not sent by storescu itself"
        );
        (sent + notSent).Should().BePositive();
    }

    // The whole file as if it were a data set in each of three syntaxes: nothing of it is understood by luck.
    private static async Task SendRawAsync(TemporaryArchive archive, string path)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        var start = bytes.AsSpan().StartsWith(new byte[128]) && bytes.Length > 132 ? 132 : 0;
        foreach (var uid in new[] { "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2" })
        {
            await archive.StoreAsync(
                bytes.AsMemory(start),
                "1.2.840.10008.5.1.4.1.1.2",
                "1.2.3.4",
                TransferSyntax.Of(uid)
            );
        }
    }

    private static List<string> WellFormed() =>
        [.. new[] { "modality", "series", "transfer-syntax" }.SelectMany(f => Samples.Files(Path.Combine("dicom", f)))];

    private sealed partial class Counts
    {
        private int _identical;
        private int _equal;

        public int Sent { get; private set; }
        public List<string> NotSent { get; } = [];
        public List<string> Refused { get; } = [];
        public List<string> Different { get; } = [];

        public async Task AddAsync(HttpClient web, string path, string said, string sending)
        {
            if (!said.Contains(sending, StringComparison.Ordinal))
            {
                NotSent.Add(
                    $"{path}: {said.Split('\n').FirstOrDefault(l => l.StartsWith("E:", StringComparison.Ordinal))}"
                );
                return;
            }
            Sent++;
            if (!said.Contains("Response (Success)", StringComparison.Ordinal))
            {
                Refused.Add($"{path}: {said}");
                return;
            }
            var file = DicomFile.Read(path);
            var sent = File.ReadAllBytes(path);
            var readBack = await web.ReadBackAsync(UidOf(file));
            if (readBack.Exists(r => IsSame(DicomWebClient.DataSetOf(r), sent.AsSpan((int)file.DataSetOffset))))
            {
                _identical++;
                return;
            }
            var expected = await DumpAsync(sent);
            foreach (var one in readBack)
            {
                if (await DumpAsync(one) == expected)
                {
                    _equal++;
                    return;
                }
            }
            Different.Add(path);
        }

        public void Print(ITestOutputHelper output, string sender)
        {
            NotSent.Concat(Refused).Concat(Different).ToList().ForEach(output.WriteLine);
            output.WriteLine(
                Proof.Say(
                    $"gate 3: {sender}: {Sent} sent and answered with success, {_identical} read back byte for byte, {_equal} equal in what dcmdump prints of them, {Different.Count} different, {Refused.Count} refused, {NotSent.Count} not sent by the tool itself"
                )
            );
        }

        private static string UidOf(DicomFile file) =>
            file.DataSet.GetString(DicomTags.SOPInstanceUID)
            ?? file.FileMeta.GetString(DicomTags.MediaStorageSOPInstanceUID)!;

        // An odd data set is padded on the wire (PS3.5 7.1.1).
        private static bool IsSame(ReadOnlySpan<byte> readBack, ReadOnlySpan<byte> sent) =>
            readBack.Length == sent.Length + (sent.Length & 1) && readBack.StartsWith(sent);

        // Tags and values. Lengths, value representations, group lengths and padding may change where a sender encodes anew.
        private static async Task<string> DumpAsync(byte[] part10)
        {
            var path = Path.GetTempFileName();
            try
            {
                await File.WriteAllBytesAsync(path, part10);
                var (_, said) = await Dcmtk.RunAsync("dcmdump", ["-q", "+L", path]);
                return string.Join('\n', said.Split('\n').Where(l => !Unimportant().IsMatch(l)).Select(Plain));
            }
            finally
            {
                File.Delete(path);
            }
        }

        private static string Plain(string line)
        {
            var end = line.LastIndexOf('#');
            var plain = (end < 0 ? line : line[..end]).Trim();
            return
                plain.Contains(" (Sequence with", StringComparison.Ordinal)
                || plain.Contains(" (Item with", StringComparison.Ordinal)
                || plain.Length < 16
                ? plain[..Math.Min(plain.Length, 11)]
                : plain[..11] + plain[15..];
        }

        [GeneratedRegex(@"^\s*(#|$|\(0002,|\(fffe,e00d|\(fffe,e0dd|\(fffc,fffc|\([0-9a-f]{4},0000\))")]
        private static partial Regex Unimportant();
    }
}
