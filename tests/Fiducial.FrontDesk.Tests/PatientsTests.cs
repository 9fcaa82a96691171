using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.FrontDesk.Tests;

/// <summary>Registering patients: two identifiers, and nobody twice.</summary>
public abstract class PatientsTests(SharedClinic shared) : RoomTests(shared)
{
    private const string Path = "/front-desk/patients";

    [Fact]
    public async Task A_patient_who_is_registered_stands_in_the_list_and_can_be_referred()
    {
        var id = NewId();
        await Clinic.Clerk.Registers(id, "Müller-Łukasz", "Zoë", "1990-02-28");
        (await Clinic.Clerk.Opens(Path))
            .Words.Should()
            .Contain("Zoë Müller-Łukasz")
            .And.Contain("1990-02-28")
            .And.Contain(id);
        var exam = await Clinic.Referrer.Refers(id);
        (await Clinic.ExamAsync(exam)).PatientName.Should().Be("Müller-Łukasz^Zoë");
    }

    [Theory]
    [InlineData("patientId", "", "needed")]
    [InlineData("family", " ", "needed")]
    [InlineData("birthDate", "", "needed")]
    [InlineData("birthDate", "yesterda", "needed")]
    [InlineData("birthDate", "1990-02-30", "needed")]
    [InlineData("birthDate", "2999-01-01", "needed")]
    [InlineData("family", "Doe^Jane", "without ^")]
    [InlineData("given", "Jane=Jane", "without ^")]
    [InlineData("patientId", @"1\2", "without ^")]
    [InlineData("sex", "unknown", "F, M or O")]
    public async Task What_cannot_be_a_patient_is_turned_back_with_the_reason(string field, string value, string reason)
    {
        var before = await CountAsync();
        var answer = await Clinic.Clerk.FollowsAsync(await Clinic.Clerk.Posts(Path, Fields((field, value))));
        answer.Refusal.Should().Contain(reason);
        (await CountAsync()).Should().Be(before);
    }

    [Fact]
    public async Task A_name_of_65_characters_is_turned_back()
    {
        var answer = await Clinic.Clerk.Posts(Path, Fields(("family", new string('n', 65))));
        answer.Location.Should().Contain("problem=characters");
    }

    [Fact]
    public async Task The_same_person_is_registered_once()
    {
        var id = NewId();
        await Clinic.Clerk.Registers(id, "Twin", $"First {id}", "1999-09-09");
        (await Clinic.Clerk.FollowsAsync(await Clinic.Clerk.Posts(Path, Fields(("patientId", id)))))
            .Refusal.Should()
            .Contain("registered already");
        var same = Fields(
            ("patientId", NewId()),
            ("family", "Twin"),
            ("given", $"First {id}"),
            ("birthDate", "1999-09-09")
        );
        (await Clinic.Clerk.FollowsAsync(await Clinic.Clerk.Posts(Path, same)))
            .Refusal.Should()
            .Contain("registered already");
    }

    [Fact]
    public async Task Of_many_who_register_one_identifier_at_once_one_succeeds()
    {
        var id = NewId();
        await Clinic.Clerk.Opens(Path);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(i => Clinic.Clerk.Posts(Path, Fields(("patientId", id), ("family", $"Crowd{i}"))))
        );
        var outcomes = answers.Select(a => a.Location).Order(StringComparer.Ordinal);
        outcomes.Should().Equal([Path, .. Enumerable.Repeat($"{Path}?problem=known", 7)]);
        (await Clinic.InDatabaseAsync(db => db.Set<PatientRecord>().CountAsync(p => p.PatientId == id))).Should().Be(1);
    }

    [Fact]
    public async Task Script_in_a_name_is_shown_as_text()
    {
        await Clinic.Clerk.Registers(
            NewId(),
            "<img src=x onerror=alert(1)>".Replace("=", "", StringComparison.Ordinal),
            "<b>",
            "1991-01-01"
        );
        var page = await Clinic.Clerk.Opens(Path);
        page.Document.QuerySelector("main img").Should().BeNull();
        page.Words.Should().Contain("<b>");
    }

    private static string NewId() => $"N-{Guid.NewGuid():N}";

    private Task<int> CountAsync() => Clinic.InDatabaseAsync(db => db.Set<PatientRecord>().CountAsync());

    private static List<(string, string)> Fields(params (string Name, string Value)[] changes)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["patientId"] = NewId(),
            ["family"] = "Test",
            ["given"] = "Tamara",
            ["birthDate"] = "1990-01-31",
            ["sex"] = "F",
            // Records that are much alike have been looked at.
            ["another"] = "on",
        };
        foreach (var (name, value) in changes)
        {
            fields[name] = value;
        }
        return [.. fields.Select(f => (f.Key, f.Value))];
    }
}

public sealed class PatientsOnSqliteTests(ClinicOnSqlite clinic) : PatientsTests(clinic);

public sealed class PatientsOnPostgresTests(ClinicOnPostgres clinic) : PatientsTests(clinic);
