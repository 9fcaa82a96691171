using Fiducial.Foundation.Calendar;
using Fiducial.Pathway.Law;

namespace Fiducial.Results.Release;

/// <summary>
/// How results are released at this site: a pack with the overlays of the place, put together and found without contradiction. It
/// decides; persons and the pathway's engine act.
/// </summary>
public sealed class ReleasePolicy
{
    private readonly ReleasePack _pack;
    private readonly int _days;

    private ReleasePolicy(string name, string version, string hash, ReleasePack pack, int days) =>
        (Name, Version, Hash, _pack, _days) = (name, version, hash, pack, days);

    /// <summary>As the site chose it: <c>doctor-first</c>, <c>us+us-ky</c>.</summary>
    public string Name { get; }

    /// <summary>Names and versions of all its packs, as each decision in the ledger has it.</summary>
    public string Version { get; }

    /// <summary>SHA-256 of the packs' files, in the order of <see cref="Name"/>.</summary>
    public string Hash { get; }

    /// <summary>The packs as one.</summary>
    public ReleasePack Pack => _pack;

    /// <summary>The default: the doctor first.</summary>
    public static ReleasePolicy DoctorFirst { get; } = Load(PackShelf.OfTheProgram, "doctor-first");

    /// <summary>True when the signer must say whether the report likely means cancer or a genetic marker: a law asks for it.</summary>
    public bool AsksMarker =>
        _pack
            .MandatoryHolds.SelectMany(h => h.Findings)
            .Concat(_pack.MandatoryReleases.SelectMany(r => r.Findings ?? []))
            .Concat(_pack.Notices.SelectMany(n => n.Findings ?? []))
            .Any(f => !f.StartsWith("category", StringComparison.Ordinal));

    /// <summary>
    /// True when a law opens every report of this modality to the patient by itself: then the radiologist writes to the patient in plain
    /// words, and signs that with the report (G13; MQSA, 21 CFR 900.12(c)(2)).
    /// </summary>
    public bool AsksLetter(string modality) =>
        _pack.MandatoryReleases.Any(r => r.Findings is null && r.Modalities?.Contains(modality) is true);

    /// <summary>Loads the packs that a site names, joined with +; an overlay brings the pack below it.</summary>
    /// <param name="siteDays">Days to the automatic release, where the pack lets a site choose; 0 for the pack's own.</param>
    /// <exception cref="InvalidDataException">A pack is missing or was edited, or the packs contradict each other.</exception>
    public static ReleasePolicy Load(PackShelf shelf, string names, int siteDays = 0)
    {
        var chosen = names.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var taken = chosen.Distinct(StringComparer.Ordinal).Select(shelf.Take).ToList();
        foreach (var below in taken.Select(t => t.Pack.Over).Where(o => o.Length > 0).Distinct().ToList())
        {
            if (!taken.Exists(t => t.Pack.Name == below))
            {
                taken.Insert(0, shelf.Take(below));
            }
        }
        var packs = taken.ConvertAll(t => t.Pack);
        var conflicts = PackConflicts.Of(packs, siteDays);
        if (conflicts.Count > 0)
        {
            throw new InvalidDataException(
                $"The release policy '{names}' contradicts itself: {string.Join(' ', conflicts)}"
            );
        }
        var whole = packs.Single(p => p.Over.Length == 0);
        var overlays = packs.FindAll(p => p.Over.Length > 0);
        var one = whole with
        {
            MandatoryReleases = [.. packs.SelectMany(p => p.MandatoryReleases)],
            MandatoryHolds = [.. packs.SelectMany(p => p.MandatoryHolds)],
            Notices = [.. packs.SelectMany(p => p.Notices)],
            PatientIsTold = [.. packs.SelectMany(p => p.PatientIsTold)],
        };
        var order = packs.ConvertAll(p => taken.Find(t => t.Pack == p));
        return new ReleasePolicy(
            string.Join('+', [whole.Name, .. overlays.Select(o => o.Name)]),
            string.Join(" + ", order.Select(o => $"{o.Pack.Name} {o.Pack.Version}")),
            Pathway.Ledger.FieldHash.Of([.. order.Select(o => o.Hash)]),
            one,
            siteDays > 0 ? siteDays : one.Opens!.Days
        );
    }

    /// <summary>The decision at an instant. The first rule that does not pass decides; the trace ends with it.</summary>
    public ReleaseVerdict Evaluate(ReleaseFacts facts, DateTimeOffset at, BusinessCalendar calendar)
    {
        var trace = new List<RuleLine>();
        foreach (var line in Lines(facts, at, calendar))
        {
            trace.Add(line);
            if (line.Outcome is not "passes")
            {
                break;
            }
        }
        return new ReleaseVerdict(trace[^1].Outcome is "releases", trace[^1].Rule, trace);
    }

    /// <summary>The first instant, now or later, at which the policy opens the report if nobody does anything; null when only a person opens it.</summary>
    public DateTimeOffset? OpensAt(ReleaseFacts facts, DateTimeOffset at, BusinessCalendar calendar)
    {
        var instants = new SortedSet<DateTimeOffset> { at };
        while (instants.Count > 0)
        {
            var then = instants.Min;
            instants.Remove(then);
            var verdict = Evaluate(facts, then, calendar);
            if (verdict.Opens)
            {
                return then;
            }
            instants.UnionWith(verdict.Trace.Select(l => l.Until).OfType<DateTimeOffset>().Where(u => u > then));
        }
        return null;
    }

