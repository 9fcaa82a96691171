using System.Net;
using System.Net.Http.Json;
using AngleSharp.Html.Dom;

namespace Fiducial.Tests;

/// <summary>
/// Someone at a browser: signs in on the sign-in page, keeps cookies, and sends the forms that the pages offer, with what stands
/// in them. Everything goes over HTTP.
/// </summary>
public class Person(ClinicInABox clinic, string name) : IDisposable
{
    /// <summary>The password of everyone in a clinic in a box.</summary>
    public const string Password = "Demonstration-1";

    private readonly CookieContainer _cookies = new();
    private readonly SemaphoreSlim _signingIn = new(1);
    private HttpClient? _browser;
    private string? _token;

    /// <summary>The sign-in name.</summary>
    public string Name => name;

    /// <summary>The role that is chosen at sign-in; empty for the usual one.</summary>
    public string WorksAs { get; init; } = "";

    /// <summary>Where the codes of an authenticator are read; null for somebody who has enrolled none.</summary>
    public Phone? Phone { get; set; }

    protected ClinicInABox Clinic => clinic;

    public Task<Page> Opens(string path) => AsksAsync(HttpMethod.Get, path, null);

    /// <summary>Sends fields to an address with a valid antiforgery token, whether or not a page offers such a form.</summary>
    public async Task<Page> Posts(string path, params IEnumerable<(string Name, string Value)> fields)
    {
        await SignsInAsync();
        return await Sends(path, [.. fields, ("__RequestVerificationToken", _token!)]);
    }

