using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Rooms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.ReadingRoom;

public static class Endpoints
{
    public static void MapReadingRoom(this IEndpointRouteBuilder routes)
    {
        var write = new AccessAttribute(DataClass.C3d, Verb.Write, Role.RAD);
        var read = new AccessAttribute(DataClass.C2f, Verb.Read, Role.RAD, Role.MDR);
        const string exam = "/reading-room/exams/{exam:guid}";
        routes
            .MapPost($"{exam}/protocol", WriteReport.ProtocolAsync)
            .WithMetadata(new AccessAttribute(DataClass.C1, Verb.Read, Role.RAD), new StepAttribute("O5"));
        routes.MapStep(
            $"{exam}/ask",
            "/reading-room",
            new AccessAttribute(DataClass.C1, Verb.Read, Role.RAD),
            new StepForm("O3") { Says = ["item", "question"] }
        );
        routes.MapStep($"{exam}/give-back", Page, write, new StepForm("R3"));
        routes.MapPost($"{exam}/claim", WriteReport.ClaimAsync).WithMetadata(write, new StepAttribute("R2"));
        routes.MapPut($"{exam}/draft", WriteReport.SaveAsync).WithMetadata(write, new StepAttribute("R4"));
        routes.MapPost($"{exam}/sign", WriteReport.SignAsync).WithMetadata(write, new StepAttribute("R6"));
        MapCorrections(routes, exam);
        MapCalls(routes, exam);
        MapDoubts(routes, exam);
        routes.MapGet($"{exam}/coverage", KeepCoverage.ShowAsync).WithMetadata(read);
        routes.MapPost($"{exam}/coverage", KeepCoverage.RunAsync).WithMetadata(read);
    }

    // What changes a signed report is of the class of signed reports (C3f), the addendum's draft too.
    private static void MapCorrections(IEndpointRouteBuilder routes, string exam)
    {
        var add = new AccessAttribute(DataClass.C3f, Verb.Write, Role.RAD);
        var read = new AccessAttribute(DataClass.C3f, Verb.Read, Role.RAD, Role.MDR);
        var draft = new AccessAttribute(DataClass.C3d, Verb.Write, Role.RAD);
        routes
            .MapPost($"{exam}/preliminary", CorrectSigned.PreliminaryAsync)
            .WithMetadata(draft, new StepAttribute("R5"));
        routes.MapPost($"{exam}/return", CorrectSigned.ReturnAsync).WithMetadata(draft, new StepAttribute("R7"));
        routes.MapPost($"{exam}/addendum/start", CorrectSigned.StartAsync).WithMetadata(read, new StepAttribute("R8"));
        routes.MapPut($"{exam}/addendum", WriteReport.SaveAsync).WithMetadata(add, new StepAttribute("R9"));
        routes.MapPost($"{exam}/addendum/sign", WriteReport.SignAsync).WithMetadata(add, new StepAttribute("R9"));
        routes
            .MapPost($"{exam}/addendum/discard", CorrectSigned.DiscardAsync)
            .WithMetadata(read, new StepAttribute("R12"));
        routes.MapPost($"{exam}/withdraw", CorrectSigned.WithdrawAsync).WithMetadata(read, new StepAttribute("R10"));
        routes.MapStep(
            $"{exam}/recommend",
            Page,
            read,
            new StepForm("F1") { Says = ["what", "condition"], Counts = ["intervalDays"] }
        );
    }

    private static void MapCalls(IEndpointRouteBuilder routes, string exam)
    {
        var alert = new AccessAttribute(DataClass.C4, Verb.Read, Role.RAD, Role.MDR);
        void Step(string name, StepForm form) => routes.MapStep($"{exam}/{name}", Page, alert, form);
        string[] raised = ["category", "code"];
        string[] sixFields = ["person", "personRole", "contact"];
        string[] spoken = ["message", "readBack"];
        Step("raise", new StepForm("A1") { Says = raised, Moments = ["recognisedAt"] });
        Step("raise-again", new StepForm("A9") { Says = raised, Moments = ["recognisedAt"] });
        Step("call", new StepForm("A2") { Says = ["target", "outcome"] });
        Step(
            "read-back",
            new StepForm("A3")
            {
                Says = sixFields,
                Moments = ["saidAt"],
                Writes = spoken,
            }
        );
        Step(
            "read-back-late",
            new StepForm("A6")
            {
                Says = sixFields,
                Moments = ["saidAt"],
                Writes = spoken,
            }
        );
        Step("tell-patient", new StepForm("A5") { Says = ["done"], Ticks = ["holderTold"] });
        Step("stand-down", new StepForm("A7") { Writes = ["reason"] });
    }

    private static void MapDoubts(IEndpointRouteBuilder routes, string exam)
    {
        var look = new AccessAttribute(DataClass.C2f, Verb.Read, Role.RAD, Role.MDR);
        routes.MapStep($"{exam}/seen", Page, look, new StepForm("N2") { Ticks = ["opensFullImages"] });
        routes.MapStep(
            $"{exam}/instruct",
            Page,
            look,
            new StepForm("N3") { Says = ["instruction"], Ticks = ["waiveImages"] }
        );
        routes.MapStep($"{exam}/dispute", Page, look, new StepForm("I9") { Says = ["suspicion"] });
        routes
            .MapPost($"{exam}/resolve", CorrectSigned.ResolveAsync)
            .WithMetadata(new AccessAttribute(DataClass.C2f, Verb.Read, Role.MDR), new StepAttribute("B7"));
    }

    private const string Page = "/reading-room/exams/{exam}";
}
