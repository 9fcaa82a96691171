using Fiducial.Archive.Files;
using Fiducial.Archive.Index;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Web;

/// <summary>What a client is told while the archive's database or object storage is away: 503, and when to come again (RFC 9110 15.6.4).</summary>
internal static class OutOfReach
{
    public const string Sentence =
        "The archive is out of reach for the moment. Nothing is lost; try again in a few seconds.";

    public static async ValueTask<object?> AnswerAsync(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        var response = context.HttpContext.Response;
        try
        {
            return await next(context);
        }
        catch (Exception e) when (e is IndexUnavailableException or StoreUnavailableException && !response.HasStarted)
        {
            response.Clear();
            response.Headers.RetryAfter = "5";
            return Results.Text(Sentence, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
