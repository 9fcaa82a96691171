using System.Reflection;
using System.Xml.Linq;

namespace Fiducial.Architecture;

/// <summary>The walls of the house, as the references between projects and as what the compiled rooms name.</summary>
public sealed class WallTests
{
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
        ["PrivacyOffice"] = ["Foundation", "Pathway"],
        ["Exchange"] = ["Foundation", "Pathway", "Results", "Dicom"],
    };

    public static TheoryData<string> Rooms => [.. May.Keys];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_project_references_only_what_its_wall_allows(string room)
    {
        var project = XDocument.Load(
            Path.Combine(Samples.Repository, "src", $"Fiducial.{room}", $"Fiducial.{room}.csproj")
        );
        var references = project
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!)["Fiducial.".Length..]);
        references.Except(May[room], StringComparer.Ordinal).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_compiled_room_names_only_what_its_wall_allows(string room)
    {
        var named = Assembly
            .Load($"Fiducial.{room}")
            .GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(n => n.StartsWith("Fiducial.", StringComparison.Ordinal))
            .Select(n => n["Fiducial.".Length..]);
        named.Except(May[room], StringComparer.Ordinal).Should().BeEmpty();
    }

    [Theory]
    [InlineData("FrontDesk")]
    [InlineData("ExamRoom")]
    public void Of_the_archive_these_rooms_name_the_preview_door_alone(string room) =>
        NamesOfArchive(room).Should().OnlyContain(n => n == "Fiducial.Archive.Previews");

    [Fact]
    public void The_check_of_names_can_fail() =>
        NamesOfArchive("Server").Should().Contain(n => n != "Fiducial.Archive.Previews");

    // The namespaces of the archive's types in the metadata of a compiled room.
    private static List<string> NamesOfArchive(string room)
    {
        using var stream = File.OpenRead(Assembly.Load($"Fiducial.{room}").Location);
        using var image = new System.Reflection.PortableExecutable.PEReader(stream);
        var metadata = System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(image);
        return
        [
            .. metadata
                .TypeReferences.Select(metadata.GetTypeReference)
                .Select(t => metadata.GetString(t.Namespace))
                .Where(n => n == "Fiducial.Archive" || n.StartsWith("Fiducial.Archive.", StringComparison.Ordinal)),
        ];
    }
}
