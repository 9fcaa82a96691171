using System.Text.Json;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Foundation.Web;

/// <summary>What was typed into a form, trimmed, by field. A field that is not there reads as empty.</summary>
public sealed class TypedForm(IReadOnlyDictionary<string, string> fields)
{
    public static TypedForm Empty { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    public string this[string field] => fields.GetValueOrDefault(field, "");

    internal IEnumerable<KeyValuePair<string, string>> Fields => fields;

    public static TypedForm Of(IFormCollection form) =>
        new(
            form.Where(f => !f.Key.StartsWith("__", StringComparison.Ordinal))
                .ToDictionary(f => f.Key, f => f.Value.ToString().Trim(), StringComparer.Ordinal)
        );
}

/// <summary>
/// Keeps what was typed for the page that is shown again after a refusal: sealed, in cookies of that page alone, for ten minutes, read
/// once. Nothing of it stands in an address, and it works without scripts and after a restart.
/// </summary>
public sealed class KeptForm(IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Cookie = "fiducial-typed";

    /// <summary>What servers take as headers leaves room for about this much.</summary>
    private const int MostCharacters = 9_000;

    private readonly ITimeLimitedDataProtector _seal = protection
        .CreateProtector("Fiducial typed form")
        .ToTimeLimitedDataProtector();

    private readonly ChunkingCookieManager _cookies = new();

    /// <param name="page">The path of the page that shows the form again.</param>
    /// <param name="never">Fields that are not kept, such as a code.</param>
    public void Keep(HttpContext http, TypedForm typed, string page, params ReadOnlySpan<string> never)
    {
        var left = typed.Fields.ToDictionary(StringComparer.Ordinal);
        foreach (var field in never)
        {
            left.Remove(field);
        }
        var text = _seal.Protect(JsonSerializer.Serialize(left), clock.GetUtcNow().AddMinutes(10));
        if (text.Length <= MostCharacters)
        {
            _cookies.AppendResponseCookie(http, Cookie, text, Options(page));
        }
    }

    /// <summary>What was kept for this page, and forgets it; empty when there is nothing, or it is too old.</summary>
    public TypedForm Take(HttpContext http)
    {
        if (_cookies.GetRequestCookie(http, Cookie) is not { Length: > 0 } text)
        {
            return TypedForm.Empty;
        }
        _cookies.DeleteCookie(http, Cookie, Options(http.Request.Path));
        try
        {
            return new TypedForm(JsonSerializer.Deserialize<Dictionary<string, string>>(_seal.Unprotect(text)) ?? []);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return TypedForm.Empty;
        }
    }

    private static CookieOptions Options(string page) =>
        new()
        {
            Path = page,
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            IsEssential = true,
        };
}
