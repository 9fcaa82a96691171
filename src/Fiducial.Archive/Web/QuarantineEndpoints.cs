using System.Globalization;
using System.Text.Json.Serialization;
using Fiducial.Archive.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.Archive;

/// <summary>
/// The quarantine at <c>/quarantine</c>: a list in JSON, and each object as it arrived. Each route asks <see cref="IDicomWebGate"/>;
/// a closed gate and a missing object answer the same 404.
/// </summary>
public static class QuarantineEndpoints
{
    private const int MostListed = 1000;

    /// <returns>The group of routes, to which a server may add its own conventions.</returns>
    public static RouteGroupBuilder MapQuarantine(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/quarantine").AddEndpointFilter(OutOfReach.AnswerAsync);
        group.MapGet("", ListAsync);
        group.MapMethods("/{id:long}", [HttpMethods.Get, HttpMethods.Head], OneAsync);
        return group;
    }

    /// <param name="after">The id behind which the list begins: that of the last object of the page before.</param>
    /// <param name="limit">At most 1000.</param>
    /// <param name="sopInstanceUid">Only those of this UID.</param>
    private static async Task<Results<NotFound, JsonHttpResult<List<QuarantinedObject>>>> ListAsync(
        HttpContext context,
        IQuarantine quarantine,
        IDicomWebGate gate,
        long after = 0,
        int limit = 100,
        string? sopInstanceUid = null
    )
    {
        if (!await gate.MaySearchAsync(context, context.RequestAborted))
        {
            return TypedResults.NotFound();
        }
        var open = new List<QuarantinedObject>();
        foreach (var one in quarantine.List(after, Math.Clamp(limit, 1, MostListed), sopInstanceUid))
        {
            if (await IsOpenAsync(context, gate, one))
            {
                open.Add(one);
            }
        }
        return TypedResults.Json(open, QuarantineJson.Default.ListQuarantinedObject);
    }

    private static async Task<Results<NotFound, FileStreamHttpResult>> OneAsync(
        HttpContext context,
        IQuarantine quarantine,
        IDicomWebGate gate,
        long id
    ) =>
        quarantine.Find(id) is { } found && await IsOpenAsync(context, gate, found)
            ? TypedResults.File(
                quarantine.OpenPart10(found),
                "application/dicom",
                string.Create(CultureInfo.InvariantCulture, $"quarantine-{id}.dcm")
            )
            : TypedResults.NotFound();

    private static async Task<bool> IsOpenAsync(HttpContext context, IDicomWebGate gate, QuarantinedObject one) =>
        await gate.MayReadQuarantineAsync(context, one.StudyInstanceUid, context.RequestAborted)
        >= (one.IsInterpretive ? StudyAccess.ImagesAndResults : StudyAccess.Images);
}

[JsonSerializable(typeof(List<QuarantinedObject>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class QuarantineJson : JsonSerializerContext;
