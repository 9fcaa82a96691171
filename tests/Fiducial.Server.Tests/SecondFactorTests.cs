using System.Globalization;
using System.Net;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Audit;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Person = Fiducial.Tests.Person;

namespace Fiducial.Server.Tests;

/// <summary>Something beside the password: who has enrolled it is asked, a code opens once, and guessing locks the account.</summary>
public sealed class SecondFactorTests
{
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Who_has_enrolled_an_authenticator_is_asked_for_its_code_and_a_code_opens_once()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var (phone, codes) = await EnrolAsync(clinic, clinic.Clerk);
        codes.Should().HaveCount(10).And.OnlyHaveUniqueItems();
        (await clinic.Clerk.Opens("/account"))
            .Words.Should()
            .Contain("10 recovery codes are left")
            .And.NotContain(codes[0]);

        clinic.Clock.Turn(HalfAMinute);
        using var again = new Person(clinic, "clara") { Phone = phone };
        (await again.Opens("/front-desk")).Status.Should().Be(HttpStatusCode.OK);
        using var overTheShoulder = new Person(clinic, "clara") { Phone = phone };
        await Refused(overTheShoulder);
        clinic.Clock.Turn(HalfAMinute);
        (await overTheShoulder.Opens("/front-desk")).Status.Should().Be(HttpStatusCode.OK);
        using var passwordAlone = new Person(clinic, "clara");
        await Refused(passwordAlone);
        // Half a session opens no door.
        (await passwordAlone.Peeks("/front-desk"))
            .Location.Should()
            .Be("/sign-in?return=%2Ffront-desk");

