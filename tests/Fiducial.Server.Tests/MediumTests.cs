using System.IO.Compression;
using System.Net;
using Fiducial.Dicom;
using Fiducial.Pathway.Audit;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Tests;

/// <summary>Images that are taken away as one ZIP with a DICOMDIR, from a clinic.</summary>
public sealed class MediumTests
{
    [Fact]
    public async Task Who_may_read_takes_along_what_they_may_see_and_each_time_stands_in_the_audit()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Imaged);
        var order = await clinic.ExamAsync(exam);
        var document = Modality.Image(order, "PA", "L", 10);
        document.Remove(DicomTags.PixelData);
        document
            .Set(DicomTags.SOPClassUID, DicomUids.ComprehensiveSRStorage)
            .Set(DicomTags.SOPInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.SeriesInstanceUID, DicomUidFactory.New())
            .Set(DicomTags.CompletionFlag, "COMPLETE")
            .Set(DicomTags.VerificationFlag, "UNVERIFIED")
            .Set(DicomTags.ContentDate, "20261124")
            .Set(DicomTags.ContentTime, "120000")
            .SetItems(DicomTags.ConceptNameCodeSequence, [new DicomDataSet().Set(DicomTags.CodeValue, "1")]);
        await clinic.Modality.SendsAsync([document]);
        await clinic.ContinueAsync(exam, Chapter.Completed, Chapter.Completed);
        var medium = $"/dicomweb/studies/{order.StudyInstanceUid}/medium";

        (await ObjectsAsync(clinic.Radiologist, medium))
            .Should()
            .Be(2, "what interprets them is no image yet to be read");
        (await ObjectsAsync(clinic.Radiologist, medium)).Should().Be(2);
        var missing = await clinic.Referrer.Opens("/there-is-no-such-page");
        foreach (var person in (Person[])[clinic.Referrer, clinic.Patient, clinic.Technologist, clinic.PrivacyOfficer])
        {
            var closed = await person.Opens(medium);
            (closed.Status, closed.Headers, closed.Text).Should().Be((missing.Status, missing.Headers, missing.Text));
        }
        await clinic.ContinueAsync(exam, Chapter.Departed, Chapter.Signed);
        (await ObjectsAsync(clinic.Radiologist, medium)).Should().Be(3);
        (await ObjectsAsync(clinic.Referrer, medium)).Should().Be(3);
        (await clinic.OtherReferrer.Opens(medium)).Status.Should().Be(HttpStatusCode.NotFound);
        (await clinic.Patient.Opens(medium)).Status.Should().Be(HttpStatusCode.NotFound);
        await clinic.ContinueAsync(exam, Chapter.Read, Chapter.Released);
        (await clinic.Patient.Opens($"/my/exams/{exam}"))
            .Document.QuerySelector("#take-along")!
            .GetAttribute("href")
            .Should()
            .Be(medium);
        (await ObjectsAsync(clinic.Patient, medium)).Should().Be(3);
        (await clinic.OtherPatient.Opens(medium)).Status.Should().Be(HttpStatusCode.NotFound);

        var exports = await clinic.InDatabaseAsync(db =>
            db.Set<AuditEntry>()
                .Where(a => a.Action == "export" && a.ExamId == exam)
                .OrderBy(a => a.Sequence)
                .Select(a => a.ActorId + (a.Allowed ? "" : " denied"))
                .ToListAsync()
        );
        exports
            .Should()
            .Equal(
                "rado",
                "rado",
                "rita denied",
                "paul denied",
                "rado",
                "rita",
                "otto denied",
                "paul denied",
                "paul",
                "petra denied"
            );
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    // How many objects are on the medium, beside the DICOMDIR.
    private static async Task<int> ObjectsAsync(Person person, string medium)
    {
        using var answer = await person.RequestsAsync(HttpMethod.Get, medium);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        using var zip = new ZipArchive(
            await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken),
            ZipArchiveMode.Read
        );
        zip.GetEntry("DICOMDIR").Should().NotBeNull();
        zip.GetEntry("PROBLEMS.TXT").Should().BeNull();
        return zip.Entries.Count(e => e.FullName.StartsWith("DICOM/", StringComparison.Ordinal));
    }
}
