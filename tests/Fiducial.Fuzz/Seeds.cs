using System.Text;
using Fiducial.Dicom;

namespace Fiducial.Fuzz;

/// <summary>Inputs to begin with: some that are built here, and the smaller sample files where they are.</summary>
internal static class Seeds
{
    private const int LargestSeed = 24 * 1024;
    private const int MostSamples = 120;

    public static IReadOnlyList<byte[]> For(Target target) =>
        target.Name switch
        {
            "dataset" => [.. DataSets(), .. SampleFiles().Select(f => f[Math.Min(f.Length, 131)..])],
            "part10" or "dicomdir" => [.. Files(), .. SampleFiles()],
            "json" => [.. Sets().Select(s => DicomJson.ToBytes(s, e => e.Tag.ToHex()))],
            "charset" => [.. Names()],
            "deidentify" =>
            [
                .. DataSets().SelectMany(d => new[] { 0, 0x55, 0xFF }.Select(o => WithOptions(d, (byte)o))),
            ],
            "rle" => [.. PixelSeeds.RunLengths()],
            "codestream" => [.. PixelSeeds.Codestreams()],
            "fragments" => [.. PixelSeeds.Fragments(), .. Files(), .. SampleFiles()],
            "pixels" => [.. PixelSeeds.Choices()],
            "association" => [.. NetworkSeeds.Associations()],
            "multipart" => [.. NetworkSeeds.Bodies(Files())],
            _ => [.. Pdus()],
        };

    private static IEnumerable<byte[]> SampleFiles() =>
        !Directory.Exists(Path.Combine(Samples.Root, "dicom"))
            ? []
            : Directory
                .EnumerateFiles(Path.Combine(Samples.Root, "dicom"), "*", SearchOption.AllDirectories)
                .Where(path => new FileInfo(path).Length < LargestSeed)
                .Order(StringComparer.Ordinal)
                .Where((_, i) => i % 2 == 0)
                .Take(MostSamples)
                .Select(File.ReadAllBytes);

    private static IEnumerable<DicomDataSet> Sets()
    {
        var image = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 192")
            .Set(DicomTags.SOPClassUID, DicomUids.CTImageStorage)
            .Set(DicomTags.SOPInstanceUID, "1.2.3")
            .Set(DicomTags.PatientName, "Müller^Jürgen=山田")
            .Set(DicomTags.PatientAddress, "1 Main Street")
            .Set(DicomTags.StudyInstanceUID, "1.2.3.4")
            .Set(DicomTags.SeriesInstanceUID, "1.2.3.5")
            .Set(DicomTags.StudyDate, "20260101")
            .Set(DicomTags.Rows, 2)
            .Set(DicomTags.Columns, 2)
            .Set(DicomTags.PixelSpacing, "0.5", "0.25")
            .SetItems(
                DicomTags.ReferencedStudySequence,
                new DicomDataSet().SetItems(
                    DicomTags.ReferencedSeriesSequence,
                    new DicomDataSet().Set(DicomTags.SeriesInstanceUID, "1.2")
                ),
                new DicomDataSet()
            )
            .SetPrivate(0x0029, "ACME", 0x10, DicomVR.UN, new byte[] { 0xFE, 0xFF, 0, 0xE0, 0, 0, 0, 0 })
            .SetBytes(DicomTags.PixelData, DicomVR.OW, new byte[8]);
        yield return image;
        var everyVR = new DicomDataSet();
        ushort element = 0x1010;
        foreach (var vr in Enum.GetValues<DicomVR>().Where(vr => vr is not DicomVR.SQ))
        {
            everyVR.SetBytes(new DicomTag(0x0009, element++), vr, "12345678"u8.ToArray());
        }
        yield return everyVR;
    }

    private static IEnumerable<byte[]> DataSets()
    {
        byte choice = 0;
        foreach (
            var syntax in new[]
            {
                TransferSyntax.ImplicitVRLittleEndian,
                TransferSyntax.ExplicitVRLittleEndian,
                TransferSyntax.ExplicitVRBigEndian,
            }
        )
        {
            foreach (var set in Sets())
            {
                using var stream = new MemoryStream();
                stream.WriteByte(choice);
                DicomFile.WriteDataSet(stream, set, syntax);
                yield return stream.ToArray();
            }
            choice++;
        }
        var encapsulated = Encapsulated();
        using var last = new MemoryStream();
        last.WriteByte(choice);
        DicomFile.WriteDataSet(last, encapsulated, TransferSyntax.RLELossless);
        yield return last.ToArray();
    }

