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

    /// <summary>What was wrong with it, when that stands in no ledger; else empty.</summary>
    public string Problem => this[ProblemField];

    // No field that somebody fills in is read under such a name.
    internal const string ProblemField = "__problem";

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

    /// <param name="page">The address of the page that shows the form again.</param>
    /// <param name="never">Fields that are not kept, such as a code.</param>
    public void Keep(HttpContext http, TypedForm typed, string page, params ReadOnlySpan<string> never)
    {
        var left = typed.Fields.ToDictionary(StringComparer.Ordinal);
        foreach (var field in never)
        {
            left.Remove(field);
        }
        TryKeep(http, left, page);
    }

    /// <summary>The same with the sentence that says what is wrong; the sentence alone when what was typed is too long.</summary>
    /// <param name="page">The address of the page that shows the form again.</param>
    public void Refuse(HttpContext http, TypedForm typed, string problem, string page)
    {
        var said = KeyValuePair.Create(TypedForm.ProblemField, problem);
        if (!TryKeep(http, new([.. typed.Fields, said], StringComparer.Ordinal), page))
        {
            TryKeep(http, new([said], StringComparer.Ordinal), page);
        }
    }

    private bool TryKeep(HttpContext http, Dictionary<string, string> fields, string page)
    {
        var text = _seal.Protect(JsonSerializer.Serialize(fields), clock.GetUtcNow().AddMinutes(10));
        if (text.Length > MostCharacters)
        {
            return false;
        }
        _cookies.AppendResponseCookie(http, Cookie, text, Options(page));
        return true;
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
            // Of the page, whatever its address asks for.
            Path = page.Split('?')[0],
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            IsEssential = true,
        };
}
