using Fiducial.Pathway.Law;

namespace Fiducial.Pathway.Places;

/// <summary>What is done in the part of the clinic where a workstation stands (pathway 6.3, note 1: the role is bound to the device zone).</summary>
public enum Zone
{
    /// <summary>No workstation of the clinic: a doctor's practice, a patient's home, a browser that nobody has enrolled.</summary>
    Outside,
    ExamRoom,
    ReadingRoom,
    FrontDesk,
    Office,
}

public static class Zones
{
    /// <summary>Where a workstation can stand.</summary>
    public static readonly IReadOnlyList<Zone> OfTheClinic =
    [
        Zone.ExamRoom,
        Zone.ReadingRoom,
        Zone.FrontDesk,
        Zone.Office,
    ];

    /// <summary>Whether a session in this role can be at a workstation of the zone.</summary>
    public static bool Offers(this Zone zone, Role role) =>
        zone switch
        {
            // A physician who comes to the room has there what a technologist has, and no more.
            Zone.ExamRoom => role is Role.TECH or Role.RES or Role.RAD or Role.MDR,
            Zone.ReadingRoom => role is Role.RES or Role.RAD or Role.MDR or Role.PHY,
            Zone.FrontDesk => role is Role.CLK or Role.CRD,
            Zone.Office => role is not (Role.TECH or Role.PAT or Role.PRX or Role.APP),
            _ => true,
        };

    public static string Words(this Zone zone) =>
        zone switch
        {
            Zone.ExamRoom => "exam room",
            Zone.ReadingRoom => "reading room",
            Zone.FrontDesk => "front desk",
            Zone.Office => "office",
            _ => "outside",
        };

    /// <summary>The zone of a word as <see cref="Words"/> says it; null when it is none of the clinic's.</summary>
    public static Zone? Of(string words) =>
        OfTheClinic.Where(z => z.Words() == words).Select(z => (Zone?)z).FirstOrDefault();
}
