using System.Text.RegularExpressions;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Web;
using Fiducial.Pathway.Exams;
using Fiducial.PatientPortal.Words;
using Fiducial.Results.Release;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fiducial.PatientPortal.Tests;

/// <summary>What the patient's page says before release: plain, and the same whatever the pictures show.</summary>
public sealed partial class PatientWordsTests(ITestOutputHelper output)
{
    private static readonly BusinessCalendar Calendar = BusinessCalendar.Of("America/Edmonton");
    private static readonly DateTimeOffset Day = new(2026, 11, 24, 16, 0, 0, TimeSpan.Zero);

    /// <summary>What C0 is of an exam's row; the rest of the row must not reach the page.</summary>
    private static readonly string[] Logistical =
    [
        nameof(ExamRecord.Id),
        nameof(ExamRecord.Procedure),
        nameof(ExamRecord.Laterality),
        nameof(ExamRecord.AccessionNumber),
        nameof(ExamRecord.Order),
        nameof(ExamRecord.Exam),
        nameof(ExamRecord.ResponsibleDoctorName),
        nameof(ExamRecord.HolderName),
        nameof(ExamRecord.Room),
        nameof(ExamRecord.ReleaseElection),
        nameof(ExamRecord.RequestedAt),
        nameof(ExamRecord.ScheduledAt),
        nameof(ExamRecord.ArrivedAt),
        nameof(ExamRecord.CompletedAt),
        nameof(ExamRecord.SignedAt),
        nameof(ExamRecord.DeliveredAt),
        nameof(ExamRecord.ReleasedAt),
        nameof(ExamRecord.PromiseLimit),
    ];

    [Fact]
    public void Two_exams_that_differ_in_everything_but_logistics_give_the_same_page()
    {
        var one = Exam();
        var other = Exam();
        var changed = 0;
        foreach (var property in typeof(ExamRecord).GetProperties().Where(p => p.SetMethod is { IsPublic: true }))
        {
            // What is released, frozen or withdrawn opens and closes the result by law; it is not result-bearing before release.
            if (
                Logistical.Contains(property.Name)
                || property.Name is nameof(ExamRecord.Release) or nameof(ExamRecord.Access) or nameof(ExamRecord.Images)
            )
            {
                continue;
            }
            object? value = property.PropertyType switch
            {
                var t when t == typeof(string) => property.Name is nameof(ExamRecord.Report) ? "amended" : "other",
                var t when t == typeof(int) => 7,
                var t when t == typeof(bool) => true,
                var t when t == typeof(DateTimeOffset?) => Day.AddDays(3),
                _ => throw new NotSupportedException($"{property.Name} is of a type that this test does not know."),
            };
            property.SetValue(other, value);
            changed++;
        }
        changed.Should().BeGreaterThan(15);
        Logistics.Of(other).Should().Be(Logistics.Of(one));
        WhereItIs
            .Of(Logistics.Of(other), ReleasePolicy.DoctorFirst.ExpectedAfter, Calendar)
            .Should()
            .Be(WhereItIs.Of(Logistics.Of(one), ReleasePolicy.DoctorFirst.ExpectedAfter, Calendar));
    }

    [Fact]
    public async Task The_explanations_are_read_with_eight_years_of_school()
    {
        foreach (
            var (name, html) in new[]
            {
                ("who provides my results", await RenderAsync<WhoProvidesMyResults>()),
                ("when to seek help", await RenderAsync<SeekHelp>()),
            }
        )
        {
            Grade(name, Plain(html)).Should().BeLessThanOrEqualTo(8, name);
        }
    }

