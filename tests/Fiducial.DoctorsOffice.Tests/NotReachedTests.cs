using System.Globalization;
using Fiducial.Foundation.Calendar;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.DoctorsOffice.Tests;

/// <summary>A patient who cannot be reached gets a letter after three attempts; a follow-up that was accepted is booked with its exam.</summary>
public abstract class NotReachedTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task Three_attempts_at_different_times_and_a_letter_stand_for_the_talk()
    {
        var exam = await Clinic.ExamAsync(Chapter.Reviewed);
        var path = $"/office/exams/{exam}";
        (await WritesAsync(path, -3, -2, -2)).Refusal.Should().Contain("Three attempts");
        (await WritesAsync(path, -3, -2, 5)).Refusal.Should().Contain("Three attempts", "one is still to come");
        (await WritesAsync(path, -3, -2, -1)).Refusal.Should().BeNull();
        (await Clinic.ExamAsync(exam)).Duty.Should().Be("discussed");
        (await Clinic.LedgerAsync(exam)).Last(e => e.Taken).Evidence.Should().NotContain("Please call us");
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_follow_up_is_booked_with_the_exam_that_the_doctor_named_and_the_front_desk_is_not_told_why()
    {
        var exam = await Clinic.ExamAsync(Chapter.Read);
        var (office, reading) = ($"/office/exams/{exam}", $"/reading-room/exams/{exam}");
        await Clinic.Radiologist.FillsIn(
            reading,
            $"{reading}/recommend",
            ("what", "MR"),
            ("condition", "no callus"),
            ("intervalDays", "10")
        );
        var later = await Clinic.Referrer.Refers(Clinic.Patient.PatientId);
        var number = (await Clinic.ExamAsync(later)).AccessionNumber;
        await Clinic.Referrer.FillsIn(office, $"{office}/follow-up/accept", ("link", number));
        (await Clinic.ExamAsync(exam)).Followup.Should().Be("accepted");
        await Clinic.WaitAsync(later, e => e.Order is "protocolled");
        await Clinic.Clerk.Books(later);
        await Clinic.WaitAsync(exam, e => e.Followup is "booked");
        (await Clinic.Clerk.Opens($"/front-desk/exams/{later}")).Words.Should().NotContain("callus");
    }

    private async Task<Page> WritesAsync(string path, params int[] hours)
    {
        var calendar = Clinic.Services.GetRequiredService<BusinessCalendar>();
        var fields = hours
            .Select(
                (h, i) =>
                    (
                        $"at{i + 1}",
                        calendar
                            .Local(Clinic.Clock.GetUtcNow().AddHours(h))
                            .ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture)
                    )
            )
            .Append(("letter", "Please call us."));
        return await Clinic.Referrer.FillsIn(path, $"{path}/not-reached", fields);
    }
}

public sealed class NotReachedOnSqliteTests(ClinicOnSqlite clinic) : NotReachedTests(clinic);

public sealed class NotReachedOnPostgresTests(ClinicOnPostgres clinic) : NotReachedTests(clinic);
