using System.Text.RegularExpressions;

namespace Fiducial.Proofs.TwinWorlds;

/// <summary>What one observer saw in one world, by the name of the look: status, headers and body, or the words of a service.</summary>
internal sealed partial class Observation(Uri address)
{
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    public int Count => _seen.Count;

    /// <summary>Records a look. Only what chance makes is normalised, and its length is kept.</summary>
    public void Add(string look, string seen) =>
        _seen.Add(look, Normal(seen).Replace(address.Authority, "[address]", StringComparison.Ordinal));

    /// <summary>Sentences that name each look in which the two worlds can be told apart.</summary>
    public IEnumerable<string> DifferencesTo(Observation other)
    {
        foreach (var look in _seen.Keys.Union(other._seen.Keys, StringComparer.Ordinal))
        {
            var (here, there) = (_seen.GetValueOrDefault(look, "-"), other._seen.GetValueOrDefault(look, "-"));
            if (here != there)
            {
                var at = here.Zip(there).TakeWhile(p => p.First == p.Second).Count();
                yield return $"{look}: '{Around(here, at)}' and '{Around(there, at)}'";
            }
        }
    }

    public static string Normal(string text) =>
        Hash().Replace(Sealed().Replace(text, m => $"[sealed {m.Length}]"), "[hash]");

    private static string Around(string text, int at) =>
        text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 100)].ReplaceLineEndings(" ");

    // What ASP.NET Core data protection sealed: antiforgery tokens and cookies. Each is new, and all of one kind have one length.
    [GeneratedRegex("CfDJ8[A-Za-z0-9_%-]+", RegexOptions.None, 1000)]
    private static partial Regex Sealed();

    // The hash of a ledger entry, which follows from all entries before it.
    [GeneratedRegex(@"\b[0-9a-f]{64}\b", RegexOptions.None, 1000)]
    private static partial Regex Hash();
}
