using Fiducial.Archive;
using Fiducial.Dicom;
using Fiducial.Foundation.Outbox;
using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Server.Tests;

/// <summary>Images without an order, or against it, wait until someone says whose they are (G2, G3).</summary>
public sealed class QuarantineTests
{
    [Fact]
    public async Task Images_of_an_unknown_number_wait_in_a_case_and_go_to_the_order_that_is_written_for_them()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var (number, id) = await ArriveAsync(clinic);
        var page = $"/coordination/quarantine/{id}";
        (await clinic.Coordinator.Opens("/coordination/quarantine")).Words.Should().Contain(number);
        (await clinic.Coordinator.Opens(page)).Words.Should().Contain("No order has the accession number");
        (await clinic.Radiologist.Opens("/reading-room")).Words.Should().Contain("whose images?");
        (await clinic.Coordinator.FillsIn(page, $"{page}/match", ("patientId", "FID-0001")))
            .Refusal.Should()
            .Contain("retrospective order");

        (await clinic.Referrer.Refers("FID-0001", ("accessionNumber", number)))
            .Should()
            .Be(id, "the order is the case's");
        (await clinic.Coordinator.FillsIn(page, $"{page}/match", ("patientId", "FID-0001"))).Refusal.Should().BeNull();
        var exam = await clinic.WaitAsync(id, e => e.ImageCount == 2);
        exam.PatientId.Should().Be("FID-0001");
        (await clinic.InDatabaseAsync(db => db.Set<ImageRecord>().CountAsync(i => i.ExamId == id))).Should().Be(2);
        await clinic.WaitAsync(id, e => e is { Images: "verified", Report: "unread" });
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Images_of_a_mistyped_number_go_to_the_order_that_the_coordinator_finds()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Started);
        var (_, id) = await ArriveAsync(clinic);
        var order = await clinic.ExamAsync(exam);
        var page = $"/coordination/quarantine/{id}";
        (string, string)[] found = [("patientId", order.PatientId), ("accessionNumber", order.AccessionNumber)];
        (await clinic.Coordinator.FillsIn(page, $"{page}/match", [found[0], ("accessionNumber", "NONE")]))
            .Refusal.Should()
            .Contain("No order has this accession number");
        (await clinic.Coordinator.FillsIn(page, $"{page}/match", found)).Words.Should().Contain("matched");
        (await clinic.WaitAsync(exam, e => e.ImageCount == 2)).Images.Should().Be("receiving");
        await clinic.MedicalDirector.FillsIn(
            page,
            $"{page}/reject",
            ("proven", "not a patient image"),
            ("retentionRule", $"kept with {order.AccessionNumber}")
        );
        (await clinic.ExamAsync(id)).Images.Should().Be("rejected");
        // What is closed is an empty case: its images are the order's now, and no note says otherwise.
        await FollowedAsync(clinic);
        Study(clinic, (await clinic.ExamAsync(exam)).StudyInstanceUid)
            .Should()
            .HaveCount(2)
            .And.OnlyContain(i => !i.IsInterpretive);
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Rejected_images_stay_and_a_note_beside_them_names_each_of_them()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var (_, id) = await ArriveAsync(clinic);
        var page = $"/coordination/quarantine/{id}";
        var study = (await clinic.ExamAsync(id)).StudyInstanceUid;
        var before = Study(clinic, study);
        await clinic.MedicalDirector.FillsIn(
            page,
            $"{page}/reject",
            ("proven", "wrong patient"),
            ("rejectionNote", "113038"),
            ("retentionRule", "10 years")
        );
        (await clinic.ExamAsync(id)).Images.Should().Be("rejected");
        StoredInstance? note;
        while ((note = Study(clinic, study).SingleOrDefault(i => i.IsInterpretive)) is null)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        note.Modality.Should().Be("KO");
        await using var stream = clinic.Services.GetRequiredService<IImageArchive>().OpenPart10(note);
        var set = DicomFile.Read(stream).DataSet;
        set.GetItems(DicomTags.ConceptNameCodeSequence).Single().GetString(DicomTags.CodeValue).Should().Be("113038");
        set.GetItems(DicomTags.ContentSequence)
            .Select(i => i.GetItems(DicomTags.ReferencedSOPSequence).Single())
            .Select(r => r.GetString(DicomTags.ReferencedSOPInstanceUID))
            .Should()
            .Equal(before.Select(i => i.SopInstanceUid));
        set.GetString(DicomTags.PatientName).Should().Be("Patient^Paul");
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    // Each message that steps have caused was taken up; what was tried in vain or is due later is not waited for.
    private static async Task FollowedAsync(ClinicInABox clinic)
    {
        while (
            await clinic.InDatabaseAsync(async db =>
                (await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.DoneAt == null).ToListAsync()).Any(m =>
                    m.Attempts == 0 && m.DueAt <= TimeProvider.System.GetUtcNow()
                )
            )
        )
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private static IReadOnlyList<StoredInstance> Study(ClinicInABox clinic, string uid) =>
        clinic.Services.GetRequiredService<IImageArchive>().FindStudy(uid);

    [Fact]
    public async Task Another_patients_images_need_a_second_person_and_freeze_nothing_else()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Signed);
        var (office, page) = ($"/office/exams/{exam}", $"/coordination/quarantine/{exam}");
        await clinic.Referrer.FillsIn(office, $"{office}/dispute", ("suspicion", "Not his wrist."));
        (await clinic.ExamAsync(exam)).Access.Should().Be("frozen");
        (await clinic.Referrer.Opens(office)).Words.Should().Contain("This case is frozen");
        (await clinic.Technologist.Opens($"/exam-room/exams/{exam}")).Words.Should().NotContain("frozen");

        (await clinic.Coordinator.FillsIn(page, $"{page}/match", ("patientId", "FID-0002")))
            .Refusal.Should()
            .Contain("A second person must confirm");
        var reading = $"/reading-room/exams/{exam}";
        await clinic.Radiologist.FillsIn(
            reading,
            $"{reading}/withdraw",
            ("reason", "wrong patient"),
            ("notice", "Another patient's images.")
        );
        (
            await clinic.Coordinator.FillsIn(
                page,
                $"{page}/match",
                ("patientId", "FID-0002"),
                ("second", "mona"),
                ("code", "000000")
            )
        )
            .Refusal.Should()
            .Contain("A second person must confirm");
        var code = await clinic.WithAsync(s =>
            s.GetRequiredService<Pathway.Access.ISecondFactor>().DemonstrationCodeAsync("mona")
        );
        await clinic.Coordinator.FillsIn(
            page,
            $"{page}/match",
            ("patientId", "FID-0002"),
            ("second", "mona"),
            ("code", code!)
        );
        (await clinic.WaitAsync(exam, e => e.Images is "verified")).PatientId.Should().Be("FID-0002");
        await clinic.MedicalDirector.FillsIn(reading, $"{reading}/resolve", ("resolution", "Petra's images."));
        await clinic.WaitAsync(exam, e => e is { Access: "normal", Report: "unread" });
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_quarantine_exists_for_coordinator_radiologist_and_director_alone()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var (_, id) = await ArriveAsync(clinic);
        (
            await clinic.OpenForOthersAsync(
                [clinic.Coordinator, clinic.Radiologist, clinic.MedicalDirector],
                Door.Get("/coordination/quarantine"),
                Door.Get($"/coordination/quarantine/{id}"),
                Door.Post($"/coordination/quarantine/{id}/match")
            )
        )
            .Should()
            .BeEmpty();
        (await clinic.OpenForOthersAsync([clinic.MedicalDirector], Door.Post($"/coordination/quarantine/{id}/reject")))
            .Should()
            .BeEmpty();
    }

    // Two images over a real association, with a number that no order has.
    private static async Task<(string Number, Guid Case)> ArriveAsync(ClinicInABox clinic)
    {
        var stranger = new ExamRecord
        {
            Id = Guid.CreateVersion7(),
            AccessionNumber = "UNKNOWN-1",
            PatientId = "FID-0001",
            PatientName = "Patient^Paul",
            PatientBirthDate = "19790412",
            PatientSex = "M",
        };
        await clinic.Modality.SendsAsync([
            Modality.Image(stranger, "PA", "L", 1),
            Modality.Image(stranger, "LATERAL", "L", 2),
        ]);
        var study = DicomUidFactory.FromGuid(stranger.Id);
        while (true)
        {
            var found = await clinic.InDatabaseAsync(db =>
                db.Set<ExamRecord>().AsNoTracking().FirstOrDefaultAsync(e => e.StudyInstanceUid == study)
            );
            if (found is not null)
            {
                found.Images.Should().Be("quarantined");
                return (found.AccessionNumber, found.Id);
            }
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