    [Fact]
    public void Where_the_exam_is_is_read_with_eight_years_of_school()
    {
        var states = new List<ExamRecord>
        {
            new() { Id = Guid.Empty, Order = "requested" },
        };
        void Then(Action<ExamRecord> step)
        {
            var next = Exam();
            step(next);
            states.Add(next);
        }
        Then(e =>
            (e.Order, e.Exam, e.ArrivedAt, e.CompletedAt, e.SignedAt, e.DeliveredAt) = (
                "protocolled",
                "none",
                null,
                null,
                null,
                null
            )
        );
        Then(e => (e.Exam, e.ArrivedAt, e.CompletedAt, e.SignedAt, e.DeliveredAt) = ("none", null, null, null, null));
        Then(e => (e.Exam, e.CompletedAt, e.SignedAt, e.DeliveredAt) = ("arrived", null, null, null));
        Then(e => (e.Exam, e.CompletedAt, e.SignedAt, e.DeliveredAt) = ("in_progress", null, null, null));
        Then(e => (e.SignedAt, e.DeliveredAt) = (null, null));
        Then(e => e.DeliveredAt = null);
        Then(_ => { });
        Then(e => e.Release = "released");
        Then(e => e.Order = "cancelled");
        var places = states.ConvertAll(s =>
            WhereItIs.Of(Logistics.Of(s), ReleasePolicy.DoctorFirst.ExpectedAfter, Calendar)
        );
        places.Select(p => p.Now).Should().OnlyHaveUniqueItems();
        Grade("where it is", string.Join(' ', places.Select(p => $"{p.Now} {p.Next}"))).Should().BeLessThanOrEqualTo(8);
    }

    [Fact]
    public void The_answer_to_why_not_yet_is_read_with_eight_years_of_school()
    {
        foreach (var names in (string[])["doctor-first", "ca-ab", "us", "uk"])
        {
            var policy = ReleasePolicy.Load(PackShelf.OfTheProgram, names);
            foreach (var choice in policy.Pack.Elections)
            {
                var facts = new ReleaseFacts
                {
                    HasSignedVersion = true,
                    SignedAt = Day,
                    Election = choice.Words,
                };
                var words = string.Join(' ', policy.WhyNotYet(facts, Day.AddDays(-1), Calendar));
                Grade($"{names}: {choice.Words}", words).Should().BeLessThanOrEqualTo(8);
            }
        }
    }

    [Fact]
    public void A_radiologists_word_is_explained_where_it_first_stands_and_no_word_is_lost()
    {
        const string text = "Undisplaced fracture of the distal radius.\nNo effusions; no second fracture.";
        var pieces = PlainWords.Of(text);
        string.Concat(pieces.Select(p => p.Text)).Should().Be(text);
        pieces
            .Where(p => p.Explanation is not null)
            .Select(p => p.Text)
            .Should()
            .Equal("Undisplaced", "fracture", "distal", "radius", "effusions");
    }

    private static ExamRecord Exam() =>
        new()
        {
            Id = Guid.Empty,
            Order = "scheduled",
            Exam = "departed",
            Report = "signed",
            Procedure = "X-ray of the wrist",
            Laterality = "L",
            AccessionNumber = "F1",
            ResponsibleDoctorName = "Dr Smith",
            HolderName = "Dr Smith",
            Room = "DX 1",
            ReleaseElection = "after my doctor has read it",
            RequestedAt = Day,
            ScheduledAt = Day,
            ArrivedAt = Day,
            CompletedAt = Day,
            SignedAt = Day,
            DeliveredAt = Day,
            PromiseLimit = Day.AddDays(2),
        };

    private static async Task<string> RenderAsync<T>()
        where T : IComponent
    {
        await using var services = new ServiceCollection().AddScoped<OneReader>().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<T>()).ToHtmlString()
        );
    }

    // Headings and paragraphs end a sentence.
    private static string Plain(string html) =>
        Tag().Replace(html.Replace("</h2>", ". ").Replace("</h3>", ". ").Replace("</p>", " "), "");

    /// <summary>Flesch-Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59.</summary>
    private double Grade(string name, string text)
    {
        var sentences = Sentence().Split(text).Count(s => Word().IsMatch(s));
        var words = Word().Matches(text).Select(m => m.Value).ToList();
        var grade = (0.39 * words.Count / sentences) + (11.8 * words.Sum(Syllables) / words.Count) - 15.59;
        output.WriteLine($"{name}: {words.Count} words, {sentences} sentences, grade {grade:0.0}");
        return grade;
    }

    // Groups of vowels; a silent e at the end does not count.
    private static int Syllables(string word)
    {
        var bare = word.ToLowerInvariant();
        var count = Vowels().Count(bare);
        return Math.Max(1, bare.EndsWith('e') && !bare.EndsWith("le", StringComparison.Ordinal) ? count - 1 : count);
    }

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"[.!?]+\s")]
    private static partial Regex Sentence();

    [GeneratedRegex("[A-Za-z']+")]
    private static partial Regex Word();

    [GeneratedRegex("[aeiouy]+")]
    private static partial Regex Vowels();
}
