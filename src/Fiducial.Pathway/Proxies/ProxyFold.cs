using System.Globalization;
using System.Text.Json.Nodes;

namespace Fiducial.Pathway.Proxies;

/// <summary>What each entry makes of the proxies of a patient.</summary>
public static class ProxyFold
{
    /// <summary>The fold of a whole chain, in its order, and the day on which the patient died (yyyyMMdd; empty while they live).</summary>
    public static (List<Proxy> Proxies, string DeceasedOn) Of(IEnumerable<ProxyEntry> chain)
    {
        var proxies = new List<Proxy>();
        var died = "";
        foreach (var entry in chain)
        {
            died = Apply(proxies, entry) ?? died;
        }
        return (proxies, died);
    }

    /// <param name="proxies">Of this patient, as they were before; a new one is added.</param>
    /// <returns>The day of the patient's death, when that is what the entry says.</returns>
    public static string? Apply(List<Proxy> proxies, ProxyEntry entry)
    {
        var said = entry.Said;
        var open = proxies.FindAll(p => p.EndedAt is null);
        switch (entry.Act)
        {
            case ProxyAct.Recorded:
                proxies.Add(Record(entry, said, isDisputed: open.Exists(p => p.Disputed)));
                break;
            case ProxyAct.Restricted:
                open.FindAll(p => p.Entry == Number(said)).ForEach(p => p.RestrictedTo = Text(said, "sees"));
                break;
            case ProxyAct.Disputed:
                open.ForEach(p => p.Disputed = true);
                break;
            case ProxyAct.Decided:
                var stays = said["stays"]!.AsArray().Select(n => (int)n!).ToHashSet();
                open.FindAll(p => !stays.Contains(p.Entry))
                    .ForEach(p => End(p, entry, "decided by the privacy officer"));
                open.ForEach(p => p.Disputed = false);
                break;
            case ProxyAct.Ended:
                open.FindAll(p => p.Entry == Number(said)).ForEach(p => End(p, entry, Text(said, "reason")));
                break;
            default:
                open.FindAll(p => p.Basis is not ProxyBasis.Estate).ForEach(p => End(p, entry, "the patient has died"));
                return Text(said, "on");
        }
        return null;
    }

    private static Proxy Record(ProxyEntry entry, JsonObject said, bool isDisputed) =>
        new()
        {
            PatientId = entry.PatientId,
            Entry = entry.Sequence,
            PersonId = Text(said, "personId"),
            PersonName = Text(said, "personName"),
            Basis = Text(said, "basis"),
            Document = Text(said, "document"),
            From = DateOnly.Parse(Text(said, "from"), CultureInfo.InvariantCulture),
            Until = Text(said, "until") is { Length: > 0 } until
                ? DateOnly.Parse(until, CultureInfo.InvariantCulture)
                : null,
            Sees = Text(said, "sees"),
            Exams = Text(said, "exams"),
            Disputed = isDisputed,
        };

    // What was disputed when it ended is disputed no more.
    private static void End(Proxy proxy, ProxyEntry entry, string reason) =>
        (proxy.EndedAt, proxy.EndReason, proxy.Disputed) = (entry.At, reason, false);

    private static int Number(JsonObject said) => (int)said["entry"]!;

    private static string Text(JsonObject said, string key) => (string?)said[key] ?? "";
}
