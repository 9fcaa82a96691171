using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Proofs;

public sealed class DeclaredDoorTests
{
    [Fact]
    public async Task A_house_with_a_route_that_declares_nothing_is_not_opened()
    {
        var open = async () =>
            await ClinicInABox.OpenAsync(furnish: app => app.MapGet("/silent", () => TypedResults.Text("hello")));
        (await open.Should().ThrowAsync<InvalidOperationException>()).WithMessage(
            "GET /silent does not declare which class of data it shows*"
        );
    }

    [Fact]
    public async Task The_list_of_doors_names_each_route_service_and_message_with_class_and_roles()
    {
        var (exitCode, said) = await ServerProcess.RunAsync("doors");
        exitCode.Should().Be(0);
        said.Should()
            .Contain("GET,POST /exam-room/exams/{Exam:guid}\tC0")
            .And.Contain("DICOM 1.2.840.10008.5.1.4.31\t")
            .And.Contain("message audit-seal\t")
            .And.NotContain("NOT DECLARED");
    }
}