    /// <summary>Sends fields as they are: without an antiforgery token when none is among them.</summary>
    public Task<Page> Sends(string path, params IEnumerable<(string Name, string Value)> fields) =>
        AsksAsync(
            HttpMethod.Post,
            path,
            new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)))
        );

    /// <summary>Sends JSON, as the scripts of the pages do.</summary>
    public Task<Page> SendsJson(HttpMethod method, string path, object? json) =>
        AsksAsync(method, path, JsonContent.Create(json));

    /// <summary>Any request, with this person's cookies.</summary>
    public async Task<Page> AsksAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var answer = await RequestsAsync(method, path, content);
        return await Page.OfAsync(answer);
    }

    /// <summary>The same, and the answer is read by the caller.</summary>
    public async Task<HttpResponseMessage> RequestsAsync(
        HttpMethod method,
        string path,
        HttpContent? content = null,
        string accept = "text/html"
    )
    {
        await SignsInAsync();
        return await SendAsync(method, path, content, accept);
    }

    /// <summary>
    /// Opens a page, fills in the form that goes to <paramref name="action"/> and sends it. Fields that are not named keep what
    /// the page put into them; a checkbox is ticked by naming it with its value, or with "on".
    /// </summary>
    /// <returns>The page to which the answer leads.</returns>
    /// <exception cref="InvalidOperationException">The page has no such form, or the form no such field.</exception>
    public async Task<Page> FillsIn(string path, string action, params IEnumerable<(string Name, string Value)> fields)
    {
        var page = await Opens(path);
        var form =
            page.Form(action)
            ?? throw new InvalidOperationException($"{path} ({page.Status}) has no form for {action}: {page.Words}");
        return await FollowsAsync(await Sends(action, Filled(form, [.. fields])));
    }

    /// <summary>What a form of a page sends when these fields are filled in: for those who send it later.</summary>
    public static IReadOnlyList<(string Name, string Value)> Fills(
        Page page,
        string action,
        params IReadOnlyList<(string Name, string Value)> fields
    ) => Filled(page.Form(action)!, fields);

    /// <summary>The page to which an answer leads, or the answer itself when it leads nowhere.</summary>
    public async Task<Page> FollowsAsync(Page answer) => answer.Location is { } to ? await Opens(to) : answer;

    /// <summary>Signs in now, so that a twin of the clinic opens with this person inside.</summary>
    public Task SignsIn() => SignsInAsync();

    /// <summary>Types name and password at the sign-in, and nothing more.</summary>
    /// <returns>The answer, which leads inside, to the second factor, or back.</returns>
    public Task<Page> TriesPassword(string password) =>
        SendFormAsync("/sign-in", ("person", Name), ("password", password), ("role", WorksAs));

    /// <summary>Presses the button of the sign-in that leads to the clinic's own provider.</summary>
    /// <param name="wanted">The page that was wanted before the sign-in.</param>
    public Task<Page> LeavesForProvider(string? wanted = null) =>
        PressAsync(
            wanted is null ? "/sign-in" : $"/sign-in?return={Uri.EscapeDataString(wanted)}",
            "/sign-in/provider",
            [("role", WorksAs)]
        );

    /// <summary>Types a code where the sign-in asks for it, after the password.</summary>
    public Task<Page> TriesCode(string code) => SendFormAsync("/sign-in/second", ("code", code));

    /// <summary>Types a code that makes this browser a workstation of the clinic; nobody need be signed in.</summary>
    public Task<Page> EnrolsBrowser(string code) => SendFormAsync("/workstation", ("code", code));

    /// <summary>This browser shows a cookie that no server gave it.</summary>
    public void Forges(string cookie, string value) =>
        _cookies.Add(new Cookie(cookie, value, "/", clinic.Address.Host));

    /// <summary>This browser loses what it has of a cookie.</summary>
    public void Forgets(string cookie)
    {
        foreach (var one in _cookies.GetAllCookies().Where(c => c.Name == cookie))
        {
            one.Expired = true;
        }
    }

    /// <summary>Opens a page with what this browser has now, without signing in.</summary>
    public async Task<Page> Peeks(string path) => await Page.OfAsync(await SendAsync(HttpMethod.Get, path, null));

    /// <summary>Another browser with a copy of all that this one holds, at which the same person sits, or somebody else.</summary>
    public Person Copy(string? somebody = null)
    {
        var copy = new Person(clinic, somebody ?? name) { WorksAs = WorksAs, Phone = Phone };
        copy._cookies.Add(_cookies.GetAllCookies());
        return copy;
    }

    /// <summary>Goes on with the session of the same person in the clinic of which this one is a twin.</summary>
    internal void GoesOnAs(Person other)
    {
        if (other._token is { } token)
        {
            _cookies.Add(other._cookies.GetAllCookies());
            _token = token;
        }
    }

    public void Dispose()
    {
        _browser?.Dispose();
        _signingIn.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>A step of the story: it must have been taken.</summary>
    protected static async Task Taken(Task<Page> step)
    {
        var page = await step;
        if (page.Status is not HttpStatusCode.OK || page.Refusal is not null)
        {
            throw new InvalidOperationException($"{page.Status}: {page.Refusal ?? page.Words}");
        }
    }

    private async Task SignsInAsync()
    {
        if (_token is not null)
        {
            return;
        }
        await _signingIn.WaitAsync();
        try
        {
            _token ??= await GetInAsync();
        }
        finally
        {
            _signingIn.Release();
        }
    }

    private async Task<string> GetInAsync()
    {
        var answer = await TriesPassword(Password);
        if (answer.Location is "/sign-in/second")
        {
            answer = await TriesCode(Phone?.Shows ?? "");
        }
        if (answer.Location is null || answer.Location.StartsWith("/sign-in", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{Name} could not sign in: {answer.Status} {answer.Location}");
        }
        // The sign-in page stands open for everyone, and in the heading is the form for signing out, with a token of this session.
        var inside = await Page.OfAsync(await SendAsync(HttpMethod.Get, "/sign-in", null));
        return Value(inside.Form("/sign-out")!, "__RequestVerificationToken");
    }

    private Task<Page> SendFormAsync(string path, params IReadOnlyList<(string Name, string Value)> fields) =>
        PressAsync(path, path, fields);

    // The form of a page, by a button that may send it elsewhere.
    private async Task<Page> PressAsync(string path, string to, IReadOnlyList<(string Name, string Value)> fields)
    {
        var page = await Page.OfAsync(await SendAsync(HttpMethod.Get, path, null));
        var filled = Filled(page.Form(path.Split('?')[0])!, fields).Select(f => KeyValuePair.Create(f.Name, f.Value));
        return await Page.OfAsync(await SendAsync(HttpMethod.Post, to, new FormUrlEncodedContent(filled)));
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        string accept = "text/html"
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(clinic.Address, path)) { Content = content };
        request.Headers.Accept.ParseAdd(accept);
        _browser ??= new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies });
        return await _browser.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static string Ticked(IHtmlInputElement box) => box.GetAttribute("value") ?? "on";

    private static string Value(IHtmlFormElement form, string name) =>
        form.Elements.OfType<IHtmlInputElement>().First(i => i.Name == name).Value;

    private static List<(string Name, string Value)> Filled(
        IHtmlFormElement form,
        IReadOnlyList<(string Name, string Value)> fields
    )
    {
        var sent = new List<(string, string)>();
        foreach (var control in form.Elements)
        {
            var (name, value) = control switch
            {
                IHtmlInputElement { Type: "checkbox" or "radio" } box => fields.Contains((box.Name!, Ticked(box)))
                    ? (box.Name!, Ticked(box))
                    : ("", ""),
                IHtmlInputElement input => (input.Name ?? "", input.Value),
                IHtmlSelectElement select => (select.Name ?? "", select.Value ?? ""),
                IHtmlTextAreaElement text => (text.Name ?? "", text.Value),
                _ => ("", ""),
            };
            if (name.Length > 0)
            {
                // Of several controls with one name each takes its own answer, in their order.
                var asked = fields.Where(f => f.Name == name).Select(f => f.Value).ToList();
                var nth = sent.Count(s => s.Item1 == name);
                var isBox = control is IHtmlInputElement { Type: "checkbox" or "radio" };
                sent.Add((name, nth < asked.Count && !isBox ? asked[nth] : value));
            }
        }
        var unknown = fields.Where(f => !sent.Exists(s => s.Item1 == f.Name)).Select(f => f.Name).ToList();
        return unknown.Count == 0
            ? sent
            : throw new InvalidOperationException($"The form has no field {string.Join(", ", unknown)}.");
    }
}