        var audit = await clinic.InDatabaseAsync(db =>
            db.Set<AuditEntry>().AsNoTracking().Where(e => e.Action == "sign-in" && e.ActorId == "clara").ToListAsync()
        );
        audit.Should().Contain(e => e.Allowed && e.What == "authenticator").And.Contain(e => !e.Allowed);
    }

    [Fact]
    public async Task A_recovery_code_opens_once_and_its_letters_may_be_typed_as_they_come()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var (_, codes) = await EnrolAsync(clinic, clinic.Clerk);
        using var lost = new Person(clinic, "clara");
        await lost.TriesPassword(Person.Password);
        (await lost.TriesCode(codes[3].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal)))
            .Location.Should()
            .Be("/front-desk");
        using var thief = new Person(clinic, "clara");
        await thief.TriesPassword(Person.Password);
        (await thief.TriesCode(codes[3])).Location.Should().StartWith("/sign-in/second?failed");
        (await lost.Peeks("/account")).Words.Should().Contain("9 recovery codes are left");
        var inTheDatabase = await clinic.InDatabaseAsync(db =>
            db.Set<IdentityUserToken<string>>().AsNoTracking().Select(t => t.Value!).ToListAsync()
        );
        inTheDatabase.Should().NotContain(v => v.Contains(codes[4], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Guessing_codes_locks_the_account_and_the_password_does_not_open_it_again()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var (phone, _) = await EnrolAsync(clinic, clinic.Clerk);
        clinic.Clock.Turn(HalfAMinute);
        for (var i = 0; i < 10; i++)
        {
            // With the right password before each guess, which is no way round.
            using var guess = new Person(clinic, "clara");
            var wrong = phone.Shows == "123456" ? "654321" : "123456";
            await guess.TriesPassword(Person.Password);
            (await guess.TriesCode(wrong)).Location.Should().Be("/sign-in/second?failed=true");
        }
        using var locked = new Person(clinic, "clara") { Phone = phone };
        await Refused(locked);
        clinic.Clock.Turn(TimeSpan.FromMinutes(5.5));
        (await locked.Opens("/front-desk")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_attempts_that_come_at_once_no_more_are_looked_at_than_of_those_that_come_one_by_one()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var looked = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(_ =>
                    clinic.WithAsync(async s =>
                        await s.GetRequiredService<LockOut>()
                            .BeginAsync(
                                (await s.GetRequiredService<UserManager<People.Person>>().FindByNameAsync("clara"))!
                            )
                    )
                )
        );
        looked.Count(l => l).Should().Be(10);
    }

    [Fact]
    public async Task A_wrong_password_of_nobody_of_somebody_and_of_a_locked_account_takes_the_same_time()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        await clinic.InDatabaseAsync(db =>
            db.Set<People.Person>()
                .Where(p => p.UserName == "clara")
                .ExecuteUpdateAsync(p => p.SetProperty(x => x.LockoutEnd, DateTimeOffset.MaxValue))
        );
        async Task<TimeSpan> FastestAsync(string name)
        {
            var fastest = TimeSpan.MaxValue;
            for (var i = 0; i < 5; i++)
            {
                using var person = new Person(clinic, name);
                var from = TimeProvider.System.GetTimestamp();
                (await person.TriesPassword("wrong")).Location.Should().Be("/sign-in?failed=true");
                var taken = TimeProvider.System.GetElapsedTime(from);
                fastest = taken < fastest ? taken : fastest;
            }
            return fastest;
        }
        await FastestAsync("nobody");
        var times = new[] { await FastestAsync("nobody"), await FastestAsync("tessa"), await FastestAsync("clara") };
        (times.Max() - times.Min())
            .Should()
            .BeLessThan(
                TimeSpan.FromMilliseconds(60),
                string.Join(", ", times.Select(t => t.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture)))
            );
    }

    [Fact]
    public async Task Without_a_second_factor_a_radiologist_reads_and_is_told_how_to_enrol_before_signing()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Written);
        await clinic.RestartAsync(o => o with { IsDemonstration = false });
        var page = await clinic.Radiologist.Opens($"/reading-room/exams/{exam}");
        page.Status.Should().Be(HttpStatusCode.OK);
        page.Words.Should().Contain("To sign you need a second factor").And.NotContain("Demonstration");
        (await clinic.Radiologist.TriesToSign(exam)).Refusal.Should().Contain("My account");
        var (phone, _) = await EnrolAsync(clinic, clinic.Radiologist);
        clinic.Radiologist.Phone = phone;
        (await clinic.Radiologist.TriesToSign(exam))
            .Refusal.Should()
            .Contain("opens once", "it confirmed the enrolment");
        clinic.Clock.Turn(HalfAMinute);
        await clinic.Radiologist.Signs(exam);
    }

    [Fact]
    public async Task A_code_whose_signature_was_refused_for_another_reason_opens_the_next_one_and_then_none()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var (first, second) = (await clinic.ExamAsync(Chapter.Written), await clinic.ExamAsync(Chapter.Written));
        await clinic.RestartAsync(o => o with { IsDemonstration = false });
        (clinic.Radiologist.Phone, _) = await EnrolAsync(clinic, clinic.Radiologist);
        clinic.Clock.Turn(HalfAMinute);
        (await clinic.Radiologist.TriesToSign(first, ("alertCategory", ""))).Refusal.Should().Contain("alert category");
        await clinic.Radiologist.Signs(first);
        (await clinic.Radiologist.TriesToSign(second)).Refusal.Should().Contain("second factor");
    }

    [Fact]
    public async Task Of_those_who_bring_one_code_at_once_one_is_let_through_and_until_its_step_is_refused_nobody_else()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var code = await clinic.WithAsync(s => s.GetRequiredService<ISecondFactor>().DemonstrationCodeAsync("rado"));
        async Task<bool> OpensAsync(bool? taken) =>
            await clinic.WithAsync(async s =>
            {
                var factor = s.GetRequiredService<ISecondFactor>();
                var opens = await factor.VerifyAsync("rado", code!);
                if (taken is { } settled)
                {
                    await factor.SettleAsync(settled);
                }
                return opens;
            });
        var let = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => OpensAsync(taken: null)));
        let.Count(l => l).Should().Be(1);
        (await OpensAsync(taken: false)).Should().BeFalse("what others bring gives nothing back");
        (await OpensAsync(taken: true)).Should().BeFalse();
    }

    [Fact]
    public async Task A_right_code_whose_step_was_refused_forgives_no_wrong_ones()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        async Task<int> TriesAsync(string answer, bool taken) =>
            await clinic.WithAsync(async s =>
            {
                var factor = s.GetRequiredService<ISecondFactor>();
                var right = await factor.DemonstrationCodeAsync("rado");
                await factor.VerifyAsync("rado", answer.Length > 0 ? answer : right!);
                await factor.SettleAsync(taken);
                return (
                    await s.GetRequiredService<UserManager<People.Person>>().FindByNameAsync("rado")
                )!.AccessFailedCount;
            });
        (await TriesAsync("000", taken: false)).Should().Be(1);
        (await TriesAsync("", taken: false)).Should().Be(1);
        (await TriesAsync("000", taken: false)).Should().Be(2);
        (await TriesAsync("000", taken: true)).Should().Be(3, "the step itself says nothing of the code");
        (await TriesAsync("", taken: true)).Should().Be(0);
    }

    [Fact]
    public async Task Without_a_second_factor_a_doctor_reads_and_is_told_how_to_enrol_before_releasing()
    {
        await using var clinic = await ClinicInABox.OpenAsync(settings: o => o with { RequireSecondFactor = true });
        var exam = await clinic.ExamAsync(Chapter.Discussed);
        (await clinic.Referrer.Opens($"/office/exams/{exam}"))
            .Words.Should()
            .Contain("To release you need a second factor");
        var release = async () => await clinic.Referrer.Releases(exam);
        (await release.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*enrol an authenticator*");
        await EnrolAsync(clinic, clinic.Referrer);
        await clinic.Referrer.Releases(exam);
        (await clinic.ExamAsync(exam)).Release.Should().Be("released");
    }

    [Fact]
    public async Task An_unattended_screen_enrols_nothing_and_removes_nothing()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        (await clinic.Clerk.FillsIn("/account", "/account/authenticator/begin", ("password", "not it")))
            .Refusal.Should()
            .Contain("password is not right");
        await EnrolAsync(clinic, clinic.Clerk);
        (await clinic.Clerk.FillsIn("/account", "/account/authenticator/remove", ("password", "not it")))
            .Words.Should()
            .Contain("Nothing was changed")
            .And.Contain("Enrolled");
        (await clinic.Clerk.FillsIn("/account", "/account/authenticator/remove", ("password", Person.Password)))
            .Words.Should()
            .Contain("authenticator is removed");
        using var again = new Person(clinic, "clara");
        (await again.Opens("/front-desk")).Status.Should().Be(HttpStatusCode.OK);
    }

    /// <summary>Enrols at the person's own account page, with a phone that reads the key there.</summary>
    internal static async Task<(Phone Phone, string[] Codes)> EnrolAsync(ClinicInABox clinic, Person person)
    {
        var page = await person.FillsIn("/account", "/account/authenticator/begin", ("password", Person.Password));
        page.Document.QuerySelector("svg.qr path").Should().NotBeNull();
        var phone = new Phone(page.Document.QuerySelector("[data-key]")!.TextContent, clinic.Clock);
        (await person.FillsIn("/account", "/account/authenticator/confirm", ("code", "000")))
            .Refusal.Should()
            .Contain("not the code");
        var done = await person.FillsIn("/account", "/account/authenticator/confirm", ("code", phone.Shows));
        done.Words.Should().Contain("Your authenticator is enrolled");
        return (phone, [.. done.Document.QuerySelectorAll(".codes code").Select(c => c.TextContent)]);
    }

    private static async Task Refused(Person person)
    {
        var signIn = async () => await person.Opens("/front-desk");
        (await signIn.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*could not sign in*");
    }
}
