using System.Text.Json.Nodes;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Proxies;
using Fiducial.Pathway.Rooms;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.PatientPortal;

public static class Endpoints
{
    /// <summary>What patients decide themselves, and what who stands for them asks. Who is signed in has proved who they are.</summary>
    public static void MapPatientPortal(this IEndpointRouteBuilder routes)
    {
        var own = new AccessAttribute(DataClass.REL, Verb.Act, Role.PAT);
        void Step(string name, string step, string said) =>
            routes.MapStep(
                $"/my/exams/{{exam:guid}}/{name}",
                "/my",
                own,
                new StepForm(step)
                {
                    Adds = new Dictionary<string, JsonNode> { [said] = said is "election" ? "do not show me" : true },
                }
            );
        Step("request", "L7", "identityProofed");
        Step("request-again", "L15", "identityProofed");
        Step("decline", "L13", "election");
        Step("see-again", "L14", "undone");
        // How a result is released is asked at the referral and may be changed until it is (decision 19).
        foreach (
            var (forms, page, role) in (ReadOnlySpan<(string, string, Role)>)
                [("/my/exams", "/my", Role.PAT), ("/my/for/exams", "/my/for?exam={exam}", Role.PRX)]
        )
        {
            routes.MapStep(
                $"{forms}/{{exam:guid}}/election",
                page,
                new AccessAttribute(DataClass.REL, Verb.Act, role),
                new StepForm("L16") { Says = ["releaseElection", "releaseElectionUntil"] }
            );
        }
        // Their authority was proved with its document when it was recorded, and is asked for once more with each step.
        foreach (var (name, step) in (ReadOnlySpan<(string, string)>)[("request", "L7"), ("request-again", "L15")])
        {
            routes.MapStep(
                $"/my/for/exams/{{exam:guid}}/{name}",
                "/my/for?exam={exam}",
                new AccessAttribute(DataClass.REL, Verb.Act, Role.PRX),
                new StepForm(step)
                {
                    Adds = new Dictionary<string, JsonNode> { ["identityProofed"] = true, ["authorityProofed"] = true },
                }
            );
        }
        routes.MapProxies("/my/doctors", own, "restrict");
    }
}
