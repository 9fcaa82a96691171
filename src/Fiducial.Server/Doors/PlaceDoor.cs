using System.Security.Claims;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Places;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.StaticAssets;

namespace Fiducial.Server.Doors;

/// <summary>Where a request comes from: a workstation that is enrolled, or outside.</summary>
internal sealed record Place(Workstation? Workstation)
{
    public Zone Zone => Workstation?.Zone ?? Zone.Outside;

    public static Place Of(HttpContext http) => http.Features.Get<Place>() ?? new Place((Workstation?)null);
}

/// <summary>
/// The proof that a browser is a workstation: its key, sealed, in a cookie that no script reads. It opens nothing by itself and mostly takes
/// away, so it comes along also from a link elsewhere (SameSite=Lax).
/// </summary>
internal sealed class WorkstationCookie(IDataProtectionProvider protection)
{
    private const string Name = "fiducial-workstation";

    /// <summary>As long as browsers keep a cookie; each sign-in renews it.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromDays(400);

    private readonly IDataProtector _seal = protection.CreateProtector("Fiducial workstation");

    public void Give(HttpContext http, string key) =>
        http.Response.Cookies.Append(Name, _seal.Protect(key), Options(http));

    /// <summary>The key in the cookie of this request; null when there is none, or it was not made here.</summary>
    public string? Key(HttpContext http)
    {
        if (http.Request.Cookies[Name] is not { Length: > 0 } text)
        {
            return null;
        }
        try
        {
            return _seal.Unprotect(text);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Options(HttpContext http) =>
        new()
        {
            Path = "/",
            MaxAge = Life,
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
        };
}

/// <summary>
/// Finds where each request comes from. A session opens nothing where its role is not offered; in an exam room, and where somebody who also
/// works as a technologist cannot be told from one who sits there, it is marked so.
/// </summary>
internal sealed class PlaceDoor(RequestDelegate next, WorkstationCookie cookie)
{
    public async Task InvokeAsync(HttpContext http, KeepWorkstations workstations)
    {
        // Scripts and pictures of the house are everybody's.
        if (http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        {
            await FindAsync(http, workstations);
        }
        await next(http);
    }

    private async Task FindAsync(HttpContext http, KeepWorkstations workstations)
    {
        var key = cookie.Key(http);
        var place = new Place(key is null ? null : await workstations.ShowingAsync(key, http.RequestAborted));
        http.Features.Set(place);
        if (place.Workstation is not null && HttpMethods.IsGet(http.Request.Method) && http.Request.Path == "/sign-in")
        {
            cookie.Give(http, key!);
        }
        if (http.User.Actor() is not { } actor)
        {
            return;
        }
        if (!place.Zone.Offers(actor.Role))
        {
            http.User = new ClaimsPrincipal(new ClaimsIdentity());
            return;
        }
        var isTechnologist = actor.Role is Role.TECH || actor.OtherJobs.Contains(Role.TECH);
        var isInExamRoom =
            place.Zone is Zone.ExamRoom
            || (
                place.Workstation is null && isTechnologist && await workstations.HasExamRoomAsync(http.RequestAborted)
            );
        if (place.Workstation is null && !isInExamRoom)
        {
            return;
        }
        var identity = ((ClaimsIdentity)http.User.Identity!).Clone();
        if (place.Workstation is { } here)
        {
            identity.AddClaim(new Claim(SignedIn.DeviceClaim, here.Id));
        }
        if (isInExamRoom)
        {
            identity.AddClaim(new Claim(SignedIn.ExamRoomClaim, "true"));
        }
        http.User = new ClaimsPrincipal(identity);
    }
}
