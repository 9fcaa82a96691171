using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.ReadingRoom;

public static class Endpoints
{
    public static void MapReadingRoom(this IEndpointRouteBuilder routes)
    {
        var write = new AccessAttribute(DataClass.C3d, Verb.Write, Role.RAD);
        var read = new AccessAttribute(DataClass.C2f, Verb.Read, Role.RAD);
        const string exam = "/reading-room/exams/{exam:guid}";
        routes
            .MapPost($"{exam}/protocol", WriteReport.ProtocolAsync)
            .WithMetadata(new AccessAttribute(DataClass.C1, Verb.Read, Role.RAD), new StepAttribute("O5"));
        routes.MapPost($"{exam}/claim", WriteReport.ClaimAsync).WithMetadata(write, new StepAttribute("R2"));
        routes.MapPut($"{exam}/draft", WriteReport.SaveAsync).WithMetadata(write, new StepAttribute("R4"));
        routes.MapPost($"{exam}/sign", WriteReport.SignAsync).WithMetadata(write, new StepAttribute("R6"));
        routes.MapGet($"{exam}/coverage", KeepCoverage.ShowAsync).WithMetadata(read);
        routes.MapPost($"{exam}/coverage", KeepCoverage.RunAsync).WithMetadata(read);
    }
}
