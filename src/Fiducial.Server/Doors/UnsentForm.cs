using System.Text.Json;
using Fiducial.Foundation.Web;

namespace Fiducial.Server.Doors;

/// <summary>
/// A form that came after its session had ended, where no script covered the page in time: kept, sealed, in the browser that sent it, for
/// the person who filled it in, and sent by that person's own hand after the next sign-in.
/// </summary>
internal static class UnsentForm
{
    public const string Page = "/sign-in/unsent";

    private const string Form = "form";

    // What fits into cookies; of a longer form the browser still has the page.
    private const int MostCharacters = 5_000;

    /// <param name="Who">The person and role whose session it was.</param>
    internal sealed record Unsent(string Who, string Action, IReadOnlyList<KeyValuePair<string, string>> Fields);

    /// <summary>True when the form of a session that has ended was kept, and the answer leads to the sign-in.</summary>
    public static async Task<bool> KeepAsync(HttpContext http)
    {
        if (
            http.Items[SessionDoor.Ended] is not string who
            || !HttpMethods.IsPost(http.Request.Method)
            || !http.Request.HasFormContentType
            || !http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            || http.Request.Path.StartsWithSegments(AccountEndpoints.Page, StringComparison.OrdinalIgnoreCase)
        )
        {
            return false;
        }
        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return false;
        }
        var fields = form.Where(f =>
                !f.Key.StartsWith("__", StringComparison.Ordinal) && f.Key is not ("code" or "passkey")
            )
            .SelectMany(f => f.Value.Select(v => KeyValuePair.Create(f.Key, v ?? "")));
        var text = JsonSerializer.Serialize(new Unsent(who, http.Request.Path, [.. fields]));
        if (form.Files.Count > 0 || text.Length > MostCharacters)
        {
            return false;
        }
        http.RequestServices.GetRequiredService<KeptForm>()
            .Keep(http, new TypedForm(new Dictionary<string, string>(StringComparer.Ordinal) { [Form] = text }), Page);
        http.Response.Redirect(SignInEndpoints.Door(Page));
        return true;
    }

    /// <summary>What this person could not send; null when there is nothing, or it is another's.</summary>
    public static Unsent? Take(HttpContext http, KeptForm kept) =>
        kept.Take(http)[Form] is { Length: > 0 } text
        && JsonSerializer.Deserialize<Unsent>(text) is { } unsent
        && unsent.Who == http.User.FindFirst("sub")?.Value
            ? unsent
            : null;
}
