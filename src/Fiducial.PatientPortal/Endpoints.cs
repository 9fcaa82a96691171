using System.Text.Json.Nodes;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Rooms;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.PatientPortal;

public static class Endpoints
{
    /// <summary>What patients decide themselves. Who is signed in has proved who they are.</summary>
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
    }
}
