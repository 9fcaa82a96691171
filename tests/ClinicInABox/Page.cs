using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Fiducial.Tests;

/// <summary>What the server answered: status, headers, text, and the same as a page when it is one.</summary>
public sealed class Page
{
    private readonly Lazy<IHtmlDocument> _document;

    private Page(HttpStatusCode status, string headers, Uri? location, string text)
    {
        (Status, Headers, Location, Text) = (status, headers, location?.OriginalString, text);
        _document = new Lazy<IHtmlDocument>(() => new HtmlParser().ParseDocument(text));
    }

    public HttpStatusCode Status { get; }

    /// <summary>All headers but Date, a line each.</summary>
    public string Headers { get; }

    /// <summary>Where a redirection leads.</summary>
    public string? Location { get; }

    /// <summary>The body as it came.</summary>
    public string Text { get; }

    public IHtmlDocument Document => _document.Value;

    /// <summary>What a reader reads: the text of the main part, without mark-up.</summary>
    public string Words =>
        string.Join(
            ' ',
            (Document.QuerySelector("main") ?? Document.Body!).TextContent.Split(
                (char[]?)null,
                StringSplitOptions.RemoveEmptyEntries
            )
        );

    /// <summary>The sentence with which the page says that a step was refused; null when it says none.</summary>
    public string? Refusal => Document.QuerySelector("[role=alert]")?.TextContent.Trim();

    /// <summary>The form that is sent to this address; null when the page does not offer it.</summary>
    public IHtmlFormElement? Form(string action) =>
        Document.Forms.FirstOrDefault(f => f.GetAttribute("action") == action && f.GetAttribute("method") is "post");

    public static async Task<Page> OfAsync(HttpResponseMessage answer)
    {
        var headers = answer
            .Headers.Concat(answer.Content.Headers)
            .Where(h => h.Key is not "Date")
            .OrderBy(h => h.Key, StringComparer.Ordinal)
            .Select(h => $"{h.Key}: {string.Join(", ", h.Value)}");
        return new Page(
            answer.StatusCode,
            string.Join('\n', headers),
            answer.Headers.Location,
            await answer.Content.ReadAsStringAsync()
        );
    }
}
