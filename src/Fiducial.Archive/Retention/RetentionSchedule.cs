using System.Globalization;
using Fiducial.Archive.Index;

namespace Fiducial.Archive.Retention;

/// <summary>Which studies need not be kept any longer.</summary>
public sealed class RetentionSchedule
{
    private const int PageLength = 200;

    private readonly ArchiveIndex _index;
    private readonly RetentionRules _rules;
    private readonly IRetentionGuard _guard;
    private readonly TimeProvider _clock;

    internal RetentionSchedule(ArchiveIndex index, RetentionRules rules, IRetentionGuard guard, TimeProvider clock) =>
        (_index, _rules, _guard, _clock) = (index, rules, guard, clock);

    /// <summary>In order of their date; those on hold, and those whose deletion is asked for, are not among them.</summary>
    /// <param name="limit">At most so many.</param>
    public async Task<IReadOnlyList<DueStudy>> DueAsync(int limit, CancellationToken ct)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        var (notAfter, today) = (Text(now.AddYears(-_rules.Years)), Text(now));
        var due = new List<DueStudy>();
        (string Date, string Uid) last = ("", "");
        while (true)
        {
            var page = _index.Read(c => StudyFacts.Candidates(c, notAfter, today, last, PageLength));
            foreach (var (_, uid) in page)
            {
                if (await OfAsync(uid, ct) is { } one)
                {
                    due.Add(one);
                }
                if (due.Count == limit)
                {
                    return due;
                }
            }
            if (page.Count < PageLength)
            {
                return due;
            }
            last = page[^1];
        }
    }

    private static string Text(DateTime day) => day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>Null when the study is not due, or must not be deleted for another reason.</summary>
    public async Task<DueStudy?> OfAsync(string studyInstanceUid, CancellationToken ct)
    {
        var facts = _index.Read(c =>
            LegalHolds.Stands(c, studyInstanceUid) || Deletions.IsOpen(c, studyInstanceUid)
                ? null
                : StudyFacts.Read(c, _index.Dialect, studyInstanceUid)
        );
        // The clinic is asked last, and only of what is due by the index.
        return facts is null || Judge(facts, new KnownOfStudy()).Due is null
            ? null
            : Judge(facts, await _guard.KnownAsync(studyInstanceUid, ct)).Due;
    }

    /// <summary>Exactly one of the two: the study as it is due, or why it is kept.</summary>
    internal (DueStudy? Due, string Refusal) Judge(StudyFacts facts, KnownOfStudy known)
    {
        if (known.Refusal is { } refusal)
        {
            return (null, refusal);
        }
        var all = facts with
        {
            LastExam = known.LastExam is { } later && later > facts.LastExam ? later : facts.LastExam,
            BirthDate = known.BirthDate ?? facts.BirthDate,
        };
        var (until, rule) = _rules.Judge(all);
        return DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime) <= until
            ? (null, string.Create(CultureInfo.InvariantCulture, $"It is kept until {until:yyyy-MM-dd}: {rule}."))
            : (
                new DueStudy(
                    all.StudyInstanceUid,
                    all.PatientId,
                    all.AccessionNumber,
                    string.Join(", ", all.Modalities),
                    all.ExamDate,
                    until,
                    rule,
                    all.Objects
                ),
                ""
            );
    }
}
