using System.Net;
using Fiducial.Archive.Receiving;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Fiducial.Archive.Web;

/// <summary>
/// STOW-RS (PS3.18 10.5): each part goes through to the disk as it arrives and is judged on its own; one that is refused never
/// costs another.
/// </summary>
internal static class StoreTransaction
{
    private const string Dicom = "application/dicom";

    public static async Task ReceiveAsync(HttpContext context, CancellationToken ct)
    {
        if (!Metadata.IsAccepted(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
            return;
        }
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !IsTaken(type))
        {
            await SayAsync(context, StatusCodes.Status415UnsupportedMediaType, TakenTypes, ct);
            return;
        }
        var isMultipart = type.MediaType.Equals("multipart/related", StringComparison.OrdinalIgnoreCase);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (isMultipart && string.IsNullOrEmpty(boundary))
        {
            await SayAsync(context, StatusCodes.Status400BadRequest, "The boundary of the parts is missing.", ct);
            return;
        }
        // Objects may be of any size: nothing of them stays in memory.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
        var answer = new StoreAnswer(context.Request, context.GetRouteValue("study") as string);
        var store = context.RequestServices.GetRequiredService<StoreService>();
        try
        {
            if (isMultipart)
            {
                var parts = new MultipartReader(boundary!, context.Request.Body, 128 * 1024);
                while (await parts.ReadNextSectionAsync(ct) is { } part)
                {
                    await PartAsync(context, store, part.Body, part.ContentType, answer, ct);
                }
            }
            else
            {
                await PartAsync(context, store, context.Request.Body, Dicom, answer, ct);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException && !ct.IsCancellationRequested)
        {
            // The parts do not follow each other as they should: what has come is answered for, the rest is not there.
            answer.Unreadable();
        }
        await answer.SendAsync(context.Response, ct);
    }

    private const string TakenTypes =
        "Send multipart/related with type=\"application/dicom\", or one object as application/dicom.";

    private static bool IsTaken(MediaTypeHeaderValue type)
    {
        if (type.MediaType.Equals(Dicom, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        var parts = type.Parameters.FirstOrDefault(p => p.Name.Equals("type", StringComparison.OrdinalIgnoreCase));
        return type.MediaType.Equals("multipart/related", StringComparison.OrdinalIgnoreCase)
            && (
                parts is null
                || HeaderUtilities.RemoveQuotes(parts.Value).Equals(Dicom, StringComparison.OrdinalIgnoreCase)
            );
    }

    private static async Task PartAsync(
        HttpContext context,
        StoreService store,
        Stream body,
        string? contentType,
        StoreAnswer answer,
        CancellationToken ct
    )
    {
        var part = new ArrivingPart10(body);
        try
        {
            if (contentType is not null && !contentType.StartsWith(Dicom, StringComparison.OrdinalIgnoreCase))
            {
                throw new DimseException(DimseStatus.CannotUnderstand("The part is no application/dicom"));
            }
            var syntax = await part.ReadAsync(ct);
            var request = new StoreRequest(
                Allowances.StowRs,
                "",
                new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort),
                part.SopClassUid,
                part.SopInstanceUid,
                syntax
            );
            await using var receipt = store.Begin(request, isCommand: false, answer.StudyInstanceUid);
            await part.CopyAsync(receipt, ct);
            answer.Add(await receipt.CompleteAsync(ct), receipt.Facts, part);
        }
        catch (DimseException e)
        {
            answer.Add(e.Status, null, part);
        }
        catch (DicomFormatException e)
        {
            answer.Add(DimseStatus.CannotUnderstand(e.Message), null, part);
        }
        await part.DrainAsync(ct);
    }

    private static Task SayAsync(HttpContext context, int status, string sentence, CancellationToken ct)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(sentence, ct);
    }
}
