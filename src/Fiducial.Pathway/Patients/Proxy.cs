using System.Globalization;

namespace Fiducial.Pathway.Patients;

/// <summary>Someone, or an application, whom the patient or the law lets act for the patient.</summary>
public sealed class Proxy
{
    public long Id { get; init; }
    public required string PatientId { get; init; }

    /// <summary>Sign-in name of the proxy, or the name of the application.</summary>
    public required string PersonId { get; init; }

    /// <summary>parent, court order, substitute (for a patient without capacity), patient (their own choice), application.</summary>
    public required string Basis { get; init; }
    public required DateOnly From { get; init; }

    /// <summary>Last day; null while it has no end of its own.</summary>
    public DateOnly? Until { get; set; }

    /// <summary>A mature minor has said that this proxy shall not see their results.</summary>
    public bool RestrictedByPatient { get; set; }

    /// <summary>Custody or authority is disputed: nobody acts by it until the privacy officer has decided.</summary>
    public bool Disputed { get; set; }
}

/// <summary>How long a proxy's authority lasts.</summary>
public static class Proxies
{
    /// <summary>Alberta's age of majority (Age of Majority Act).</summary>
    public const int Majority = 18;

    /// <summary>A parent's authority ends by itself when the patient comes of age.</summary>
    public static bool IsValid(Proxy proxy, PatientRecord patient, DateOnly today) =>
        !proxy.Disputed
        && !proxy.RestrictedByPatient
        && proxy.From <= today
        && (proxy.Until is not { } until || today <= until)
        && (proxy.Basis is not "parent" || !IsOfAge(patient, today));

    private static bool IsOfAge(PatientRecord patient, DateOnly today) =>
        !DateOnly.TryParseExact(
            patient.BirthDate,
            "yyyyMMdd",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var born
        )
        || born.AddYears(Majority) <= today;
}
