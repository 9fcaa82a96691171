using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Proxies;
using Fiducial.Pathway.Rooms;
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
        const string page = "/front-desk/exams/{exam}";
        var status = new AccessAttribute(DataClass.C0, Verb.Write, Role.CLK);
        void Step(string name, StepForm form) =>
            routes.MapStep($"/front-desk/exams/{{exam:guid}}/{name}", page, status, form);
        Step("ask", new StepForm("O3") { Says = ["item", "question"] });
        Step("cancel", new StepForm("O8") { Says = ["reason"] });
        Step("no-show", new StepForm("O9") { Says = ["note"] });
        Step("declines", new StepForm("E9") { Says = ["note"] });
        routes
            .MapPost("/front-desk/patients", RegisterPatient.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Write, Role.CLK));
        routes.MapProxies("/front-desk/proxies", status, "record", "dispute", "end");
    }
}
