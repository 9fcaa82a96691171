using Fiducial.Results.Delivery;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Tests;

/// <summary>A signed report reaches exactly one doctor, and the promise ends when it is in the inbox.</summary>
public abstract class DeliveryTests(bool onPostgres)
{
    [Fact]
    public async Task The_responsible_doctor_gets_what_was_signed_and_owes_the_review()
    {
        await using var clinic = await ClinicInABox.OpenAsync(onPostgres);
        var exam = await clinic.ExamAsync(Chapter.Signed);
        var record = await clinic.ExamAsync(exam);
        (record.HolderId, record.Duty, record.Delivery).Should().Be(("rita", "owed", "received"));
        record.DeliveredAt.Should().BeBefore(record.PromiseLimit!.Value);
        var copy = await clinic.InDatabaseAsync(db => db.Set<InboxItem>().SingleAsync(i => i.ExamId == exam));
        (copy.DoctorId, copy.ReportHash).Should().Be(("rita", record.ReportHash));
        (await clinic.LedgerAsync(exam))
            .Where(e => e.Role is "SYS" && e.Taken)
            .Select(e => e.Step)
            .Should()
            .Equal("O6", "I6", "R1", "U1", "D1", "D2", "D3");
    }

    [Fact]
    public async Task When_the_doctors_licence_has_ended_the_medical_director_holds_the_duty()
    {
        await using var clinic = await ClinicInABox.OpenAsync(onPostgres);
        var exam = await clinic.ExamAsync(Chapter.Written);
        await clinic.EndLicenceAsync("rita");
        await clinic.Radiologist.Signs(exam);
        var record = await clinic.WaitAsync(exam, e => e.Delivery is "received");
        (record.HolderId, record.HolderName).Should().Be(("mona", "Dr Mona Director"));
        (
            await clinic.Referrer.FollowsAsync(
                await clinic.Referrer.Posts($"/office/exams/{exam}/acknowledge", ("viewedHash", record.ReportHash))
            )
        )
            .Refusal.Should()
            .Contain("Another doctor holds the duty");
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_place_that_was_not_verified_within_a_year()
    {
        await using var clinic = await ClinicInABox.OpenAsync(onPostgres);
        var exam = await clinic.ExamAsync(Chapter.Written);
        await ChangeAsync(clinic, "rita", p => p.EndpointVerifiedAt = clinic.Clock.GetUtcNow().AddDays(-366));
        await clinic.Radiologist.Signs(exam);
        await clinic.WaitAsync(exam, e => e.Duty is "owed");
        for (var i = 0; i < 500 && (await clinic.LedgerAsync(exam))[^1].Step is not "D1"; i++)
        {
            await Task.Delay(20);
        }
        var refused = (await clinic.LedgerAsync(exam))[^1];
        (refused.Step, refused.Taken).Should().Be(("D1", false));
        refused.Reason.Should().Contain("not verified within twelve months");
        (await clinic.InDatabaseAsync(db => db.Set<InboxItem>().AnyAsync())).Should().BeFalse();
    }

    private static Task<int> ChangeAsync(ClinicInABox clinic, string name, Action<Server.People.Person> change) =>
        clinic.InDatabaseAsync(async db =>
        {
            change(await db.Set<Server.People.Person>().SingleAsync(p => p.UserName == name));
            return await db.SaveChangesAsync();
        });
}

public sealed class DeliveryOnSqliteTests() : DeliveryTests(onPostgres: false);

public sealed class DeliveryOnPostgresTests() : DeliveryTests(onPostgres: true);
