using System.Net;
using Fiducial.Pathway;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.People;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.DoctorsOffice.Tests;

/// <summary>A delegate reads in a doctor's name until a day, notes tries to reach the patient, and does nothing that is the doctor's.</summary>
public sealed class DelegationTests
{
    private const string Delegates = "/office/delegates";

    [Fact]
    public async Task A_named_delegate_reads_and_notes_attempts_in_the_doctors_name_and_never_acknowledges_reviews_or_releases()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Signed);
        using var nell = new Person(clinic, "nell");
        var page = $"/care-team/exams/{exam}";
        (await nell.Opens(page)).Status.Should().Be(HttpStatusCode.NotFound, "nobody has named her");
        (await clinic.Referrer.FillsIn(Delegates, $"{Delegates}/name", ("delegate", "nell"), ("until", "2099-01-01")))
            .Refusal.Should()
            .Contain("within 90 days");
        await clinic.Referrer.FillsIn(Delegates, $"{Delegates}/name", ("delegate", "nell"));

        (await nell.Opens("/care-team")).Words.Should().Contain("Paul Patient");
        (await nell.Opens(page)).Words.Should().Contain("Impression");
        (await nell.FillsIn(page, $"{page}/attempts", ("how", "telephone"), ("outcome", "no answer")))
            .Words.Should()
            .Contain("telephone, no answer");
        var looked = await clinic.InDatabaseAsync(db =>
            db.Set<AuditEntry>().Where(e => e.ActorId == "nell" && e.ExamId == exam && e.Allowed).ToListAsync()
        );
        looked.Should().NotBeEmpty().And.OnlyContain(e => e.OnBehalfOf == "rita");

        foreach (var step in (string[])["U2", "U9", "U10", "U11", "L2", "L4", "L6"])
        {
            var actor = new Actor
            {
                Id = "nell",
                Name = "Nell Nurse",
                Role = Role.DEL,
            };
            (
                await clinic.WithAsync(s =>
                    s.GetRequiredService<PathwayEngine>().TakeAsync(new StepRequest(exam, step, actor, []))
                )
            )
                .Refusal.Should()
                .Contain("DEL may not");
        }
        foreach (var act in (string[])["acknowledge", "review", "discussion", "release", "close"])
        {
            (await nell.Posts($"/office/exams/{exam}/{act}")).Status.Should().Be(HttpStatusCode.NotFound);
        }
        (await clinic.ExamAsync(exam)).Duty.Should().Be("owed");
        (await clinic.FaultsAsync()).Should().BeEmpty();

        await clinic.Referrer.FillsIn(Delegates, $"{Delegates}/end");
        (await nell.Opens(page)).Status.Should().Be(HttpStatusCode.NotFound, "the doctor has ended it");
    }

    [Fact]
    public async Task A_delegation_ends_by_itself_at_a_mask_and_after_its_last_day()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Signed);
        var today = DateOnly.FromDateTime(clinic.Clock.GetUtcNow().AddHours(-7).DateTime);
        await clinic.InDatabaseAsync(db =>
        {
            db.Add(
                new Delegation
                {
                    DoctorId = "rita",
                    DelegateId = "nell",
                    From = clinic.Clock.GetUtcNow(),
                    Until = today.AddDays(2),
                }
            );
            return db.SaveChangesAsync();
        });
        async Task<HttpStatusCode> OpensAsync()
        {
            using var nell = new Person(clinic, "nell");
            return (await nell.Opens($"/care-team/exams/{exam}")).Status;
        }
        (await OpensAsync()).Should().Be(HttpStatusCode.OK);
        var mask = new Mask
        {
            PatientId = "FID-0001",
            PersonId = "rita",
            From = today,
        };
        await clinic.InDatabaseAsync(db => db.Add(mask).Context.SaveChangesAsync());
        (await OpensAsync()).Should().Be(HttpStatusCode.NotFound, "G20: who is masked has no delegate who sees it");
        await clinic.InDatabaseAsync(db => db.Remove(mask).Context.SaveChangesAsync());
        (await OpensAsync()).Should().Be(HttpStatusCode.OK);
        clinic.Clock.Turn(TimeSpan.FromDays(3));
        (await OpensAsync()).Should().Be(HttpStatusCode.NotFound, "its last day is past");
    }

    [Fact]
    public async Task A_delegation_ends_by_itself_with_the_doctors_licence()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Signed);
        await clinic.Referrer.FillsIn(Delegates, $"{Delegates}/name", ("delegate", "nell"));
        using var nell = new Person(clinic, "nell");
        (await nell.Opens($"/care-team/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
        // The licence alone: what moves the duty on when a licence ends would hide that the licence is asked for.
        await clinic.InDatabaseAsync(db =>
            db.Set<Credential>()
                .Where(c => c.PersonId == "rita" && c.Kind == CredentialKind.Licence)
                .ExecuteUpdateAsync(s => s.SetProperty(c => c.EndedAt, clinic.Clock.GetUtcNow()))
        );
        (await nell.Opens($"/care-team/exams/{exam}")).Status.Should().Be(HttpStatusCode.NotFound);
        (await nell.Opens("/care-team")).Words.Should().NotContain("Paul Patient");
        var page = $"/care-team/exams/{exam}";
        (await nell.Posts($"{page}/attempts", ("how", "telephone"), ("outcome", "no answer")))
            .Status.Should()
            .Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_relationship_is_made_and_ended_by_steps_and_patient_and_privacy_office_see_it()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Signed);
        (await clinic.Patient.Opens("/my/doctors")).Words.Should().Contain("Dr Rita Referrer").And.Contain("asked for");
        (await clinic.OtherPatient.Opens("/my/doctors")).Words.Should().NotContain("Rita");
        var page = $"/office/exams/{exam}";
        await clinic.Referrer.FillsIn(page, $"{page}/not-mine", ("reason", "Never seen."));
        await clinic.MedicalDirector.FillsIn(page, $"{page}/pass-on", ("holderId", "mona"));
        (await clinic.Referrer.Opens(page)).Status.Should().Be(HttpStatusCode.NotFound, "U5 ended what U4 disowned");
        (await clinic.PrivacyOfficer.Opens("/privacy/relations?q=FID-0001"))
            .Words.Should()
            .Contain("referral")
            .And.Contain("ended")
            .And.Contain("medical director");
        // Before the release the patient does not read that the director holds it: that may come of the result.
        (await clinic.Patient.Opens("/my/doctors"))
            .Words.Should()
            .NotContain("leads this clinic");
    }

    [Fact]
    public async Task A_relationship_that_was_edited_added_or_removed_by_hand_is_found()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Signed);
        (await clinic.FaultsAsync()).Should().BeEmpty();
        await clinic.InDatabaseAsync(db =>
            db.Set<Relationship>().ExecuteUpdateAsync(s => s.SetProperty(r => r.Document, "because"))
        );
        (await clinic.FaultsAsync())
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain($"{exam}")
            .And.Contain("Document of the relationship of rita");
        await clinic.InDatabaseAsync(db =>
            db.Set<Relationship>().ExecuteUpdateAsync(s => s.SetProperty(r => r.DoctorId, "otto"))
        );
        var faults = string.Join('\n', await clinic.FaultsAsync());
        faults
            .Should()
            .Contain("rita (referral, entry 1) is missing")
            .And.Contain("otto (referral, entry 1) is not in");
    }
}
