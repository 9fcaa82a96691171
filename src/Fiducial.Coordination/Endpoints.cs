using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Rooms;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.Coordination;

public static class Endpoints
{
    public static void MapCoordination(this IEndpointRouteBuilder routes)
    {
        const string quarantine = "/coordination/quarantine/{exam:guid}";
        const string exam = "/coordination/exams/{exam:guid}";
        routes
            .MapPost($"{quarantine}/match", MatchImages.FromFormAsync)
            .WithMetadata(
                new AccessAttribute(DataClass.C0, Verb.Read, Role.CRD, Role.RAD, Role.MDR),
                new StepAttribute("I7")
            );
        routes.MapStep(
            $"{quarantine}/reject",
            "/coordination/quarantine/{exam}",
            new AccessAttribute(DataClass.C0, Verb.Read, Role.MDR),
            new StepForm("I8") { Says = ["proven", "rejectionNote", "retentionRule"] }
        );
        var status = new AccessAttribute(DataClass.C0, Verb.Write, Role.CRD);
        routes.MapStep(
            $"{exam}/pass-on",
            "/coordination/exams/{exam}",
            status,
            new StepForm("U5") { Says = ["holderId"] }
        );
        routes.MapStep(
            $"{exam}/dispute",
            "/coordination/exams/{exam}",
            status,
            new StepForm("I9") { Says = ["suspicion"] }
        );
        routes.MapPost($"{exam}/reroute", SendElsewhere.RerouteAsync).WithMetadata(status, new StepAttribute("D5"));
        routes.MapStep(
            $"{exam}/misdirected",
            "/coordination/exams/{exam}",
            status,
            new StepForm("D6") { Says = ["said", "containment"] }
        );
        routes.MapPost($"{exam}/readdress", SendElsewhere.ReaddressAsync).WithMetadata(status, new StepAttribute("D7"));
        routes
            .MapPost("/coordination/merges/start", MergeRecords.StartAsync)
            .WithMetadata(new AccessAttribute(DataClass.C0, Verb.Read, Role.CRD, Role.PRV));
        var finish = new AccessAttribute(DataClass.C0, Verb.Read, Role.PRV);
        routes.MapPost("/coordination/merges/{merge:guid}/finish", MergeRecords.FinishAsync).WithMetadata(finish);
        routes.MapPost("/coordination/merges/{merge:guid}/undo", MergeRecords.UndoAsync).WithMetadata(finish);
    }
}
