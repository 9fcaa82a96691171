using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Fiducial.Server.People;

/// <summary>
/// Between password and second factor: who has shown the password, sealed in a cookie of the sign-in alone, for five minutes. It opens
/// nothing but the question for the second factor.
/// </summary>
internal sealed class HalfSession(IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Cookie = "fiducial-half";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _seal = protection.CreateProtector("Fiducial half a session");

    /// <param name="Stamp">The person's security stamp: a password that was changed since is not the one that was shown.</param>
    /// <param name="Role">The role that was chosen.</param>
    private sealed record Half(string PersonId, string Stamp, string Role, DateTimeOffset Until);

    public void Begin(HttpContext http, Person person, string role)
    {
        var half = new Half(person.Id, person.SecurityStamp!, role, clock.GetUtcNow() + Life);
        http.Response.Cookies.Append(Cookie, _seal.Protect(JsonSerializer.Serialize(half)), Options);
    }

    /// <summary>Who has shown the password here, and the role that was chosen; null when nobody has, or too long ago.</summary>
    public async Task<(Person Person, string Role)?> FindAsync(HttpContext http, Func<string, Task<Person?>> find)
    {
        if (http.Request.Cookies[Cookie] is not { Length: > 0 } text)
        {
            return null;
        }
        try
        {
            var half = JsonSerializer.Deserialize<Half>(_seal.Unprotect(text))!;
            return
                half.Until > clock.GetUtcNow()
                && await find(half.PersonId) is { } person
                && person.SecurityStamp == half.Stamp
                ? (person, half.Role)
                : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    public static void End(HttpContext http) => http.Response.Cookies.Delete(Cookie, Options);

    private static CookieOptions Options =>
        new()
        {
            // The door and what lies behind it: also the passkey's question.
            Path = "/",
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            IsEssential = true,
        };
}
