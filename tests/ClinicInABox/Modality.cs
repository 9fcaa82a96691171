using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Pathway.Exams;
using Fiducial.Server.Demonstration;
using Fiducial.Server.Demonstration.Drawing;

namespace Fiducial.Tests;

/// <summary>A modality that sends small drawn images over a real association.</summary>
public sealed class Modality(ClinicInABox clinic)
{
    public const string AETitle = "MODALITY";

    /// <summary>Sends these views of the exam and waits until the pathway has recorded them.</summary>
    public async Task Sends(Guid exam, params string[] views)
    {
        var order = await clinic.ExamAsync(exam);
        var before = order.ImageCount;
        await SendsAsync(views.Select((v, i) => Image(order, v, order.Laterality, before + i + 1)));
        await clinic.WaitAsync(exam, e => e.ImageCount == before + views.Length);
    }

    /// <summary>Sends objects over one association; each must be stored.</summary>
    public async Task SendsAsync(IEnumerable<DicomDataSet> images)
    {
        var files = images.Select(Part10).ToList();
        await using var client = await DicomClient.ConnectAsync(
            "127.0.0.1",
            clinic.DicomPort,
            AETitle,
            "FIDUCIAL",
            DicomClient.ContextsFor(files.Select(f => f.File))
        );
        foreach (var (file, bytes) in files)
        {
            using var stream = new MemoryStream(bytes);
            var status = await client.StoreAsync(file, stream);
            if (!status.IsSuccess)
            {
                throw new InvalidOperationException($"The image was not stored: {status}");
            }
        }
        await client.ReleaseAsync();
    }

    /// <summary>A digital radiograph of 48 x 64 pixels with the identity of the order.</summary>
    public static DicomDataSet Image(ExamRecord order, string view, string side, int number)
    {
        var identity = new ExamIdentity(
            order.PatientId,
            order.PatientName,
            order.PatientBirthDate,
            order.PatientSex,
            order.AccessionNumber,
            DicomUidFactory.FromGuid(order.Id),
            new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero),
            side
        );
        const int columns = 48;
        const int rows = 64;
        var pixels = new ushort[columns * rows];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (ushort)(i * 7 + number);
        }
        return ImageHeader
            .Of(identity, DicomUids.DigitalXRayImageStorageForPresentation, "DX", 1, "WRIST", number)
            .WithGrey(columns, rows, pixels, 16, 16384, 32768)
            .Set(DicomTags.ViewPosition, view)
            .Set(DicomTags.ImageLaterality, side);
    }

    /// <summary>The object as a file, in explicit VR little endian.</summary>
    public static (DicomFile File, byte[] Bytes) Part10(DicomDataSet image)
    {
        using var part10 = new MemoryStream();
        DicomFile.Write(part10, image, TransferSyntax.ExplicitVRLittleEndian, AETitle);
        return (DicomFile.Read(part10), part10.ToArray());
    }
}
