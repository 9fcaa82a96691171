using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Audit;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Doors;

/// <summary>
/// The one door of all rooms: who, in which role, to which class of data, of which exam. What is denied and what does not exist get
/// the same answer, byte for byte; a route that does not say what it shows is closed.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, AuditTrail audit)
{
    public async Task InvokeAsync(HttpContext http, AccessPolicy policy, PathwayEngine pathway, ClinicDb db)
    {
        var endpoint = http.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<PublicAttribute>() is not null)
        {
            await next(http);
            return;
        }
        if (http.User.Actor() is not { } actor)
        {
            if (!await UnsentForm.KeepAsync(http))
            {
                Unknown(http);
            }
            return;
        }
        var exam = await ExamAsync(http, db);
        var isOpen =
            endpoint?.Metadata.GetMetadata<AccessAttribute>() is { } access
            && IsRoomOf(actor, access)
            && (
                ExamOf(http) is null
                || (
                    exam is not null
                    && await policy.MayAsync(exam, actor, access.Data, access.Verb, http.RequestAborted)
                )
            );
        await RecordAsync(http, endpoint, actor, isOpen, exam, policy);
        if (isOpen)
        {
            await next(http);
            return;
        }
        if (endpoint?.Metadata.GetMetadata<StepAttribute>() is { } attempt && ExamOf(http) is { } id)
        {
            await pathway.RefuseAsync(
                id,
                attempt.Step,
                actor,
                await WhyNotAsync(id, endpoint, actor, policy, http.RequestAborted),
                http.RequestAborted
            );
        }
        http.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    // In an exam room also a list, of which the matrix is asked row by row, is open only when a technologist has it, too.
    private static bool IsRoomOf(Actor actor, AccessAttribute access) =>
        access.Roles.Contains(actor.Role) && (!actor.IsInExamRoom || access.Roles.Contains(Role.TECH));

    private static Task<ExamRecord?> ExamAsync(HttpContext http, ClinicDb db) =>
        ExamOf(http) is { } id
            ? db.Set<ExamRecord>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == id, http.RequestAborted)
            : Task.FromResult<ExamRecord?>(null);

    // Before anything is shown: a look that cannot be recorded is not given. What is asked of a study is recorded where it is decided.
    private async Task RecordAsync(
        HttpContext http,
        Endpoint? endpoint,
        Actor actor,
        bool isOpen,
        ExamRecord? exam,
        AccessPolicy policy
    )
    {
        if (endpoint is not RouteEndpoint route || (isOpen && http.Request.RouteValues.ContainsKey("study")))
        {
            return;
        }
        var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        await audit.WriteAsync(
            new AuditEvent(
                actor,
                !reads ? "write"
                    : ExamOf(http) is null ? "list"
                    : "read",
                endpoint.Metadata.GetMetadata<AccessAttribute>()?.Data.ToString() ?? "",
                isOpen,
                $"/{route.RoutePattern.RawText?.TrimStart('/')}",
                http.Connection.RemoteIpAddress?.ToString() ?? ""
            )
            {
                ExamId = ExamOf(http),
                PatientId = exam?.PatientId ?? "",
                OnBehalfOf = exam is null ? "" : await policy.OnBehalfOfAsync(exam, actor) ?? "",
                InEmergency = exam is { Access: "broken" } && exam.GlassBrokenById == actor.Id,
            }
        );
    }

    private static async Task<string> WhyNotAsync(
        Guid examId,
        Endpoint endpoint,
        Actor actor,
        AccessPolicy policy,
        CancellationToken ct
    ) =>
        endpoint.Metadata.GetMetadata<AccessAttribute>() is { } access && IsRoomOf(actor, access)
            ? await policy.RefusalAsync(examId, actor, access.Data, access.Verb, ct)
                ?? "The exam was closed to this step a moment ago."
            : $"This is not the room of the role {actor.Role}{(actor.IsInExamRoom ? " in an exam room" : "")}.";

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
            http.Response.Redirect(SignInEndpoints.Door($"{http.Request.Path}{http.Request.QueryString}"));
        }
        else
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
    }
}
