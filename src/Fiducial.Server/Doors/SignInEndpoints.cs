using Fiducial.Pathway.Access;
using Fiducial.Server.People;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;

namespace Fiducial.Server.Doors;

/// <summary>The way in: name and password, then the second factor of whoever has one; and the way out.</summary>
internal static class SignInEndpoints
{
    /// <summary>A failure is answered at the next whole quarter of a second: what it failed of does not show in the time.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in", SignInAsync).WithMetadata(new PublicAttribute());
        routes.MapPost("/sign-in/second", SecondAsync).WithMetadata(new PublicAttribute());
        routes.MapPost("/sign-out", SignOutAsync).WithMetadata(new PublicAttribute());
        routes
            .MapGet(
                "/",
                (HttpContext http) => TypedResults.LocalRedirect(Session.Home(http.User.Actor()?.Role.ToString() ?? ""))
            )
            .WithMetadata(new PublicAttribute());
    }

    /// <summary>The sign-in page, from which one comes back to where one wanted to go.</summary>
    /// <param name="failed">Of what it failed: a word that the page knows.</param>
    public static string Door(string? back, string page = "/sign-in", string? failed = null)
    {
        var address = failed is null ? page : $"{page}?failed={failed}";
        return LocalAddress.Or(back, "/") is var to and not "/"
            ? $"{address}{(failed is null ? '?' : '&')}return={Uri.EscapeDataString(to)}"
            : address;
    }

    private static async Task<IResult> SignInAsync(
        IFormCollection form,
        HttpContext http,
        UserManager<Person> people,
        LockOut lockOut,
        Authenticator authenticator,
        HalfSession halves,
        Entrance entrance,
        CancellationToken ct
    )
    {
        var began = TimeProvider.System.GetTimestamp();
        var back = form["return"].ToString();
        if (form["passkey"].ToString() is { Length: > 0 } passkey)
        {
            return await ByPasskeyAsync(http, form["role"].ToString(), back, passkey, entrance, ct);
        }
        var password = form["password"].ToString();
        var person = await people.FindByNameAsync(form["person"].ToString());
        // A password is looked at in every case: also for nobody, and for an account that is locked, it takes its time.
        var isRight = person is null
            ? NobodysPassword(people, password)
            : await lockOut.BeginAsync(person) & await people.CheckPasswordAsync(person, password);
        if (person is null || !isRight)
        {
            await entrance.RefuseAsync(http, person);
            return await FailAsync(Door(back, failed: "true"), began);
        }
        var role = form["role"].ToString();
        if (await authenticator.HasOwnAsync(person))
        {
            await lockOut.TakeBackAsync(person);
            halves.Begin(http, person, role);
            return TypedResults.LocalRedirect(Door(back, "/sign-in/second"));
        }
        await lockOut.ForgetAsync(person);
        return TypedResults.LocalRedirect(await entrance.EnterAsync(http, person, role, "", back));
    }

    private static async Task<IResult> ByPasskeyAsync(
        HttpContext http,
        string role,
        string back,
        string passkey,
        Entrance entrance,
        CancellationToken ct
    )
    {
        var person = await http.RequestServices.GetRequiredService<Passkeys>().WhoAsync(passkey, asked: null, ct);
        // A passkey is not guessed: it opens an account that guesses have locked, but none that is disabled.
        if (person is null || LockOut.IsDisabled(person))
        {
            await entrance.RefuseAsync(http, person, "passkey");
            return TypedResults.LocalRedirect(Door(back, failed: "true"));
        }
        return TypedResults.LocalRedirect(await entrance.EnterAsync(http, person, role, "passkey", back));
    }

    private static async Task<IResult> SecondAsync(
        IFormCollection form,
        HttpContext http,
        UserManager<Person> people,
        Authenticator authenticator,
        HalfSession halves,
        Entrance entrance,
        CancellationToken ct
    )
    {
        var began = TimeProvider.System.GetTimestamp();
        var back = form["return"].ToString();
        if (await halves.FindAsync(http, people.FindByIdAsync) is not var (person, role))
        {
            return TypedResults.LocalRedirect(Door(back));
        }
        if (await authenticator.ShownAsync(person, ISecondFactor.AnswerIn(form), ct) is not { } shown)
        {
            await entrance.RefuseAsync(http, person, "second factor");
            return await FailAsync(Door(back, "/sign-in/second", failed: "true"), began);
        }
        return TypedResults.LocalRedirect(await entrance.EnterAsync(http, person, role, shown, back));
    }

    private static bool NobodysPassword(UserManager<Person> people, string password)
    {
        people.PasswordHasher.VerifyHashedPassword(Nobody.Person, Nobody.Hash(people), password);
        return false;
    }

    private static async Task<IResult> FailAsync(string to, long began)
    {
        var taken = TimeProvider.System.GetElapsedTime(began);
        await Task.Delay(Beat - TimeSpan.FromTicks(taken.Ticks % Beat.Ticks), TimeProvider.System);
        return TypedResults.LocalRedirect(to);
    }

    private static async Task<IResult> SignOutAsync(IFormCollection form, HttpContext http, Sessions sessions)
    {
        if (Sessions.IdOf(http.User) is { } id)
        {
            await sessions.EndAsync(id);
        }
        await http.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.LocalRedirect("/sign-in");
    }

    /// <summary>Whose password is looked at when there is no such person.</summary>
    private static class Nobody
    {
        private static string? _hash;

        public static Person Person { get; } = new() { DisplayName = "", Role = "" };

        public static string Hash(UserManager<Person> people) =>
            _hash ??= people.PasswordHasher.HashPassword(Person, Guid.NewGuid().ToString());
    }
}
