using System.Text.Json;
using System.Text.Json.Serialization;
using Fiducial.Pathway.Law;

namespace Fiducial.Results.Release;

/// <summary>
/// One release policy as data (pathway 3.1), as its file <c>packs/NAME.json</c> says it: a whole pack, or an overlay that adds the law
/// of one state to the pack that it names in <see cref="Over"/>.
/// </summary>
public sealed record ReleasePack
{
    public required string Name { get; init; }

    /// <summary>major.minor; raised with every change, and written with each decision.</summary>
    public required string Version { get; init; }
    public required string Title { get; init; }

    /// <summary>The pack that this overlay lies over; empty for a whole pack.</summary>
    public string Over { get; init; } = "";

    /// <summary>State or country whose law it is; two overlays of two places exclude each other.</summary>
    public string Place { get; init; } = "";

    /// <summary>When the report opens if nothing before it decides; null in an overlay.</summary>
    public Opening? Opens { get; init; }
    public IReadOnlyList<Election> Elections { get; init; } = [];
    public HoldRule? Hold { get; init; }
    public IReadOnlyList<MandatoryRelease> MandatoryReleases { get; init; } = [];
    public IReadOnlyList<MandatoryHold> MandatoryHolds { get; init; } = [];
    public IReadOnlyList<NoticeRule> Notices { get; init; } = [];

    /// <summary>Business days after which a corrected version opens to a patient who had the earlier one (G1).</summary>
    public int CorrectedBusinessDays { get; init; }

    /// <summary>Days in which a formal request is decided, and business days in which the holder is heard about it.</summary>
    public int AccessDays { get; init; }
    public int ConsultBusinessDays { get; init; }

    /// <summary>Whom to call in an emergency; stands on every page of the patient.</summary>
    public string EmergencyLine { get; init; } = "";

    /// <summary>What the doctor tells the patient at the referral, before any picture is taken.</summary>
    public string PreCounselling { get; init; } = "";

    /// <summary>Sentences that every waiting patient may read, whatever the report says.</summary>
    public IReadOnlyList<string> PatientIsTold { get; init; } = [];

    /// <summary>Stands above a report that no doctor released.</summary>
    public string Disclaimer { get; init; } = "";

    private static readonly JsonSerializerOptions AsWritten = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <exception cref="InvalidDataException">The text is no pack; the sentence says which pack and why.</exception>
    public static ReleasePack Parse(string name, ReadOnlySpan<byte> json)
    {
        try
        {
            var pack = JsonSerializer.Deserialize<ReleasePack>(json, AsWritten)!;
            return pack.Name == name
                ? pack
                : throw new InvalidDataException($"The release pack '{name}' calls itself '{pack.Name}'.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The release pack '{name}' cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>When a signed report opens to the patient by default.</summary>
/// <param name="By"><c>doctor</c>: when the doctor opens it; <c>signature</c>: at once; <c>days</c>: so many days after the signature.</param>
/// <param name="SiteDays">Least and most days that a site may choose instead; empty when it may not.</param>
/// <param name="Says">The same to a patient who waits.</param>
public sealed record Opening(string By, string Says, int Days = 0, IReadOnlyList<int>? SiteDays = null);

/// <summary>What a patient may wish at the referral.</summary>
/// <param name="Words">The wish in the patient's words; it is recorded so.</param>
/// <param name="Opens"><c>doctor</c>: when the doctor opens it; <c>review</c>: after the review, or on the day that the patient picked; <c>signature</c>: at once; <c>default</c>: no wish of their own.</param>
public sealed record Election(string Words, string Opens, string Says, bool PicksDate = false);

/// <summary>An individual clinical hold (L4).</summary>
/// <param name="Standard">What the doctor must attest; empty when a reason is enough.</param>
public sealed record HoldRule(IReadOnlyList<Role> By, int AtMostBusinessDays, int Renewals, string Standard = "");

/// <summary>A law that opens the report whatever else is said.</summary>
/// <param name="Modalities">Of the exam; empty for all.</param>
/// <param name="Days">Counted from the exam.</param>
/// <param name="Findings">Findings to which it applies; empty for all.</param>
/// <param name="Tell">What a patient can learn from this rule about a result: it must be said when it asks for findings.</param>
public sealed record MandatoryRelease(
    string Id,
    string Law,
    int Days,
    IReadOnlyList<string>? Modalities = null,
    IReadOnlyList<string>? Findings = null,
    string Tell = ""
);

/// <summary>A law that keeps some reports shut for a time, unless a doctor opens them before.</summary>
/// <param name="Findings">Findings to which it applies (<see cref="ReleaseFacts.Findings"/>).</param>
/// <param name="Hours">Counted from the signature.</param>
/// <param name="EndsWithDiscussion">It ends too when the doctor has talked with the patient (U10).</param>
/// <param name="Tell">What a patient can learn from this rule about a result.</param>
public sealed record MandatoryHold(
    string Id,
    string Law,
    IReadOnlyList<string> Findings,
    int Hours,
    string Tell,
    bool EndsWithDiscussion = false
);

/// <summary>A notice in fixed words that a result is with the doctor (L1).</summary>
/// <param name="BusinessDays">After the doctor got the duty; or else <paramref name="Days"/>.</param>
/// <param name="Tell">What a patient can learn from it about a result: it must be said when it asks for findings.</param>
public sealed record NoticeRule(
    string Id,
    string Law,
    int BusinessDays = 0,
    int Days = 0,
    IReadOnlyList<string>? Findings = null,
    string Tell = ""
);
