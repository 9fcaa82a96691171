using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Pathway.Exams;

namespace Fiducial.Server.Demonstration;

/// <summary>The modality of the demonstration: draws an exam and sends it over a real association.</summary>
internal static class SendDrawing
{
    public static async Task<int> RunAsync(DemonstrationExam exam, ExamRecord order, int port, TimeProvider clock)
    {
        var identity = new ExamIdentity(
            order.PatientId,
            order.PatientName,
            order.PatientBirthDate,
            order.PatientSex,
            order.AccessionNumber,
            DicomUidFactory.FromGuid(order.Id),
            clock.GetUtcNow(),
            order.Laterality
        );
        DicomClient? client = null;
        var count = 0;
        foreach (var image in exam.Draw(identity))
        {
            using var part10 = new MemoryStream();
            DicomFile.Write(part10, image, TransferSyntax.ExplicitVRLittleEndian, "MODALITY");
            var file = DicomFile.Read(part10);
            client ??= await DicomClient.ConnectAsync(
                "127.0.0.1",
                port,
                "MODALITY",
                "FIDUCIAL",
                DicomClient.ContextsFor([file])
            );
            var status = await client.StoreAsync(file, part10);
            count += status.IsSuccess
                ? 1
                : throw new InvalidOperationException($"The archive refused an image: {status}");
        }
        if (client is not null)
        {
            await client.ReleaseAsync();
            await client.DisposeAsync();
        }
        return count;
    }
}
