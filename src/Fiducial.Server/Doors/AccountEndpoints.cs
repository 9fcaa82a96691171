using Fiducial.Foundation.Web;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.Doors;

/// <summary>One's own account: authenticator, recovery codes, password. What makes it stronger or weaker asks for the password again.</summary>
internal static class AccountEndpoints
{
    public const string Page = "/account";

    /// <summary>The field in which new recovery codes come to the page, once.</summary>
    public const string Codes = "codes";

    /// <summary>Everyone who has an account.</summary>
    public static AccessAttribute Own => new(DataClass.C0, Verb.Read, [.. KeepPeople.Roles]);

    public static void MapAccount(this IEndpointRouteBuilder routes)
    {
        routes.MapPost($"{Page}/authenticator/begin", BeginAsync).WithMetadata(Own);
        routes.MapPost($"{Page}/authenticator/confirm", ConfirmAsync).WithMetadata(Own);
        routes.MapPost($"{Page}/authenticator/cancel", CancelAsync).WithMetadata(Own);
        routes.MapPost($"{Page}/authenticator/remove", RemoveAsync).WithMetadata(Own);
        routes.MapPost($"{Page}/recovery-codes", NewCodesAsync).WithMetadata(Own);
        routes.MapPost($"{Page}/password", ChangePasswordAsync).WithMetadata(Own);
    }

    /// <summary>Back to the account, which says how it went.</summary>
    public static IResult Back(string said) => TypedResults.LocalRedirect($"{Page}?said={said}");

    private static async Task<IResult> BeginAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        Authenticator authenticator
    )
    {
        if (await own.ConfirmedAsync(http, form) is not { } me)
        {
            return Back("password-wrong");
        }
        await authenticator.BeginAsync(me);
        return TypedResults.LocalRedirect(Page);
    }

    private static async Task<IResult> ConfirmAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        Authenticator authenticator,
        RecoveryCodes recovery,
        KeptForm kept,
        Entrance entrance,
        CancellationToken ct
    )
    {
        var me = await own.FindAsync(http);
        if (!await authenticator.ConfirmAsync(me, form["code"].ToString(), ct))
        {
            return Back("code-wrong");
        }
        await ShowCodesAsync(http, me, recovery, kept);
        await entrance.GoOnAsync(http, me, "authenticator");
        return Back("enrolled");
    }

    private static async Task<IResult> CancelAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        Authenticator authenticator
    )
    {
        await authenticator.GiveUpAsync(await own.FindAsync(http));
        return TypedResults.LocalRedirect(Page);
    }

    private static async Task<IResult> RemoveAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        Authenticator authenticator,
        Entrance entrance
    )
    {
        if (await own.ConfirmedAsync(http, form) is not { } me)
        {
            return Back("password-wrong");
        }
        await authenticator.RemoveAsync(me);
        await entrance.GoOnAsync(http, me);
        return Back("removed");
    }

    private static async Task<IResult> NewCodesAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        Authenticator authenticator,
        RecoveryCodes recovery,
        KeptForm kept
    )
    {
        if (await own.ConfirmedAsync(http, form) is not { } me)
        {
            return Back("password-wrong");
        }
        if (!await authenticator.HasOwnAsync(me))
        {
            return TypedResults.LocalRedirect(Page);
        }
        await ShowCodesAsync(http, me, recovery, kept);
        return Back("codes");
    }

    private static async Task<IResult> ChangePasswordAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        UserManager<Person> people,
        Entrance entrance
    )
    {
        if (await own.ConfirmedAsync(http, form) is not { } me)
        {
            return Back("password-wrong");
        }
        // With a new security stamp, which ends every other session.
        var changed = await people.ChangePasswordAsync(me, form["password"].ToString(), form["new"].ToString());
        if (!changed.Succeeded)
        {
            return Back("password-weak");
        }
        await entrance.GoOnAsync(http, me);
        return Back("password-changed");
    }

    /// <summary>Makes recovery codes that the account page shows, once.</summary>
    public static async Task ShowCodesAsync(HttpContext http, Person me, RecoveryCodes recovery, KeptForm kept)
    {
        var codes = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Codes] = string.Join(' ', await recovery.MakeAsync(me)),
        };
        kept.Keep(http, new TypedForm(codes), Page);
    }
}
