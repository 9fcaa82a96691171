using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Fiducial.Server.Demonstration;
using Microsoft.Playwright;

namespace Fiducial.EndToEnd;

/// <summary>One person at one browser. What the page complains of on its console is kept: there must be nothing.</summary>
internal sealed partial class Visitor
{
    private static readonly AxeRunOptions Wcag = new()
    {
        RunOnly = new RunOnlyOptions
        {
            Type = "tag",
            Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"],
        },
    };

    private static readonly ConcurrentDictionary<string, bool> Looked = new(StringComparer.Ordinal);

    private readonly string _person;
    private readonly Album _album;

    public Visitor(string person, IPage page, Album album)
    {
        (_person, Page, _album) = (person, page, album);
        page.Console += (_, message) =>
        {
            if (message.Type is "error")
            {
                Complaints.Add($"{person} at {page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => Complaints.Add($"{person} at {page.Url}: {error}");
    }

    public IPage Page { get; }

    /// <summary>Requests outside the page with the same cookies.</summary>
    public IAPIRequestContext Http => Page.Context.APIRequest;
    public List<string> Complaints { get; } = [];

    public async Task SignInAsync()
    {
        await Page.GotoAsync("/sign-in");
        if (Looked.TryAdd("sign-in", true))
        {
            await LookAsync("sign-in");
        }
        var form = Form("/sign-in");
        await form.Locator("[name=person]").FillAsync(_person);
        await form.Locator("[name=password]").FillAsync(DemonstrationPeople.Password);
        await SubmitAsync(form);
        Page.Url.Should().NotContain("/sign-in");
    }

    public Task GoAsync(string path) => Page.GotoAsync(path);

    /// <summary>Follows the link to the exam from a list that shows it.</summary>
    public async Task OpenAsync(string list, Guid exam)
    {
        await GoAsync(list);
        await LookAsync(list.Trim('/').Replace('/', '-'));
        await Page.Locator($"main a[href$='/{exam}']").First.ClickAsync();
        await Page.WaitForURLAsync($"**/{exam}");
    }

    /// <summary>The form that is sent to an address with this end.</summary>
    public ILocator Form(string action) => Page.Locator($"form[action$='{action}']");

    /// <summary>Sends the form with its button and waits for the page that answers; a refusal fails the test with its reason.</summary>
    public async Task SubmitAsync(ILocator form)
    {
        var refusal = await TrySubmitAsync(form);
        refusal.Should().BeNull($"{_person} at {Page.Url}");
    }

    /// <summary>Sends the form; the reason of the refusal, or null when the step was taken.</summary>
    public async Task<string?> TrySubmitAsync(ILocator form)
    {
        // The answer to a form often has the same address: the page is a new one when the mark is gone.
        await Page.EvaluateAsync("() => { window.isBefore = true; }");
        await form.GetByRole(AriaRole.Button).Last.ClickAsync();
        await Page.WaitForFunctionAsync("() => !window.isBefore && document.readyState === 'complete'");
        var alert = Page.Locator("main [role=alert]");
        return await alert.CountAsync() == 0 ? null : await alert.First.InnerTextAsync();
    }

    /// <summary>Types into a field of a form that saves itself.</summary>
    public async Task TypeAsync(string form, string field, string text)
    {
        var place = Page.Locator($"{form} [name={field}]");
        await place.FillAsync("");
        await place.PressSequentiallyAsync(text);
    }

    /// <summary>Waits until the form says that what was typed has been saved.</summary>
    public Task SavedAsync(string form) =>
        Assertions
            .Expect(Page.Locator($"{form} [data-saved]"))
            .ToHaveTextAsync(new Regex("^Saved"), new LocatorAssertionsToHaveTextOptions { Timeout = 60_000 });

    /// <summary>Keeps a picture of the page and has axe look at it: nothing that WCAG 2.2 AA forbids.</summary>
    public async Task LookAsync(string name)
    {
        await _album.KeepAsync(Page, $"{_person}-{name}");
        if (!Looked.TryAdd($"{_person} {name}", true))
        {
            return; // The same page of the same person has been looked at in another walk.
        }
        var found = await Page.RunAxe(Wcag);
        found
            .Violations.Select(v =>
                $"{v.Id} ({v.Impact}): {v.Help} at {string.Join(" | ", v.Nodes.Select(n => n.Html))}"
            )
            .Should()
            .BeEmpty($"{_person} sees {name}");
    }

    /// <summary>
    /// The page's bytes as the server sends them now, without what changes by itself: the antiforgery token, and how long ago a moment is.
    /// </summary>
    public async Task<string> BytesAsync(string path)
    {
        var answer = await Http.GetAsync(path);
        answer.Status.Should().Be(200);
        return Ago().Replace(Token().Replace(await answer.TextAsync(), "token"), "ago");
    }

    [GeneratedRegex("(?<=__RequestVerificationToken\" value=\")[^\"]+")]
    private static partial Regex Token();

    [GeneratedRegex("(?<=<time[^>]* title=\")[^\"]*")]
    private static partial Regex Ago();
}
