using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Web;

/// <summary>One media range that a client accepts, with the parameters that DICOMweb gives it (PS3.18 8.7).</summary>
/// <param name="MediaType">Lower case, such as <c>multipart/related</c>.</param>
/// <param name="PartType">The <c>type</c> parameter, quoted or not; empty when missing.</param>
/// <param name="TransferSyntax">A UID, <c>*</c>, or empty when missing.</param>
/// <param name="Quality">0 to 1; 0 is not acceptable.</param>
internal sealed record AcceptedMedia(string MediaType, string PartType, string TransferSyntax, double Quality)
{
    public bool IsAnything => MediaType is "*/*";

    /// <summary>Several parts of this type, or of any.</summary>
    public bool IsMultipartOf(string type) =>
        MediaType is "multipart/related" or "multipart/*" && (PartType == type || PartType is "" or "*/*");
}

/// <summary>Reads Accept, or the query parameter of that name (PS3.18 8.3.3.1), best first.</summary>
internal static class AcceptHeader
{
    /// <summary>What is accepted; anything when nothing is said.</summary>
    public static IReadOnlyList<AcceptedMedia> Of(HttpRequest request)
    {
        var text = request.Query["accept"] is [{ Length: > 0 } asked]
            ? asked
            : string.Join(',', request.Headers.Accept!);
        var media = Split(text, ',').Select(One).Where(m => m.Quality > 0).OrderByDescending(m => m.Quality).ToList();
        return media.Count > 0 || text.Length > 0 ? media : [new AcceptedMedia("*/*", "", "", 1)];
    }

    private static AcceptedMedia One(string text)
    {
        var parts = Split(text, ';');
        var media = new AcceptedMedia(parts.Count > 0 ? parts[0].ToLowerInvariant() : "", "", "", 1);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                continue;
            }
            var value = part[(equals + 1)..].Trim().Trim('"');
            media = part[..equals].Trim().ToLowerInvariant() switch
            {
                "type" => media with { PartType = value.ToLowerInvariant() },
                "transfer-syntax" => media with { TransferSyntax = value },
                "q" => media with { Quality = double.TryParse(value, CultureInfo.InvariantCulture, out var q) ? q : 1 },
                _ => media,
            };
        }
        return media;
    }

    // A separator within quotes separates nothing.
    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var (start, isQuoted) = (0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == separator && !isQuoted))
            {
                if (text[start..i].Trim() is { Length: > 0 } part)
                {
                    parts.Add(part);
                }
                start = i + 1;
            }
            else if (text[i] == '"')
            {
                isQuoted = !isQuoted;
            }
        }
        return parts;
    }
}
