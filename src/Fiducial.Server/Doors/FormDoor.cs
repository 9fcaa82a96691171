using Fiducial.Foundation.Web;
using Microsoft.AspNetCore.Antiforgery;

namespace Fiducial.Server.Doors;

/// <summary>
/// A form that no room can use is turned back here, with a sentence that says why: one that was not sent from a page of this session,
/// and one with text that cannot be kept.
/// </summary>
internal sealed class FormDoor(RequestDelegate next)
{
    private const string Stale =
        "This form does not belong to this session any more: go back, load the page again and send it once more.";

    private const string Unreadable =
        "This form cannot be read: it is too large, or it has a character that cannot be kept, such as NUL.";

    public async Task InvokeAsync(HttpContext http)
    {
        if (await FaultAsync(http) is { } fault)
        {
            await Trouble.ShowAsync(http, StatusCodes.Status400BadRequest, fault);
            return;
        }
        await next(http);
    }

    private static async Task<string?> FaultAsync(HttpContext http)
    {
        // A form without a valid token cannot be read any more, and one that cannot be read has no valid token.
        if (http.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } antiforgery)
        {
            return antiforgery.Error?.InnerException is InvalidDataException or IOException ? Unreadable : Stale;
        }
        if (!http.Request.HasFormContentType)
        {
            return null;
        }
        try
        {
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return form.Select(f =>
                    TypedText.Fault("name of a field", f.Key) ?? TypedText.Fault(f.Key, f.Value.ToString())
                )
                .FirstOrDefault(f => f is not null);
        }
        catch (InvalidDataException)
        {
            return Unreadable;
        }
    }
}
