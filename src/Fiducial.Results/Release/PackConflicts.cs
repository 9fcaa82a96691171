using Fiducial.Pathway.Law;

namespace Fiducial.Results.Release;

/// <summary>
/// Finds where packs that a site puts together contradict each other or break what holds for every pack (pathway 3.1): asked by the
/// tests of all packs that come with the program, and again whenever packs are loaded.
/// </summary>
public static class PackConflicts
{
    private static readonly Role[] Doctors = [Role.REF, Role.COV, Role.MDR];
    private static readonly string[] Openings = ["doctor", "signature", "days"];
    private static readonly string[] Wishes = ["doctor", "review", "signature", "default"];

    private static readonly string[] Findings =
    [
        "category 1",
        "category 2",
        "category 3",
        "likely malignancy",
        "genetic marker",
    ];

    /// <summary>A sentence for each; none when the packs agree.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<ReleasePack> packs, int siteDays = 0)
    {
        var whole = packs.Where(p => p.Over.Length == 0).ToList();
        if (whole.Count != 1)
        {
            return [$"A site has one pack and overlays over it; {whole.Count} whole packs were named."];
        }
        return
        [
            .. OfPack(whole[0], siteDays),
            .. packs.Where(p => p.Over.Length > 0).SelectMany(o => OfOverlay(o, whole[0])),
            .. packs.SelectMany(OfRules),
            .. Between(packs),
        ];
    }

    private static IEnumerable<string> OfPack(ReleasePack p, int siteDays)
    {
        if (p.Opens is not { } opens || !Openings.Contains(opens.By, StringComparer.Ordinal) || opens.Says.Length == 0)
        {
            yield return $"{p.Name}: it does not say when a report opens.";
            yield break;
        }
        if (opens.By is "days" && opens.Days < 1)
        {
            yield return $"{p.Name}: the number of days to the release is missing.";
        }
        if (siteDays > 0 && (opens.SiteDays is not [var least, var most] || siteDays < least || siteDays > most))
        {
            yield return opens.SiteDays is [var from, var to]
                ? $"{p.Name}: a site may choose {from} to {to} days, not {siteDays}."
                : $"{p.Name}: a site may not choose the days to the release.";
        }
        if (p.Elections.Count == 0)
        {
            yield return $"{p.Name}: the patient has no choice.";
        }
        foreach (var e in p.Elections.Where(e => !Wishes.Contains(e.Opens, StringComparer.Ordinal)))
        {
            yield return $"{p.Name}: the choice '{e.Words}' opens by '{e.Opens}', which is nothing.";
        }
        foreach (var same in p.Elections.GroupBy(e => e.Words, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            yield return $"{p.Name}: the choice '{same.Key}' stands there twice.";
        }
        if (p.Hold is not { } hold || hold.AtMostBusinessDays < 1 || hold.Renewals < 0)
        {
            yield return $"{p.Name}: a hold has no end.";
        }
        else if (hold.By.Count == 0 || hold.By.Any(r => !Doctors.Contains(r)))
        {
            yield return $"{p.Name}: only doctors hold a result back (REF, COV, MDR).";
        }
        if (opens.By is "doctor" && !p.Notices.Any(n => n is { Findings: null, BusinessDays: > 0 }))
        {
            yield return $"{p.Name}: nothing happens when the doctor does nothing: a notice in business days is missing.";
        }
        if (opens.By is "doctor" && p.CorrectedBusinessDays < 1)
        {
            yield return $"{p.Name}: a corrected version never opens by itself.";
        }
        if (p.AccessDays < 1 || p.ConsultBusinessDays < 1 || p.ConsultBusinessDays * 2 > p.AccessDays)
        {
            yield return $"{p.Name}: the days of a formal request are missing, or leave no time after the doctor was heard.";
        }
        if (p.EmergencyLine.Length == 0)
        {
            yield return $"{p.Name}: the line for an emergency is missing.";
        }
    }

    private static IEnumerable<string> OfOverlay(ReleasePack o, ReleasePack whole)
    {
        if (o.Over != whole.Name)
        {
            yield return $"{o.Name} lies over {o.Over}, not over {whole.Name}.";
        }
        if (o.Opens is not null || o.Hold is not null || o.Elections.Count > 0)
        {
            yield return $"{o.Name}: an overlay adds laws; default, choices and holds are the pack's.";
        }
    }

    private static IEnumerable<string> OfRules(ReleasePack p)
    {
        foreach (var h in p.MandatoryHolds)
        {
            if (h.Hours < 1)
            {
                yield return $"{p.Name}: the hold {h.Id} has no end.";
            }
            if (h.Findings.Count == 0)
            {
                yield return $"{p.Name}: the hold {h.Id} names no finding.";
            }
            if (h.Tell.Length == 0)
            {
                yield return $"{p.Name}: the hold {h.Id} depends on the result and does not declare what a patient learns from it.";
            }
        }
        foreach (var r in p.MandatoryReleases.Where(r => r.Findings is not null && r.Tell.Length == 0))
        {
            yield return $"{p.Name}: the release {r.Id} depends on the result and does not declare what a patient learns from it.";
        }
        foreach (var n in p.Notices)
        {
            if (n.BusinessDays < 1 && n.Days < 1)
            {
                yield return $"{p.Name}: the notice {n.Id} has no day.";
            }
            if (n.Findings is not null && n.Tell.Length == 0)
            {
                yield return $"{p.Name}: the notice {n.Id} depends on the result and does not declare what a patient learns from it.";
            }
        }
        var named = p
            .MandatoryHolds.SelectMany(h => h.Findings)
            .Concat(p.MandatoryReleases.SelectMany(r => r.Findings ?? []))
            .Concat(p.Notices.SelectMany(n => n.Findings ?? []));
        foreach (var unknown in named.Except(Findings, StringComparer.Ordinal))
        {
            yield return $"{p.Name}: nobody states the finding '{unknown}'.";
        }
    }

    private static IEnumerable<string> Between(IReadOnlyList<ReleasePack> packs)
    {
        var places = packs.Where(p => p.Over.Length > 0 && p.Place.Length > 0).GroupBy(p => p.Place).ToList();
        if (places.Count > 1)
        {
            yield return $"A site lies in one place; the overlays are of {string.Join(" and ", places.Select(p => p.Key))}.";
        }
        var ids = packs
            .SelectMany(p =>
                p.MandatoryReleases.Select(r => r.Id)
                    .Concat(p.MandatoryHolds.Select(h => h.Id))
                    .Concat(p.Notices.Select(n => n.Id))
            )
            .GroupBy(i => i, StringComparer.Ordinal)
            .Where(g => g.Count() > 1);
        foreach (var twice in ids)
        {
            yield return $"Two rules are called {twice.Key}.";
        }
        // A law that opens comes first: one that keeps shut must be over before, or it could never be obeyed.
        foreach (var release in packs.SelectMany(p => p.MandatoryReleases))
        {
            foreach (
                var hold in packs
                    .SelectMany(p => p.MandatoryHolds)
                    .Where(h => release.Findings is null || release.Findings.Intersect(h.Findings).Any())
                    .Where(h => h.Hours > release.Days * 24)
            )
            {
                yield return $"{release.Id} opens on day {release.Days} what {hold.Id} keeps shut for {hold.Hours} hours.";
            }
        }
    }
}
