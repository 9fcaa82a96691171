using System.Buffers.Binary;
using System.Globalization;
using Fiducial.Dicom;

namespace Fiducial.Benchmarks.Workloads;

/// <summary>
/// Writes synthetic studies. The same kind and number give the same bytes; each number is another patient's study with other
/// UIDs, so that a server takes it as new.
/// </summary>
internal static class StudyWriter
{
    /// <summary>So many filler studies are of one day: a search by this day finds the same at every size of the index.</summary>
    public const int FillerOfBusyDay = 20;
    public const string BusyDay = "20220517";
    private const int StudiesOfPatient = 3;

    public static Study Write(ObjectKind kind, int number, int instances, string folder)
    {
        var identity = Identity(kind, number);
        Directory.CreateDirectory(folder);
        var bytes = 0L;
        for (var i = 1; i <= instances; i++)
        {
            using var file = new FileStream(
                Path.Combine(folder, $"{i:D5}.dcm"),
                FileMode.Create,
                FileAccess.Write,
                FileShare.Read
            );
            DicomFile.Write(file, ImageHeader.Of(kind, identity, i), TransferSyntax.ExplicitVRLittleEndian);
            // The largest value is written from where it was made, not through the data set.
            WritePixels(file, kind, SyntheticPixels.Of(kind, number + i));
            bytes += file.Length;
        }
        return new Study
        {
            Kind = kind,
            Folder = folder,
            PatientId = identity.PatientId,
            Date = identity.Date,
            StudyInstanceUid = identity.StudyUid,
            SeriesInstanceUid = identity.SeriesUid,
            FirstInstanceUid = identity.InstanceUid(1),
            Instances = instances,
            Bytes = bytes,
        };
    }

    private static StudyIdentity Identity(ObjectKind kind, int number)
    {
        var patient = kind == ObjectKind.Filler ? number / StudiesOfPatient : number;
        var isFiller = kind == ObjectKind.Filler;
        var day =
            isFiller && number < FillerOfBusyDay
                ? BusyDay
                : new DateOnly(2023, 1, 1)
                    .AddDays(number * 37 % 1000)
                    .ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        return new StudyIdentity(kind, number, $"{kind.Modality}{patient:D7}", day);
    }

    private static void WritePixels(Stream file, ObjectKind kind, byte[] pixels)
    {
        Span<byte> head =
        [
            0xE0,
            0x7F,
            0x10,
            0,
            (byte)'O',
            kind.BitsAllocated == 16 ? (byte)'W' : (byte)'B',
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], pixels.Length);
        file.Write(head);
        file.Write(pixels);
    }
}

/// <summary>Who is on the images, and their UIDs (below 2.25, from numbers: PS3.5 B.2).</summary>
internal sealed record StudyIdentity(ObjectKind Kind, int Number, string PatientId, string Date)
{
    public string StudyUid { get; } = Uid(Kind, Number, 0, 0);
    public string SeriesUid { get; } = Uid(Kind, Number, 1, 0);
    public string FrameOfReferenceUid { get; } = Uid(Kind, Number, 2, 0);

    public string InstanceUid(int instance) => Uid(Kind, Number, 3, instance);

    private static string Uid(ObjectKind kind, int number, byte level, int instance)
    {
        Span<byte> id = stackalloc byte[16];
        id[0] = 0xFD;
        id[1] = (byte)(kind.Frames > 1 ? 'C' : kind.Modality[0]);
        id[2] = (byte)kind.Modality[1];
        id[3] = level;
        BinaryPrimitives.WriteInt32BigEndian(id[4..], number);
        BinaryPrimitives.WriteInt32BigEndian(id[12..], instance);
        return DicomUidFactory.FromGuid(new Guid(id, bigEndian: true));
    }
}
