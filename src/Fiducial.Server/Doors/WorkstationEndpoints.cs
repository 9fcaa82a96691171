using System.Globalization;
using Fiducial.Foundation.Web;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Places;
using Fiducial.ReadingRoom.Display;

namespace Fiducial.Server.Doors;

/// <summary>The register of workstations at the administrator's page, and the code that is typed at a workstation.</summary>
internal static class WorkstationEndpoints
{
    public const string Page = "/administration/workstations";

    /// <summary>Where the code is typed; nobody need be signed in there.</summary>
    public const string Here = "/workstation";

    /// <summary>The field in which a new code comes to the page, once.</summary>
    public const string Code = "code";

    public static void MapWorkstations(this IEndpointRouteBuilder routes)
    {
        var access = new AccessAttribute(DataClass.C0, Verb.Read, Role.ADM);
        routes.MapPost($"{Page}/register", RegisterAsync).WithMetadata(access);
        routes.MapPost($"{Page}/code", CodeAsync).WithMetadata(access);
        routes.MapPost($"{Page}/displays", DisplaysAsync).WithMetadata(access);
        routes.MapPost($"{Page}/revoke", RevokeAsync).WithMetadata(access);
        routes.MapPost(Here, EnrolAsync).WithMetadata(new PublicAttribute());
    }

    private static async Task<IResult> RegisterAsync(
        IFormCollection form,
        HttpContext http,
        KeepWorkstations workstations,
        KeptForm kept,
        CancellationToken ct
    )
    {
        var typed = TypedForm.Of(form);
        return Back(
            http,
            kept,
            typed,
            await workstations.RegisterAsync(typed["workstation"], typed["name"], typed["zone"], ct)
        );
    }

    private static async Task<IResult> CodeAsync(
        IFormCollection form,
        HttpContext http,
        KeepWorkstations workstations,
        KeptForm kept,
        CancellationToken ct
    )
    {
        var id = TypedForm.Of(form)["workstation"];
        var (code, fault) = await workstations.CodeAsync(id, ct);
        if (code is not null)
        {
            var told = new Dictionary<string, string>(StringComparer.Ordinal) { [Code] = code, ["for"] = id };
            kept.Keep(http, new TypedForm(told), Page);
        }
        return Back(http, kept, TypedForm.Empty, fault);
    }

    private static async Task<IResult> DisplaysAsync(
        IFormCollection form,
        HttpContext http,
        KeepWorkstations workstations,
        KeepDisplays displays,
        KeptForm kept,
        CancellationToken ct
    )
    {
        var typed = TypedForm.Of(form);
        int Number(string field) =>
            int.TryParse(typed[field], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        var fault = await workstations.IsInUseAsync(typed["workstation"], ct)
            ? await displays.RecordAsync(
                typed["workstation"],
                typed["name"],
                Number("pixels"),
                TimeSpan.FromDays(Number("days")),
                ct
            )
            : "Choose the workstation.";
        return Back(http, kept, typed, fault);
    }

    private static async Task<IResult> RevokeAsync(
        IFormCollection form,
        HttpContext http,
        KeepWorkstations workstations,
        KeptForm kept,
        CancellationToken ct
    ) => Back(http, kept, TypedForm.Empty, await workstations.RevokeAsync(TypedForm.Of(form)["workstation"], ct));

    private static async Task<IResult> EnrolAsync(
        IFormCollection form,
        HttpContext http,
        KeepWorkstations workstations,
        WorkstationCookie cookie,
        KeptForm kept,
        CancellationToken ct
    )
    {
        if (await workstations.EnrolAsync(TypedForm.Of(form)[Code], ct) is { } key)
        {
            cookie.Give(http, key);
            return TypedResults.LocalRedirect("/sign-in");
        }
        kept.Refuse(
            http,
            TypedForm.Empty,
            "This code opens nothing: it was typed wrong, was used, or is older than an hour. Ask the administrator for a new one.",
            Here
        );
        return TypedResults.LocalRedirect(Here);
    }

    private static IResult Back(HttpContext http, KeptForm kept, TypedForm typed, string? fault)
    {
        if (fault is not null)
        {
            kept.Refuse(http, typed, fault, Page);
        }
        return TypedResults.LocalRedirect(Page);
    }
}
