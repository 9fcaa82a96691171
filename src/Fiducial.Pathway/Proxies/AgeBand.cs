using System.Globalization;
using Fiducial.Foundation.Calendar;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Patients;

namespace Fiducial.Pathway.Proxies;

/// <summary>The ages of one place (<c>age-bands.tsv</c>): when a parent's authority ends, and from when a minor decides what a parent sees.</summary>
/// <param name="Place">ISO 3166 country and part of it, such as CA-AB.</param>
/// <param name="Majority">Years at which a parent's authority ends by itself.</param>
/// <param name="Mature">Years from which a minor has a page of their own and may restrict what a proxy sees.</param>
/// <param name="Source">The law that names them, or says that none does.</param>
public sealed record AgeBand(string Place, int Majority, int Mature, string Source)
{
    public const string Alberta = "CA-AB";

    public static IReadOnlyList<AgeBand> All { get; } =
    [
        .. LawTable
            .Read("age-bands.tsv")
            .Select(r => new AgeBand(
                r[0],
                int.Parse(r[1], CultureInfo.InvariantCulture),
                int.Parse(r[2], CultureInfo.InvariantCulture),
                r[3]
            )),
    ];

    /// <exception cref="InvalidDataException">The table has no such place.</exception>
    public static AgeBand Of(string place) =>
        All.FirstOrDefault(b => b.Place == place)
        ?? throw new InvalidDataException(
            $"There are no age bands for '{place}': name one of {string.Join(", ", All.Select(b => b.Place))}."
        );

    /// <summary>The birthday on which the patient comes of age; null when the birth date is no date (PS3.5 DA).</summary>
    public DateOnly? MajorityOf(PatientRecord patient) => Birthday(patient, Majority);

    /// <summary>True from that birthday on, and where the birth date is unknown: nobody gets authority over a grown person by a missing date.</summary>
    public bool IsOfAge(PatientRecord patient, DateOnly today) => !(Birthday(patient, Majority) > today);

    /// <summary>True for a patient who is of age and for a minor who may decide what others see.</summary>
    public bool Decides(PatientRecord patient, DateOnly today) => !(Birthday(patient, Mature) > today);

    private static DateOnly? Birthday(PatientRecord patient, int years) =>
        DayText.Day(patient.BirthDate)?.AddYears(years);
}
