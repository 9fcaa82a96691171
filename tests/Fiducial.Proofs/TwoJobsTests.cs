using System.Net;
using System.Security.Claims;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Proofs;

/// <summary>A person with two jobs: one role a session, and in an exam room what both jobs have (pathway 6.3, note 1).</summary>
public sealed class TwoJobsTests
{
    [Fact]
    public async Task One_role_is_chosen_at_sign_in_and_in_an_exam_room_both_jobs_must_allow()
    {
        await using var clinic = await ClinicInABox.OpenAsync();
        var exam = await clinic.ExamAsync(Chapter.Signed);
        // A technologist who also works at the front desk, and one who also reads.
        await HireAsync(clinic, "thea", "TECH", "CLK");
        await HireAsync(clinic, "theo", "TECH", "RAD");

        using var desk = new Person(clinic, "thea") { WorksAs = "CLK" };
        (await desk.Opens($"/front-desk/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
        (await desk.Opens($"/exam-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.NotFound);

        using var thea = new Person(clinic, "thea");
        (await thea.Opens($"/exam-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
        (await thea.Opens($"/front-desk/exams/{exam}")).Status.Should().Be(HttpStatusCode.NotFound);

        using var reader = new Person(clinic, "theo") { WorksAs = "RAD" };
        (await reader.Opens($"/reading-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
        (await reader.Opens($"/exam-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.NotFound);

        using var theo = new Person(clinic, "theo");
        (await theo.Opens($"/exam-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.OK);
        (await theo.Opens($"/reading-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.NotFound);
        // A radiologist has no previews and writes no logistics: so has not who is a technologist, too.
        var preview = (await clinic.EveryDoorAsync(exam)).Single(d =>
            d.Route.Contains("/previews/", StringComparison.Ordinal)
        );
        (await clinic.Technologist.Opens(preview.Door.Path)).Status.Should().Be(HttpStatusCode.OK);
        (await theo.Opens(preview.Door.Path)).Status.Should().Be(HttpStatusCode.NotFound);
        (await theo.Posts($"/exam-room/exams/{exam}/start")).Status.Should().Be(HttpStatusCode.NotFound);

        using var wish = new Person(clinic, "thea") { WorksAs = "RAD" };
        (await wish.Opens($"/reading-room/exams/{exam}")).Status.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public void No_two_jobs_give_a_technologist_more_than_the_one()
    {
        foreach (var (phase, role, data) in Matrix.WrittenLaw.All.Where(c => c.Role is Role.TECH))
        {
            var cell = PermissionMatrix.Law.Of(phase, role, data);
            (data is DataClass.C3d or DataClass.C3f or DataClass.C3h or DataClass.C4 && cell.Verbs.Count > 0)
                .Should()
                .BeFalse();
        }
    }

    private static async Task HireAsync(ClinicInABox clinic, string name, string role, string alsoAs)
    {
        using var person = await clinic.HireAsync(name, role, "DX");
        await clinic.WithAsync(async s =>
        {
            var people = s.GetRequiredService<UserManager<Server.People.Person>>();
            var known = await people.FindByNameAsync(name);
            return await people.AddClaimAsync(known!, new Claim(SignedIn.JobClaim, alsoAs));
        });
    }
}
