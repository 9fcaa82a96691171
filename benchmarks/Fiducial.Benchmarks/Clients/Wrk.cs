using System.Globalization;
using System.Text.RegularExpressions;
using Fiducial.Benchmarks.Peers;

namespace Fiducial.Benchmarks.Clients;

/// <summary>wrk: as many requests as the server answers, from eight connections.</summary>
internal static partial class Wrk
{
    public static async Task<Outcome> GetAsync(Peer peer, string path, int seconds)
    {
        var ended = await Tool.RunAsync(
            "wrk",
            ["-t1", "-c8", $"-d{seconds}s", "--timeout", "10s", "-H", $"Accept: {WebClient.Json}", peer.Web + path]
        );
        if (ended.ExitCode != 0 || Answers().Match(ended.Output) is not { Success: true } answers)
        {
            return Outcome.Failed(ended.LastLine);
        }
        if (ended.Output.Contains("Non-2xx", StringComparison.Ordinal))
        {
            return Outcome.Failed("some answers were no success");
        }
        var rate = double.Parse(Rate().Match(ended.Output).Groups["rate"].ValueSpan, CultureInfo.InvariantCulture);
        var count = long.Parse(answers.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        return count > 0 ? Outcome.Of(count, 0, count / rate) : Outcome.Failed("no answer in this time");
    }

    [GeneratedRegex(@"(?<count>\d+) requests in ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Answers();

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Rate();
}
