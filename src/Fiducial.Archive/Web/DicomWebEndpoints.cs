using System.Globalization;
using Fiducial.Archive.Pixels;
using Fiducial.Archive.Web;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Archive;

/// <summary>DICOMweb at <c>/dicomweb</c>: WADO-RS, QIDO-RS and STOW-RS (PS3.18).</summary>
public static class DicomWebEndpoints
{
    private const string Study = "/studies/{study}";
    private const string Series = Study + "/series/{series}";
    private const string Instance = Series + "/instances/{instance}";

    /// <summary>Maps the routes. Each asks <see cref="IDicomWebGate"/>; a closed gate and a missing object answer the same 404.</summary>
    /// <returns>The group of routes, to which a server may add its own conventions.</returns>
    public static RouteGroupBuilder MapDicomWeb(this IEndpointRouteBuilder endpoints)
    {
        var web = endpoints.MapGroup(DicomWebAddress.Prefix).AddEndpointFilter(OutOfReach.AnswerAsync);
        web.MapMethods("", [HttpMethods.Options], c => Capabilities.SendAsync(c, c.RequestAborted));
        web.MapPost("/studies", StoreAsync);
        web.MapPost(Study, StoreAsync);
        web.MapReading("/studies", c => SearchAsync(c, QueryLevel.Study));
        web.MapReading("/series", c => SearchAsync(c, QueryLevel.Series));
        web.MapReading("/instances", c => SearchAsync(c, QueryLevel.Instance));
        web.MapReading(Study + "/series", c => SearchAsync(c, QueryLevel.Series));
        web.MapReading(Study + "/instances", c => SearchAsync(c, QueryLevel.Instance));
        web.MapReading(Series + "/instances", c => SearchAsync(c, QueryLevel.Instance));
        foreach (var level in new[] { Study, Series, Instance })
        {
            web.MapReading(level, c => InstancesAsync(c, Retrieval.SendAsync));
            web.MapReading(level + "/metadata", c => InstancesAsync(c, Metadata.SendAsync));
            web.MapReading(level + "/thumbnail", c => InstancesAsync(c, Rendering.SendThumbnailAsync));
        }
        // No transaction of PS3.18, which knows no DICOMDIR: a medium as one file.
        web.MapReading(
            Study + "/medium",
            c =>
                InstancesAsync(
                    c,
                    MediumRetrieval.SendAsync,
                    (gate, study) => gate.MayExportAsync(c, study, c.RequestAborted)
                )
        );
        foreach (var level in new[] { Study, Series })
        {
            web.MapReading(level + "/rendered", c => InstancesAsync(c, Rendering.SendEachAsync));
        }
        web.MapReading(
            Instance + "/frames/{frame:int}/thumbnail",
            c => InstancesAsync(c, Rendering.SendThumbnailAsync)
        );
        web.MapReading(
            Instance + "/frames/{frames}",
            c => ImageAsync(c, (image, ct) => FrameRetrieval.SendFramesAsync(c, image, Route(c, "frames"), ct))
        );
        web.MapReading(
            Instance + "/frames/{frame:int}/rendered",
            c =>
                ImageAsync(
                    c,
                    (image, ct) =>
                        Rendering.SendAsync(
                            c,
                            image,
                            int.Parse(Route(c, "frame"), CultureInfo.InvariantCulture) - 1,
                            ct
                        )
                )
        );
        web.MapReading(Instance + "/rendered", c => ImageAsync(c, (image, ct) => Rendering.SendAsync(c, image, 0, ct)));
        web.MapReading(Instance + "/bulkdata/{name}", c => ImageAsync(c, (image, ct) => BulkAsync(c, image, ct)));
        return web;
    }

    // HEAD is answered as GET, without the body (RFC 9110 9.3.2).
    private static void MapReading(this RouteGroupBuilder web, string pattern, RequestDelegate answer) =>
        web.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], answer);

    private static async Task SearchAsync(HttpContext context, QueryLevel level)
    {
        var gate = context.RequestServices.GetRequiredService<IDicomWebGate>();
        var isOpen = context.GetRouteValue("study") is string study
            ? await gate.MayReadAsync(context, study, context.RequestAborted) is not StudyAccess.None
            : await gate.MaySearchAsync(context, context.RequestAborted);
        if (!isOpen)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await Search.SendAsync(context, level, gate, context.RequestAborted);
    }

    private static async Task StoreAsync(HttpContext context)
    {
        if (
            !await context
                .RequestServices.GetRequiredService<IDicomWebGate>()
                .MayStoreAsync(context, context.RequestAborted)
        )
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await StoreTransaction.ReceiveAsync(context, context.RequestAborted);
    }

    private static async Task InstancesAsync(
        HttpContext context,
        Func<HttpContext, IReadOnlyList<StoredInstance>, IImageArchive, CancellationToken, Task> send,
        Func<IDicomWebGate, string, ValueTask<StudyAccess>>? ask = null
    )
    {
        var archive = context.RequestServices.GetRequiredService<IImageArchive>();
        var instances = await FindAsync(
            context,
            archive,
            ask ?? ((gate, study) => gate.MayReadAsync(context, study, context.RequestAborted))
        );
        if (instances.Count == 0)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        await send(context, instances, archive, context.RequestAborted);
    }

    private static Task ImageAsync(HttpContext context, Func<StoredImage, CancellationToken, Task> send) =>
        InstancesAsync(
            context,
            async (_, instances, archive, ct) =>
            {
                try
                {
                    using var image = archive.OpenImage(instances[0]);
                    await send(image, ct);
                }
                catch (DicomFormatException) when (!context.Response.HasStarted)
                {
                    // Damaged when it came: it can be had as it is stored, not in parts.
                    context.Response.Clear();
                    context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
                }
            }
        );

    private static Task BulkAsync(HttpContext context, StoredImage image, CancellationToken ct)
    {
        var element = Metadata.FindBulk(image.File.DataSet, Route(context, "name"));
        if (element is null || element.Items is not null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        if (element.Tag == DicomTags.PixelData && image.NumberOfFrames > 0)
        {
            return FrameRetrieval.SendAllAsync(context, image, ct);
        }
        var value = element.Location is null ? element.Value.ToArray() : image.ReadValue(element);
        return FrameRetrieval.SendValueAsync(context, value, ct);
    }

    // The gate is asked first, and for nothing else than the study of the address: what it hides cannot be told from what is not there.
    private static async Task<IReadOnlyList<StoredInstance>> FindAsync(
        HttpContext context,
        IImageArchive archive,
        Func<IDicomWebGate, string, ValueTask<StudyAccess>> ask
    )
    {
        var study = Route(context, "study");
        var gate = context.RequestServices.GetRequiredService<IDicomWebGate>();
        var access = await ask(gate, study);
        if (access is StudyAccess.None)
        {
            return [];
        }
        var series = context.GetRouteValue("series") as string;
        IReadOnlyList<StoredInstance> found =
            context.GetRouteValue("instance") is not string uid ? archive.FindStudy(study)
            : archive.Find(uid) is { } one && one.StudyInstanceUid == study ? [one]
            : [];
        return [.. found.Where(i => access >= i.SeenWith && (series is null || i.SeriesInstanceUid == series))];
    }

    private static string Route(HttpContext context, string name) => (string)context.GetRouteValue(name)!;
}
