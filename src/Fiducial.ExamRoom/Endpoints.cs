using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
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
        routes
            .MapGet("/exam-room/exams/{exam:guid}/previews/{image:long}", ShowPreview.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C2p, Verb.Read, Role.TECH));
        routes
            .MapGet("/exam-room/exams/{exam:guid}/live", FollowExam.RunAsync)
            .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Read, Role.TECH));
    }
}
