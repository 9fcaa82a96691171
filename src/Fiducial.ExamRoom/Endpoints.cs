using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Rooms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.ExamRoom;

public static class Endpoints
{
    public static void MapExamRoom(this IEndpointRouteBuilder routes)
    {
        var status = new AccessAttribute(DataClass.C0, Verb.Write, Role.TECH);
        routes
            .MapPost("/exam-room/exams/{exam:guid}/start", StartExam.RunAsync)
            .WithMetadata(status, new StepAttribute("E3"));
        routes
            .MapPost("/exam-room/exams/{exam:guid}/complete", CompleteAcquisition.RunAsync)
            .WithMetadata(status, new StepAttribute("E5"));
        routes
            .MapPost("/exam-room/exams/{exam:guid}/depart", LetPatientDepart.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Read, Role.TECH), new StepAttribute("E10"));
        routes.MapPost("/exam-room/emergency", ReceiveUnidentified.RunAsync).WithMetadata(status);
        const string page = "/exam-room/exams/{exam}";
        routes.MapStep(
            "/exam-room/exams/{exam:guid}/unidentified",
            page,
            status,
            new StepForm("E2") { Says = ["temporaryId"], Ticks = ["emergency"] }
        );
        var present = new AccessAttribute(DataClass.C0, Verb.Read, Role.TECH);
        routes
            .MapPost("/exam-room/exams/{exam:guid}/start-again", StartExam.AgainAsync)
            .WithMetadata(status, new StepAttribute("E8"));
        routes
            .MapPost("/exam-room/exams/{exam:guid}/reject", RejectImage.FromFormAsync)
            .WithMetadata(status, new StepAttribute("E4"));
        routes.MapStep(
            "/exam-room/exams/{exam:guid}/stop",
            page,
            status,
            new StepForm("E6") { Says = ["reason"], Counts = ["manifestCount"] }
        );
        routes.MapStep("/exam-room/exams/{exam:guid}/look-now", page, present, new StepForm("N1"));
        routes.MapStep("/exam-room/exams/{exam:guid}/hand-over", page, present, new StepForm("N4") { Says = ["plan"] });
        routes.MapStep(
            "/exam-room/exams/{exam:guid}/dispute",
            page,
            present,
            new StepForm("I9") { Says = ["suspicion"] }
        );
        routes
            .MapGet("/exam-room/exams/{exam:guid}/previews/{image:long}", ShowPreview.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C2p, Verb.Read, Role.TECH));
        routes
            .MapGet("/exam-room/exams/{exam:guid}/live", FollowExam.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Read, Role.TECH));
    }
}
