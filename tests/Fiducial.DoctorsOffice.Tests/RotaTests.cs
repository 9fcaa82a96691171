namespace Fiducial.DoctorsOffice.Tests;

/// <summary>An absence that begins later: what is open on its first day moves by itself, and no day is without a covering doctor.</summary>
public sealed class RotaTests
{
    private const string Cover = "/office/cover";

    [Fact]
    public async Task G07_What_is_open_when_an_absence_begins_moves_by_itself_to_the_doctor_who_accepted_before()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Read);
        await AskAsync(clinic.Referrer, clinic, "otto", 3, 10);
        (await clinic.OtherReferrer.FillsIn(Cover, $"{Cover}/accept")).Words.Should().Contain("for Dr Rita Referrer");
        (await clinic.ExamAsync(exam)).HolderId.Should().Be("rita", "the absence has not begun");

        // Who covers is not away, and who is away does not cover.
        (await AskAsync(clinic.OtherReferrer, clinic, "mona", 5, 6))
            .Refusal.Should()
            .Contain("You cover a colleague");
        (await AskAsync(clinic.MedicalDirector, clinic, "rita", 4, 4)).Refusal.Should().Contain("is away on one");

        await clinic.RestartAsync();
        clinic.Clock.Turn(TimeSpan.FromDays(4));
        var moved = await clinic.WaitAsync(exam, e => e is { HolderId: "otto", DeliveredVersion: 1 });
        moved.Duty.Should().Be("owed");
        (await clinic.LedgerAsync(exam)).Count(e => e is { Step: "U3", Taken: true }).Should().Be(1);
        // It ends by itself: a result that is signed after the last day comes to the doctor who is back.
        clinic.Clock.Turn(TimeSpan.FromDays(8));
        using var back = new Person(clinic, "rita");
        (await back.Opens(Cover)).Words.Should().Contain("Nobody is away").And.Contain("ended");
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    private static Task<Page> AskAsync(Person doctor, ClinicInABox clinic, string colleague, int from, int until)
    {
        string Day(int days) =>
            DateOnly
                .FromDateTime(clinic.Clock.GetUtcNow().AddHours(-7).DateTime)
                .AddDays(days)
                .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        return doctor.FillsIn(
            Cover,
            $"{Cover}/ask",
            ("colleague", colleague),
            ("from", Day(from)),
            ("until", Day(until))
        );
    }
}
