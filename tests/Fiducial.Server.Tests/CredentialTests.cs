using System.Net;
using Fiducial.Pathway.People;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using BearerTokens = Fiducial.Server.People.BearerTokens;

namespace Fiducial.Server.Tests;

/// <summary>Credentials are asked for when a step is taken, run out with a warning, and what a doctor leaves behind moves on by itself.</summary>
public sealed class CredentialTests
{
    private const string People = "/administration/people";

    [Fact]
    public async Task A_registration_that_was_suspended_a_minute_ago_starts_no_exam()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Arrived);
        await clinic.Technologist.Opens($"/exam-room/exams/{exam}");
        await EndAsync(clinic, "tessa", CredentialKind.Registration);
        // Her session still says who she is, and the door has closed: the exam is not of what she may perform.
        (await clinic.Technologist.Posts($"/exam-room/exams/{exam}/start", TimeOut))
            .Status.Should()
            .Be(HttpStatusCode.NotFound);
        (await clinic.ExamAsync(exam)).Exam.Should().Be("arrived");
        (await clinic.Technologist.Opens("/credentials")).Words.Should().Contain("suspended");
        // A new one is recorded, for another modality first.
        await RecordAsync(clinic, "tessa", CredentialKind.Registration, "MR");
        (await clinic.Technologist.Posts($"/exam-room/exams/{exam}/start", TimeOut))
            .Status.Should()
            .Be(HttpStatusCode.NotFound);
        await RecordAsync(clinic, "tessa", CredentialKind.Registration, "DX");
        await clinic.Technologist.Starts(exam);
        (await clinic.ExamAsync(exam)).Exam.Should().Be("in_progress");
        (await clinic.LedgerAsync(exam))[^1].Credential.Should().Be("College 77");
    }

    [Fact]
    public async Task A_reader_signs_only_what_a_privilege_covers_in_modality_and_part_of_the_body()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Written);
        await EndAsync(clinic, "rado", CredentialKind.ReaderPrivilege);
        await RecordAsync(clinic, "rado", CredentialKind.ReaderPrivilege, "DX", "CHEST");
        var sign = () => clinic.Radiologist.Signs(exam);
        (await sign.Should().ThrowAsync<InvalidOperationException>()).WithMessage(
            "*The reader has no privilege for DX of the part WRIST.*"
        );
        await RecordAsync(clinic, "rado", CredentialKind.ReaderPrivilege, "DX", "WRIST");
        await EndAsync(clinic, "rado", CredentialKind.Licence);
        (await sign.Should().ThrowAsync<InvalidOperationException>()).WithMessage(
            "*The reader's licence is not active: CPSA 20817 ended on*"
        );
        await RecordAsync(clinic, "rado", CredentialKind.Licence, "");
        await sign();
        (await clinic.WaitAsync(exam, e => e.Delivery is "received")).Report.Should().Be("signed");
    }

    [Fact]
    public async Task A_credential_warns_sixty_thirty_and_seven_days_before_its_last_day_and_each_once()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        await RecordAsync(clinic, "tessa", CredentialKind.Registration, "DX", days: 100);
        await EndAsync(clinic, "tessa", CredentialKind.Registration);
        (await NoticesAsync(clinic)).Should().BeEmpty();
        var seen = new List<string>();
        foreach (var days in (int[])[41, 30, 23])
        {
            clinic.Clock.Turn(TimeSpan.FromDays(days));
            seen.Add(string.Join(", ", await WaitForAsync(clinic, (seen.Count + 1) * 2)));
        }
        seen[^1]
            .Should()
            .Be(
                "credential 30 ADM, credential 30 tessa, credential 60 ADM, credential 60 tessa, credential 7 ADM, credential 7 tessa"
            );
        using var tessa = new Person(clinic, "tessa");
        (await tessa.Opens("/credentials")).Words.Should().Contain("Bring the new one");
        using var later = new Person(clinic, "adam");
        (await later.Opens(People)).Words.Should().Contain("Running out");
        clinic.Clock.Turn(TimeSpan.FromDays(8));
        (await clinic.Technologist.Opens("/credentials")).Words.Should().Contain("expired");
    }

    [Fact]
    public async Task G08_When_a_licence_runs_out_the_open_duty_goes_to_the_successor_by_itself_and_once()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        await clinic.Administrator.FillsIn(
            People,
            $"{People}/successor",
            ("person", "rita"),
            ("custodian", "otto"),
            ("agreement", "letter 4")
        );
        await RecordAsync(clinic, "rita", CredentialKind.Licence, "", days: 3);
        await EndAsync(clinic, "rita", CredentialKind.Licence);
        var exam = await clinic.ExamAsync(Chapter.Reviewed);
        (await clinic.ExamAsync(exam)).HolderId.Should().Be("rita", "another licence holds");
        clinic.Clock.Turn(TimeSpan.FromDays(4));
        await clinic.WaitAsync(exam, e => e is { HolderId: "otto", Duty: "owed", DeliveredVersion: 1 });
        (await clinic.LedgerAsync(exam)).Count(e => e.Step is "U3").Should().Be(1);
        await clinic.OtherReferrer.Reads(exam);
        (await clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task The_administrators_page_keeps_people_shows_no_patient_and_shuts_a_person_out_at_once()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        await clinic.ExamAsync(Chapter.Signed);
        var page = await clinic.Administrator.Opens(People);
        page.Words.Should().Contain("Dr Rita Referrer").And.Contain("CPSA 31250").And.NotContain("Paul Patient");
        (await clinic.Clerk.Opens(People)).Status.Should().Be(HttpStatusCode.NotFound);
        (
            await clinic.Administrator.FillsIn(
                People,
                $"{People}/add",
                ("person", "nora"),
                ("display", "Nora New"),
                ("role", "CLK"),
                ("password", "short")
            )
        )
            .Refusal.Should()
            .NotBeNull();
        await clinic.Administrator.FillsIn(
            People,
            $"{People}/add",
            ("person", "nora"),
            ("display", "Nora New"),
            ("role", "CLK"),
            ("password", Person.Password)
        );
        using var nora = new Person(clinic, "nora");
        (await nora.Opens("/front-desk")).Status.Should().Be(HttpStatusCode.OK);
        await clinic.Administrator.Posts($"{People}/disable", ("person", "nora"));
        (await nora.Opens("/front-desk")).Status.Should().NotBe(HttpStatusCode.OK);
        using var again = new Person(clinic, "nora");
        var enter = () => again.SignsIn();
        await enter.Should().ThrowAsync<InvalidOperationException>();
        await clinic.Administrator.Posts($"{People}/enable", ("person", "nora"));
        await again.SignsIn();
    }

    [Fact]
    public async Task A_token_opens_nothing_once_its_person_is_shut_out_or_a_needed_credential_is_suspended()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Arrived);
        var token = await TokenAsync();
        using var program = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        Task<string> TokenAsync() =>
            clinic.WithAsync(async s =>
                s.GetRequiredService<BearerTokens>()
                    .Issue(
                        (await s.GetRequiredService<UserManager<Server.People.Person>>().FindByNameAsync("tessa"))!,
                        TimeSpan.FromHours(1)
                    )
            );
        async Task<HttpStatusCode> OpensAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(clinic.Address, path));
            request.Headers.Authorization = new("Bearer", token);
            using var answer = await program.SendAsync(request);
            return answer.StatusCode;
        }
        var page = $"/exam-room/exams/{exam}";
        (await OpensAsync(page)).Should().Be(HttpStatusCode.OK);
        await clinic.Administrator.FillsIn(People, $"{People}/disable", ("person", "tessa"));
        (await OpensAsync(page)).Should().NotBe(HttpStatusCode.OK);
        (await OpensAsync("/credentials")).Should().NotBe(HttpStatusCode.OK, "nothing at all is open");
        await clinic.Administrator.FillsIn(People, $"{People}/enable", ("person", "tessa"));
        (await OpensAsync(page)).Should().NotBe(HttpStatusCode.OK, "what was given out before stays closed");
        token = await TokenAsync();
        (await OpensAsync(page)).Should().Be(HttpStatusCode.OK);
        await EndAsync(clinic, "tessa", CredentialKind.Registration);
        (await OpensAsync(page)).Should().Be(HttpStatusCode.NotFound);
        (await OpensAsync("/credentials")).Should().Be(HttpStatusCode.OK, "she sees what is missing");
    }

    private static readonly (string, string)[] TimeOut =
    [
        ("patientConfirmed", "on"),
        ("examConfirmed", "on"),
        ("sideConfirmed", "on"),
    ];

    private static async Task RecordAsync(
        ClinicInABox clinic,
        string person,
        string kind,
        string modalities,
        string regions = "",
        int? days = null
    )
    {
        var until = days is { } d
            ? DateOnly
                .FromDateTime(clinic.Clock.GetUtcNow().AddHours(-7).DateTime)
                .AddDays(d)
                .ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
            : "";
        var page = await clinic.Administrator.FillsIn(
            People,
            $"{People}/credential",
            ("person", person),
            ("kind", kind),
            ("body", "College"),
            ("number", "77"),
            ("modalities", modalities),
            ("regions", regions),
            ("from", "2020-01-01"),
            ("until", until)
        );
        page.Refusal.Should().BeNull();
    }

    private static async Task EndAsync(ClinicInABox clinic, string person, string kind)
    {
        var id = await clinic.InDatabaseAsync(db =>
            db.Set<Credential>()
                .Where(c => c.PersonId == person && c.Kind == kind && c.EndedAt == null)
                .MinAsync(c => c.Id)
        );
        var page = await clinic.Administrator.FollowsAsync(
            await clinic.Administrator.Posts(
                $"{People}/end-credential",
                ("credential", $"{id}"),
                ("reason", "suspended")
            )
        );
        page.Refusal.Should().BeNull();
    }

    private static Task<List<string>> NoticesAsync(ClinicInABox clinic) =>
        clinic.InDatabaseAsync(db =>
            db.Set<PersonNotice>()
                .Where(n => n.Concerns == "tessa")
                .OrderBy(n => n.Kind)
                .ThenBy(n => n.PersonId)
                .Select(n => n.Kind + " " + n.Role + n.PersonId)
                .ToListAsync()
        );

    private static async Task<List<string>> WaitForAsync(ClinicInABox clinic, int count)
    {
        for (var i = 0; i < 500 && (await NoticesAsync(clinic)).Count < count; i++)
        {
            await Task.Delay(20);
        }
        return await NoticesAsync(clinic);
    }
}
