using System.Text.Json;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Proofs.TwinWorlds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Proofs;

/// <summary>What says something of a result (C4) does not leave the house by being serialised.</summary>
public sealed class ResultBearingTests
{
    [Fact]
    public async Task A_closed_value_and_a_row_are_never_serialised_and_a_grant_for_the_exam_opens_the_value()
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
        var closed = new ResultBearing<string>(id, "critical");

        var serialised = () => JsonSerializer.Serialize(new { exam.AccessionNumber, Alert = closed });
        serialised.Should().Throw<NotSupportedException>().Which.Message.Should().NotContain("critical");
        closed.ToString().Should().NotContain("critical");
        var answer = await clinic.Technologist.Opens($"/exam-room/exams/{id}/row");
        ((int)answer.Status).Should().Be(500);
        answer.Text.Should().NotContain(exam.PatientId);

        (await GrantAsync(clinic, id, Deeds.Tessa)).Should().BeNull();
        var grant = await GrantAsync(clinic, id, Deeds.Rado);
        closed.Open(grant!).Should().Be("critical");
        var other = new ResultBearing<string>(Guid.NewGuid(), "critical");
        FluentOpen(other, grant!).Should().Throw<UnauthorizedAccessException>();
    }

    private static Func<string> FluentOpen(ResultBearing<string> value, ResultGrant grant) => () => value.Open(grant);

    private static Task<ResultGrant?> GrantAsync(ClinicInABox clinic, Guid exam, Pathway.Actor actor) =>
        clinic.WithAsync(async s =>
            await s.GetRequiredService<AccessPolicy>().GrantAsync(await clinic.ExamAsync(exam), actor)
        );
}
