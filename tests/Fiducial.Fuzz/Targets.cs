using Fiducial.Dicom;
using Fiducial.Dicom.Deidentification;
using Fiducial.Dicom.Media;
using Fiducial.Dicom.Network;
using Fiducial.Dicom.Network.Pdu;

namespace Fiducial.Fuzz;

/// <summary>Something that reads bytes from strangers. It may refuse them with a <see cref="DicomFormatException"/> or a <see cref="Archive.Codecs.CodecException"/>, and nothing else.</summary>
internal sealed record Target(string Name, Action<byte[]> Execute);

internal static class Targets
{
    private static readonly TransferSyntax[] Syntaxes =
    [
        TransferSyntax.ImplicitVRLittleEndian,
        TransferSyntax.ExplicitVRLittleEndian,
        TransferSyntax.ExplicitVRBigEndian,
        TransferSyntax.RLELossless,
    ];

    private static readonly string[][] CharacterSets =
    [
        [],
        ["", "ISO 2022 IR 87", "ISO 2022 IR 159"],
        ["ISO 2022 IR 13", "ISO 2022 IR 87"],
        ["", "ISO 2022 IR 149"],
        ["", "ISO 2022 IR 58"],
        ["ISO 2022 IR 100", "ISO 2022 IR 144"],
        ["GB18030"],
        ["GBK"],
        ["ISO_IR 192"],
        ["ISO_IR 166"],
    ];

    public static IReadOnlyList<Target> All { get; } =
    [
        new("dataset", DataSet),
        new("part10", Part10),
        new("json", Json),
        new("charset", Characters),
        new("dicomdir", Directory),
        new("pdu", Pdu),
        new("deidentify", Deidentify),
        new("rle", PixelTargets.RunLengths),
        new("codestream", PixelTargets.Codestreams),
        new("fragments", PixelTargets.Fragments),
        new("pixels", PixelTargets.Pixels),
        new("association", ArchiveUnderFire.Association),
        new("multipart", ArchiveUnderFire.Multipart),
    ];

    public static Target Named(string name) =>
        All.FirstOrDefault(t => t.Name == name)
        ?? throw new ArgumentException($"There is no target {name}: {string.Join(' ', All.Select(t => t.Name))}.");

    // The first byte chooses the transfer syntax.
    private static void DataSet(byte[] bytes)
    {
        var syntax = Syntaxes[bytes.Length > 0 ? bytes[0] % Syntaxes.Length : 0];
        var set = DicomFile.ReadDataSet(
            bytes.AsMemory(Math.Min(1, bytes.Length)),
            syntax,
            DicomReadOptions.InMemory,
            out _
        );
        Use(set);
    }

    private static void Part10(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        var file = DicomFile.Read(stream, new DicomReadOptions { LargestInflated = 4 * 1024 * 1024 });
        Use(file.DataSet);
        if (file.PixelData is { IsEncapsulated: true } pixels)
        {
            pixels.Frames(ImageDescription.Of(file.DataSet)?.NumberOfFrames ?? 1, _ => true);
        }
        // What was read can be written, unless its pixel data contradict its transfer syntax, and reads back the same.
        using var copy = new MemoryStream();
        copy.Write(DicomFile.FileMetaBytes("1.2", "1.2.3", file.TransferSyntax.Uid, null));
        try
        {
            DicomFile.WriteDataSet(copy, file.DataSet, file.TransferSyntax, file.Values(stream));
        }
        catch (ArgumentException)
        {
            return;
        }
        var again = DicomFile.Read(copy).DataSet;
        if (Count(again) != Count(file.DataSet))
        {
            throw new InvalidDataException($"{Count(file.DataSet)} elements were written, {Count(again)} read again.");
        }
    }

    private static void Json(byte[] bytes)
    {
        foreach (var set in DicomJson.ReadMany(bytes))
        {
            DicomJson.Read(DicomJson.ToBytes(set, e => e.Tag.ToHex()));
        }
    }