    /// <summary>When the neutral notice is due and by which rule; null when the policy has none that applies.</summary>
    public (DateTimeOffset Due, string Rule)? NoticeAfter(
        DateTimeOffset owed,
        ReleaseFacts facts,
        BusinessCalendar calendar
    ) =>
        _pack
            .Notices.Where(n => n.Findings is null || facts.Findings.Overlaps(n.Findings))
            .Select(n =>
                ((DateTimeOffset, string)?)
                    (n.BusinessDays > 0 ? calendar.CloseAfter(owed, n.BusinessDays) : owed.AddDays(n.Days), n.Id)
            )
            .MinBy(n => n!.Value.Item1);

    /// <summary>
    /// Why a patient cannot see the result yet, in sentences for them: the same engine asked without what they must not learn, so that
    /// the answer is the same whatever the report says and whether or not someone holds it back.
    /// </summary>
    public IReadOnlyList<string> WhyNotYet(ReleaseFacts facts, DateTimeOffset at, BusinessCalendar calendar)
    {
        var known = facts.AsThePatientKnows();
        return
        [
            .. known.HasSignedVersion
                ? Evaluate(known, at, calendar).Trace.Where(l => l.Says.Length > 0).Select(l => l.Says)
                :
                [
                    NotWritten,
                    .. Wish(known) is { Says.Length: > 0 } wish ? (string[])[wish.Says] : [_pack.Opens!.Says],
                ],
            .. _pack.PatientIsTold,
        ];
    }

    /// <summary>The day that the patient is told for the next news about a report that the doctor got then.</summary>
    public DateTimeOffset ExpectedAfter(DateTimeOffset received, BusinessCalendar calendar) =>
        _pack.Opens!.By is "days" ? received.AddDays(_days)
        : _pack.Notices.FirstOrDefault(n => n is { BusinessDays: > 0, Findings: null }) is { } notice
            ? calendar.CloseAfter(received, notice.BusinessDays)
        : calendar.CloseAfter(received, 1);

    /// <summary>The wish that these words name; null when the pack does not offer it.</summary>
    public Election? FindElection(string words) => _pack.Elections.FirstOrDefault(e => e.Words == words);

    private const string NotWritten =
        "There is no report yet. A radiologist must read your pictures and sign the report first.";
    private const string NotSigned = "There is no signed report that could be opened now.";

    private Election? Wish(ReleaseFacts f) => f.ShutAt is null ? FindElection(f.Election) : null;

    private IEnumerable<RuleLine> Lines(ReleaseFacts f, DateTimeOffset at, BusinessCalendar calendar)
    {
        if (!f.HasSignedVersion || f.SignedAt is not { } signed)
        {
            yield return new RuleLine(0, "signed-version", "waits", null, NotSigned);
            yield break;
        }
        foreach (
            var law in _pack.MandatoryReleases.Where(r =>
                (r.Modalities is null || r.Modalities.Contains(f.Modality, StringComparer.Ordinal))
                && (r.Findings is null || f.Findings.Overlaps(r.Findings))
            )
        )
        {
            var due = (f.CompletedAt ?? signed).AddDays(law.Days);
            yield return at >= due ? new RuleLine(1, law.Id, "releases") : new RuleLine(1, law.Id, "passes", due);
        }
        foreach (var law in _pack.MandatoryHolds.Where(h => f.Findings.Overlaps(h.Findings)))
        {
            var end = signed.AddHours(law.Hours);
            yield return at >= end || (law.EndsWithDiscussion && f.DiscussedAt is not null)
                ? new RuleLine(2, law.Id, "passes")
                : new RuleLine(2, law.Id, "waits", end);
        }
        yield return OfElection(f, at, calendar);
        yield return f.HeldUntil is { } held && at < held
            ? new RuleLine(4, "hold", "waits", held)
            : new RuleLine(4, "hold", "passes");
        yield return Default(f, signed, at, calendar);
    }

    private RuleLine OfElection(ReleaseFacts f, DateTimeOffset at, BusinessCalendar calendar)
    {
        const string rule = "election";
        if (Wish(f) is not { } wish)
        {
            // A wish about the first time is met once the patient has had a version.
            return new RuleLine(3, rule, "passes");
        }
        DateTimeOffset? picked =
            wish.PicksDate && f.ElectionUntil is { } day ? calendar.At(day, TimeOnly.MinValue) : null;
        return wish.Opens switch
        {
            "signature" => new RuleLine(3, rule, "releases"),
            "doctor" => new RuleLine(3, rule, "waits", null, wish.Says),
            "review" when f.ReviewedAt is null && (picked is null || at < picked) => new RuleLine(
                3,
                rule,
                "waits",
                picked,
                wish.Says
            ),
            _ => new RuleLine(3, rule, "passes"),
        };
    }

    private RuleLine Default(ReleaseFacts f, DateTimeOffset signed, DateTimeOffset at, BusinessCalendar calendar)
    {
        var opening = _pack.Opens!;
        if (f.ShutAt is { } shut && opening.By is "doctor")
        {
            var due = calendar.CloseAfter(shut, _pack.CorrectedBusinessDays);
            return new RuleLine(5, Corrected, at >= due ? "releases" : "waits", due, opening.Says);
        }
        if (opening.By is "doctor")
        {
            return new RuleLine(5, "default", "waits", null, opening.Says);
        }
        var opens = opening.By is "days" ? signed.AddDays(_days) : signed;
        return new RuleLine(5, "default", at >= opens ? "releases" : "waits", opens, opening.Says);
    }

    /// <summary>The rule by which the corrected version of a released report opens (G1).</summary>
    public const string Corrected = "corrected-version";

    internal bool MayHold(Role role) => _pack.Hold!.By.Contains(role);
}
