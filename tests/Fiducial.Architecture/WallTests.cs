using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace Fiducial.Architecture;

/// <summary>The walls of the house, as the references between projects and as what the compiled rooms name.</summary>
public sealed class WallTests
{
    // Row by row: a room, and the rooms that it may reference. What is not named is a wall.
    private static readonly Dictionary<string, string[]> May = new(StringComparer.Ordinal)
    {
        ["Foundation"] = [],
        ["Dicom"] = [],
        ["Archive"] = ["Foundation", "Dicom"],
        ["Pathway"] = ["Foundation"],
        ["Results"] = ["Foundation", "Pathway"],
        ["FrontDesk"] = ["Foundation", "Pathway", "Dicom", "Archive"],
        ["ExamRoom"] = ["Foundation", "Pathway", "Dicom", "Archive"],
        ["ReadingRoom"] = ["Foundation", "Pathway", "Results", "Archive"],
        ["DoctorsOffice"] = ["Foundation", "Pathway", "Results", "Archive"],
        ["PatientPortal"] = ["Foundation", "Pathway", "Results"],
        ["Coordination"] = ["Foundation", "Pathway"],
        ["PrivacyOffice"] = ["Foundation", "Pathway"],
        ["Exchange"] = ["Foundation", "Pathway", "Results", "Dicom"],
        ["Server"] =
        [
            "Foundation",
            "Dicom",
            "Archive",
            "Pathway",
            "Results",
            "FrontDesk",
            "ExamRoom",
            "ReadingRoom",
            "DoctorsOffice",
            "PatientPortal",
            "Coordination",
            "PrivacyOffice",
            "Exchange",
        ],
    };

    private static readonly string[] RoomsOfRoles =
    [
        "FrontDesk",
        "ExamRoom",
        "ReadingRoom",
        "DoctorsOffice",
        "PatientPortal",
        "Coordination",
        "PrivacyOffice",
    ];

    public static TheoryData<string> Rooms => [.. May.Keys];

    [Fact]
    public void Every_project_has_its_row() =>
        Directory
            .GetDirectories(Path.Combine(Samples.Repository, "src"), "Fiducial.*")
            .Select(d => Path.GetFileName(d)["Fiducial.".Length..])
            .Should()
            .BeEquivalentTo(May.Keys);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_project_references_only_what_its_wall_allows(string room) =>
        Breaches(room, ProjectReferences(room)).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_compiled_room_names_only_what_its_wall_allows(string room) =>
        Breaches(room, CompiledReferences(room)).Should().BeEmpty();

    [Fact]
    public void Rooms_of_roles_never_import_each_other_and_the_server_is_imported_by_none()
    {
        foreach (var room in May.Keys.Except(["Server"]))
        {
            string[] others = [.. RoomsOfRoles.Except([room]), "Server"];
            ProjectReferences(room).Concat(CompiledReferences(room)).Should().NotContain(others, room);
        }
    }

    [Theory]
    [InlineData("FrontDesk")]
    [InlineData("ExamRoom")]
    public void A_room_of_previews_names_no_result_and_of_the_archive_the_preview_door_alone(string room)
    {
        ProjectReferences(room).Concat(CompiledReferences(room)).Should().NotContain("Results");
        NamesOf("Archive", room).Should().OnlyContain(n => n == "Fiducial.Archive.Previews");
    }

    [Fact]
    public void There_is_no_way_in_a_circle()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        void Visit(string room, IReadOnlyList<string> way)
        {
            way.Should().NotContain(room, $"{string.Join(" → ", way)} → {room} is a circle");
            if (done.Add(room))
            {
                foreach (var next in ProjectReferences(room))
                {
                    Visit(next, [.. way, room]);
                }
            }
        }
        foreach (var room in May.Keys)
        {
            Visit(room, []);
        }
        done.Should().HaveCount(May.Count);
    }

    [Theory]
    [InlineData("Law")]
    [InlineData("Protocols")]
    [InlineData("Exams")]
    [InlineData("Patients")]
    public void The_law_and_the_state_of_an_exam_know_no_database(string folder) =>
        FilesThatNameADatabase("Pathway", folder).Should().BeEmpty();

    [Fact]
    public void The_standard_knows_no_clinic_no_web_and_no_database()
    {
        NamesOfAssemblies("Dicom")
            .Should()
            .NotContain(n =>
                n.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || n.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
                || n.StartsWith("Microsoft.Data", StringComparison.Ordinal)
                || n.StartsWith("Fiducial", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void The_rules_can_fail()
    {
        Breaches("ExamRoom", ["Foundation", "Results"]).Should().Equal("Results");
        Breaches("PrivacyOffice", ["Results", "Archive"]).Should().Equal("Results", "Archive");
        Breaches("Foundation", CompiledReferences("Server")).Should().NotBeEmpty();
        NamesOf("Archive", "Server").Should().Contain(n => n != "Fiducial.Archive.Previews");
        FilesThatNameADatabase("Pathway", "Storage").Should().NotBeEmpty();
        NamesOfAssemblies("Archive").Should().Contain("Microsoft.Data.Sqlite");
    }

    private static IEnumerable<string> Breaches(string room, IEnumerable<string> references) =>
        references.Except(May[room], StringComparer.Ordinal);

    private static List<string> ProjectReferences(string room) =>
        [
            .. XDocument
                .Load(Path.Combine(Samples.Repository, "src", $"Fiducial.{room}", $"Fiducial.{room}.csproj"))
                .Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!)["Fiducial.".Length..]),
        ];

    private static IEnumerable<string> CompiledReferences(string room) =>
        NamesOfAssemblies(room)
            .Where(n => n.StartsWith("Fiducial.", StringComparison.Ordinal))
            .Select(n => n["Fiducial.".Length..]);

    private static IEnumerable<string> NamesOfAssemblies(string room) =>
        Assembly.Load($"Fiducial.{room}").GetReferencedAssemblies().Select(a => a.Name!);

    private static List<string> FilesThatNameADatabase(string room, string folder) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Samples.Repository, "src", $"Fiducial.{room}", folder), "*.cs")
                .Where(f =>
                    File.ReadAllText(f) is var text
                    && (
                        text.Contains("EntityFrameworkCore", StringComparison.Ordinal)
                        || text.Contains("Fiducial.Foundation.Storage", StringComparison.Ordinal)
                        || text.Contains("ClinicDb", StringComparison.Ordinal)
                    )
                ),
        ];

    // The namespaces of another room's types in the metadata of a compiled room.
    private static List<string> NamesOf(string other, string room)
    {
        using var stream = File.OpenRead(Assembly.Load($"Fiducial.{room}").Location);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return
        [
            .. metadata
                .TypeReferences.Select(metadata.GetTypeReference)
                .Select(t => metadata.GetString(t.Namespace))
                .Where(n => n == $"Fiducial.{other}" || n.StartsWith($"Fiducial.{other}.", StringComparison.Ordinal)),
        ];
    }
}
