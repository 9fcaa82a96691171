using System.Globalization;

namespace Fiducial.Archive;

/// <summary>
/// How long this site keeps images; its law decides, not this program. Where nothing is written the longest time stands that a province
/// of Canada asks for: 16 years after the last exam, for a minor 16 years after majority at 19 (British Columbia), and 20 years for
/// mammograms, because each is read against the ones before (docs/decisions/0018).
/// </summary>
public sealed record RetentionRules
{
    /// <summary>Whatever a date says: what came less than this time ago is not due. A wrong clock at a modality destroys nothing.</summary>
    private const int LeastYearsHere = 1;

    private static readonly DateOnly FirstBirth = new(1850, 1, 1);

    /// <summary>Years after the last exam of the patient.</summary>
    public int Years { get; init; } = 16;

    /// <summary>The birthday on which a minor comes of age.</summary>
    public int MajorityAge { get; init; } = 19;

    /// <summary>Years after that birthday, for exams before it.</summary>
    public int YearsAfterMajority { get; init; } = 16;

    /// <summary>Years by Modality (0008,0060), for those that are kept longer; a study is kept as long as its longest.</summary>
    public IReadOnlyDictionary<string, int> Modalities { get; init; } = new Dictionary<string, int> { ["MG"] = 20 };

    /// <summary>The last day on which a study must be kept, and why.</summary>
    internal (DateOnly Until, string Why) Judge(StudyFacts study)
    {
        var longest = study.Modalities.Select(m => Modalities.GetValueOrDefault(m)).Append(0).Max();
        var (years, minorYears) = (Math.Max(Years, longest), Math.Max(YearsAfterMajority, longest));
        var of = longest > Years ? $" ({string.Join(", ", study.Modalities)})" : "";
        (DateOnly Until, string Why) kept = (
            After(study.LastExam, years),
            Say($"{years} years{of} after the last exam of the patient, {study.LastExam:yyyy-MM-dd}")
        );
        // Who is born on an unknown day may have been born on the day of the exam.
        var isKnown = study.BirthDate is { } birth && birth >= FirstBirth && birth <= study.ExamDate;
        var majority = After(isKnown ? study.BirthDate!.Value : study.ExamDate, MajorityAge);
        if (study.ExamDate < majority && After(majority, minorYears) is var ofMinor && ofMinor > kept.Until)
        {
            kept = (
                ofMinor,
                isKnown
                    ? Say($"{minorYears} years{of} after majority, {majority:yyyy-MM-dd}")
                    : Say(
                        $"the birth date is not known: as of a child born on the day of the exam, {study.ExamDate:yyyy-MM-dd}"
                    )
            );
        }
        return After(study.ArrivedOn, LeastYearsHere) is var here && here > kept.Until
            ? (here, Say($"{LeastYearsHere} year after it came, {study.ArrivedOn:yyyy-MM-dd}"))
            : kept;
    }

    private static DateOnly After(DateOnly day, int years) =>
        day.Year + years > DateOnly.MaxValue.Year ? DateOnly.MaxValue : day.AddYears(years);

    private static string Say(FormattableString sentence) => sentence.ToString(CultureInfo.InvariantCulture);
}