    // The first byte chooses the character set.
    private static void Characters(byte[] bytes)
    {
        var names = CharacterSets[bytes.Length > 0 ? bytes[0] % CharacterSets.Length : 0];
        var set = new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, names)
            .SetBytes(DicomTags.PatientName, DicomVR.PN, bytes)
            .SetBytes(DicomTags.PatientComments, DicomVR.LT, bytes);
        set.GetStrings(DicomTags.PatientName);
        set.Recode("ISO_IR 192").GetStrings(DicomTags.PatientComments);
    }

    private static void Directory(byte[] bytes)
    {
        foreach (var record in DicomDirectory.Read(new MemoryStream(bytes)).Records)
        {
            if (
                record.ReferencedFile.Count > 0
                && !record.PathBelow("/medium").StartsWith("/medium/", StringComparison.Ordinal)
            )
            {
                throw new InvalidDataException("A record leads out of the medium.");
            }
        }
    }

    // The first byte chooses the PDU.
    private static void Pdu(byte[] bytes)
    {
        var body = bytes.AsSpan(Math.Min(1, bytes.Length));
        switch (bytes.Length > 0 ? bytes[0] % 3 : 0)
        {
            case 0:
                AssociateRequest.Parse(body);
                break;
            case 1:
                AssociateAccept.Parse(body);
                break;
            default:
                CommandSet.Parse(body);
                break;
        }
    }

    // The first byte chooses the transfer syntax, the second the options (PS3.15 E.3).
    private static void Deidentify(byte[] bytes)
    {
        var choices = new Choices(bytes);
        var syntax = Syntaxes[choices.Below(Syntaxes.Length)];
        var options = choices.Byte();
        var set = DicomFile.ReadDataSet(choices.Rest(), syntax, DicomReadOptions.InMemory, out _);
        var cleaned = new Deidentifier(
            new DeidentificationOptions
            {
                Key = "key"u8.ToArray(),
                RetainUids = (options & 1) != 0,
                RetainFullDates = (options & 2) != 0,
                RetainModifiedDates = (options & 6) == 4,
                RetainPatientCharacteristics = (options & 8) != 0,
                RetainDeviceIdentity = (options & 16) != 0,
                CleanDescriptors = (options & 32) != 0,
                CleanStructuredContent = (options & 64) != 0,
                CleanGraphics = (options & 128) != 0,
                CleanText = (_, text) => text.Length > 3 ? null : text,
                IsSafePrivate = (creator, _) => creator.Length > 2,
            }
        ).Deidentify(set).DataSet;
        // Where the patient lives is gone, at every depth, and what is left can be written.
        if (Deep(cleaned).Any(s => s.Contains(DicomTags.PatientAddress)))
        {
            throw new InvalidDataException("The address of the patient is still there.");
        }
        if (Deep(cleaned).Any(s => s.Any(e => e.Fragments is not null)))
        {
            // Fragments stay in the file from which they were read, and here is none.
            return;
        }
        using var copy = new MemoryStream();
        DicomFile.WriteDataSet(copy, cleaned, syntax.IsEncapsulated ? TransferSyntax.ExplicitVRLittleEndian : syntax);
    }

    private static IEnumerable<DicomDataSet> Deep(DicomDataSet set) =>
        set.SelectMany(e => e.Items ?? []).SelectMany(Deep).Prepend(set);

    private static void Use(DicomDataSet set)
    {
        var pending = new Stack<DicomDataSet>([set]);
        while (pending.TryPop(out var next))
        {
            foreach (var element in next)
            {
                next.GetString(element.Tag);
                next.GetStrings(element.Tag);
                next.GetDoubles(element.Tag);
                next.GetInt(element.Tag);
                foreach (var item in element.Items ?? [])
                {
                    pending.Push(item);
                }
            }
        }
        DicomJson.Read(DicomJson.ToBytes(set, e => e.Tag.ToHex()));
        new Deidentifier(
            new DeidentificationOptions { Key = "key"u8.ToArray(), RetainModifiedDates = true }
        ).Deidentify(set);
    }

    private static int Count(DicomDataSet set) =>
        set.Where(e => e.Tag.Element != 0 && e.Tag.Group != 2).Sum(e => 1 + (e.Items?.Sum(Count) ?? 0));
}
