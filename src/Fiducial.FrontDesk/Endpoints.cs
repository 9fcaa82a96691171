using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.FrontDesk;

public static class Endpoints
{
    public static void MapFrontDesk(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/front-desk/exams/{exam:guid}/book", BookExam.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Write, Role.CLK), new StepAttribute("O7"));
        routes
            .MapPost("/front-desk/exams/{exam:guid}/receive", ReceivePatient.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Write, Role.CLK), new StepAttribute("E1"));
        routes
            .MapPost("/front-desk/patients", RegisterPatient.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Write, Role.CLK));
    }
}
