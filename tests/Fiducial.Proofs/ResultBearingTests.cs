using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Proofs;

/// <summary>What says something of a result (C4) does not leave the house by being serialised.</summary>
public sealed class ResultBearingTests
{
    [Fact]
    public async Task A_row_that_bears_a_result_is_never_serialised()
    {
        await using var clinic = await ClinicInABox.OpenAsync(furnish: app =>
            app.MapGet(
                    "/exam-room/exams/{exam:guid}/row",
                    async (Guid exam, HttpContext http, AccessPolicy policy) =>
                        TypedResults.Json(await policy.ExamAsync(exam, http.Actor(), DataClass.C0, Verb.Read))
                )
                .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Read, Role.TECH))
        );
        var id = await clinic.ExamAsync(Chapter.Booked);
        var exam = await clinic.ExamAsync(id);
        var serialised = () => JsonSerializer.Serialize(new { exam.AccessionNumber, Exam = exam });
        serialised.Should().Throw<NotSupportedException>().Which.Message.Should().NotContain(exam.PatientId);
        var answer = await clinic.Technologist.Opens($"/exam-room/exams/{id}/row");
        ((int)answer.Status).Should().Be(500);
        answer.Text.Should().NotContain(exam.PatientId);
    }

    [Fact]
    public void Every_type_that_bears_a_result_refuses_to_be_serialised() =>
        // Of the whole house, also what no other test has called by now.
        Directory
            .EnumerateFiles(AppContext.BaseDirectory, "Fiducial.*.dll")
            .Select(file => Assembly.Load(AssemblyName.GetAssemblyName(file)))
            .SelectMany(a => a.GetTypes())
            .Where(t => t.IsAssignableTo(typeof(IResultBearing)))
            .Should()
            .HaveCountGreaterThan(6)
            .And.OnlyContain(t => Attribute.IsDefined(t, typeof(JsonConverterAttribute), inherit: false));
}
