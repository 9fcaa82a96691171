using Fiducial.Foundation.Web;
using Fiducial.Pathway.Access;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.Doors;

/// <summary>Passkeys: the question that a page puts to the browser, and the list at one's own account.</summary>
internal static class PasskeyEndpoints
{
    private const int LongestName = 60;

    public static void MapPasskeys(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in/passkey/question", AskAsync).WithMetadata(new PublicAttribute());
        routes.MapPost($"{AccountEndpoints.Page}/passkeys/question", AskOwnAsync).WithMetadata(AccountEndpoints.Own);
        routes.MapPost($"{AccountEndpoints.Page}/passkeys/add", AddAsync).WithMetadata(AccountEndpoints.Own);
        routes.MapPost($"{AccountEndpoints.Page}/passkeys/remove", RemoveAsync).WithMetadata(AccountEndpoints.Own);
    }

    // At the sign-in: anybody's passkey, or after the password that person's.
    private static async Task<IResult> AskAsync(
        IFormCollection form,
        HttpContext http,
        HalfSession halves,
        UserManager<Person> people,
        Passkeys passkeys
    ) =>
        form["for"].ToString() switch
        {
            "sign-in" => TypedResults.Json(await passkeys.AskAsync(null)),
            "second" when await halves.FindAsync(http, people.FindByIdAsync) is var (person, _) => TypedResults.Json(
                await passkeys.AskAsync(person)
            ),
            _ => TypedResults.BadRequest(),
        };

    // Inside: one's own passkey for a step, or a new one.
    private static async Task<IResult> AskOwnAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        Passkeys passkeys
    ) =>
        form["for"].ToString() switch
        {
            "step" => TypedResults.Json(await passkeys.AskAsync(await own.FindAsync(http))),
            "new" => TypedResults.Json(await passkeys.AskForNewAsync(await own.FindAsync(http))),
            _ => TypedResults.BadRequest(),
        };

    private static async Task<IResult> AddAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        Passkeys passkeys,
        RecoveryCodes recovery,
        KeptForm kept,
        Entrance entrance,
        CancellationToken ct
    )
    {
        if (await own.ConfirmedAsync(http, form) is not { } me)
        {
            return AccountEndpoints.Back("password-wrong");
        }
        var name = form["name"].ToString().Trim();
        name = name.Length == 0 ? "Passkey" : name[..Math.Min(name.Length, LongestName)];
        if (!await passkeys.AddAsync(me, ISecondFactor.AnswerIn(form), name, ct))
        {
            return AccountEndpoints.Back("passkey-wrong");
        }
        if (await recovery.LeftAsync(me) == 0)
        {
            await AccountEndpoints.ShowCodesAsync(http, me, recovery, kept);
        }
        await entrance.GoOnAsync(http, me, "passkey");
        return AccountEndpoints.Back("passkey-added");
    }

    private static async Task<IResult> RemoveAsync(
        IFormCollection form,
        HttpContext http,
        OwnAccount own,
        Passkeys passkeys,
        Entrance entrance
    )
    {
        if (await own.ConfirmedAsync(http, form) is not { } me)
        {
            return AccountEndpoints.Back("password-wrong");
        }
        await passkeys.RemoveAsync(me, form["id"].ToString());
        await entrance.GoOnAsync(http, me);
        return AccountEndpoints.Back("passkey-removed");
    }
}
