using Fiducial.Pathway;
using Fiducial.Pathway.Access;

namespace Fiducial.Server.Doors;

/// <summary>
/// The one door of all rooms: who, in which role, to which class of data, of which exam. What is denied and what does not exist get
/// the same answer, byte for byte; a route that does not say what it shows is closed.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http, AccessPolicy policy, PathwayEngine pathway)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<PublicAttribute>() is not null)
        {
            await next(http);
            return;
        }
        if (http.User.Actor() is not { } actor)
        {
            Unknown(http);
            return;
        }
        if (await IsOpenAsync(http, endpoint, actor, policy))
        {
            await next(http);
            return;
        }
        if (endpoint?.Metadata.GetMetadata<StepAttribute>() is { } attempt && ExamOf(http) is { } exam)
        {
            await pathway.RefuseAsync(
                exam,
                attempt.Step,
                actor,
                await WhyNotAsync(exam, endpoint, actor, policy, http.RequestAborted),
                http.RequestAborted
            );
        }
        http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    private static async Task<bool> IsOpenAsync(HttpContext http, Endpoint? endpoint, Actor actor, AccessPolicy policy)
    {
        if (endpoint?.Metadata.GetMetadata<AccessAttribute>() is not { } access || !access.Roles.Contains(actor.Role))
        {
            return false;
        }
        return ExamOf(http) is not { } exam
            || await policy.ExamAsync(exam, actor, access.Data, access.Verb, http.RequestAborted) is not null;
    }

    private static async Task<string> WhyNotAsync(
        Guid examId,
        Endpoint endpoint,
        Actor actor,
        AccessPolicy policy,
        CancellationToken ct
    ) =>
        endpoint.Metadata.GetMetadata<AccessAttribute>() is { } access && access.Roles.Contains(actor.Role)
            ? await policy.RefusalAsync(examId, actor, access.Data, access.Verb, ct)
                ?? "The exam was closed to this step a moment ago."
            : $"This is not the room of the role {actor.Role}.";

    private static Guid? ExamOf(HttpContext http) =>
        Guid.TryParse(http.GetRouteValue("exam") as string, out var exam) ? exam : null;

    // Nobody is signed in: a page leads to the sign-in, whatever was asked for; a program is told so.
    private static void Unknown(HttpContext http)
    {
        if (
            HttpMethods.IsGet(http.Request.Method)
            && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        )
        {
            http.Response.Redirect("/sign-in");
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
    }
}