    private static IEnumerable<byte[]> Files()
    {
        foreach (
            var syntax in new[]
            {
                TransferSyntax.ImplicitVRLittleEndian,
                TransferSyntax.ExplicitVRLittleEndian,
                TransferSyntax.DeflatedExplicitVRLittleEndian,
                TransferSyntax.ExplicitVRBigEndian,
            }
        )
        {
            using var stream = new MemoryStream();
            DicomFile.Write(stream, Sets().First(), syntax);
            yield return stream.ToArray();
        }
        using var last = new MemoryStream();
        DicomFile.Write(last, Encapsulated(), TransferSyntax.RLELossless);
        yield return last.ToArray();
    }

    private static DicomDataSet Encapsulated()
    {
        var set = Sets().First().Set(DicomTags.NumberOfFrames, 2);
        set.Add(
            new DicomElement
            {
                Tag = DicomTags.PixelData,
                VR = DicomVR.OB,
                OffsetTable = new byte[] { 0, 0, 0, 0, 10, 0, 0, 0 },
                LoadedFragments = [new byte[] { 1, 2 }, new byte[] { 3, 4 }, new byte[] { 5, 6 }],
            }
        );
        return set;
    }

    private static byte[] WithOptions(byte[] dataSet, byte options) => [dataSet[0], options, .. dataSet[1..]];

    private static IEnumerable<byte[]> Names()
    {
        string[] names =
        [
            "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B",
            "\u001b$)C\u00fb\u00f3^\u001b$)C\u00d1\u00ce",
            "\u001b$)A\u00d5\u00c5\\\u001b-L\u00bb",
            "\u00d4\u00cf\u00c0\u00de^\u0083\u005c",
            "\u001b$(D0!\u001b(J~",
        ];
        for (byte choice = 0; choice < 10; choice++)
        {
            foreach (var name in names)
            {
                yield return [choice, .. Encoding.Latin1.GetBytes(name)];
            }
        }
    }

    private static IEnumerable<byte[]> Pdus()
    {
        // A-ASSOCIATE-RQ and -AC (PS3.8 9.3.2, 9.3.3) after their first six bytes: version, titles, application context, one
        // presentation context, user information with maximum length and implementation.
        byte[] head = [0, 1, 0, 0, .. "FIDUCIAL        MODALITY        "u8, .. new byte[32]];
        byte[] application = Item(0x10, "1.2.840.10008.3.1.1.1"u8);
        byte[] user = Item(
            0x50,
            [
                .. Item(0x51, [0, 0, 64, 0]),
                .. Item(0x52, "1.2.3"u8),
                .. Item(0x55, "V"u8),
                .. Item(0x54, [0, 3, .. "1.2"u8, 1, 1]),
            ]
        );
        byte[] proposed = Item(
            0x20,
            [1, 0, 0, 0, .. Item(0x30, "1.2.840.10008.1.1"u8), .. Item(0x40, "1.2.840.10008.1.2"u8)]
        );
        byte[] accepted = Item(0x21, [1, 0, 0, 0, .. Item(0x40, "1.2.840.10008.1.2"u8)]);
        yield return [0, .. head, .. application, .. proposed, .. user];
        yield return [1, .. head, .. application, .. accepted, .. user];
        using var command = new MemoryStream();
        command.WriteByte(2);
        DicomFile.WriteDataSet(
            command,
            new DicomDataSet()
                .Set(DicomTags.AffectedSOPClassUID, DicomUids.CTImageStorage)
                .Set(DicomTags.CommandField, 1)
                .Set(DicomTags.MessageID, 7)
                .Set(DicomTags.AffectedSOPInstanceUID, "1.2.3"),
            TransferSyntax.ImplicitVRLittleEndian
        );
        yield return command.ToArray();
    }

    private static byte[] Item(byte type, ReadOnlySpan<byte> value) =>
        [type, 0, (byte)(value.Length >> 8), (byte)value.Length, .. value];
}
