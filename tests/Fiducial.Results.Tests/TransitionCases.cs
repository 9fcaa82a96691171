using System.Text.Json.Nodes;
using Fiducial.Pathway;

namespace Fiducial.Results.Tests;

/// <summary>The cases of the law, one for each step and those that a second guard or row decides.</summary>
internal static class TransitionCases
{
    private const string Requested = "O1 ";
    private const string Protocolled = Requested + "O6 ";
    private const string Scheduled = Protocolled + "O7 ";
    private const string Arrived = Scheduled + "E1 ";
    private const string Started = Arrived + "E3 ";
    private const string Imaged = Started + "I1 I3 I3 ";
    private const string Acquired = Imaged + "E5 ";
    private const string Verified = Acquired + "I6 ";
    private const string Claimed = Verified + "R2 ";
    private const string Drafted = Claimed + "R4 ";
    private const string Signed = Drafted + "R6 ";
    private const string Owed = Signed + "U1 ";
    private const string Acknowledged = Owed + "U2 ";
    private const string Reviewed = Acknowledged + "U9 ";
    private const string Released = Reviewed + "L2 ";
    private const string Sent = Owed + "D1 D2 ";
    private const string Raised = Owed + "A1 ";
    private const string ChildSigned = "child O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 R6 U1 ";
    private const string Disputed = Verified + "I9 ";

    // Every decision about a release names the policy under which it was taken.
    private const string Policy = "policy policyHash";
    private const string AtOnceDrafted = "at-once O6 O7 E1 E3 I1 I3 I3 E5 I6 R2 R4 ";
    private const string AtOnceOwed = AtOnceDrafted + "R6 U1 ";

    /// <summary>One for each step of the law.</summary>
    public static IReadOnlyList<TransitionCase> All { get; } =
    [
        new("O1", "", With("laterality", ""), "name the side"),
        new("O2", "", With("protocolCode", "XR-WRIST"), "without a referral"),
        new("O3", Requested, By(People.Clara), "logistics only"),
        new("O4", Requested + "O3 ", By(People.Clara), "CLK may not"),
        new("O5", Requested, With("pregnancy", ""), "pregnancy"),
        new("O6", Requested, With("renal", "yes"), "renal"),
        new("O7", Protocolled, With("slot", "soon"), "date and time"),
        new("O8", Scheduled, With("reason", ""), "reason of the cancellation"),
        new("O9", Scheduled, As, "thirty minutes", "+31m"),
        new("E1", Scheduled, With("identifiers", new JsonArray("name", "name")), "two identifiers"),
        new("E2", "", Without("emergency"), "emergency"),
        new("E3", Arrived, With("sideConfirmed", false), "confirm the side"),
        new("E4", Imaged, With("reason", "ugly"), "reason of the rejection"),
        new("E5", Imaged, Without("qualityAccepted"), "technical numbers"),
        new("E6", Imaged, With("reason", ""), "why the exam is stopped"),
        new("E7", Verified + "E10 ", With("reason", "the fracture is not seen well"), "technical reason"),
        new("E8", Verified + "E7 ", By(People.Theo), "does not cover"),
        new("E9", Verified + "E7 ", With("note", ""), "declined"),
        new("E10", Acquired, As, "not verified", "I6"),
        new("I1", Started, With("accessionNumber", "other"), "not that of the order"),
        new("I2", Started, With("conflict", ""), "what disagrees"),
        new("I3", Started + "I1 ", With("sha256", "12"), "hash of the image"),
        new("I4", Started + "I1 I3 I3 expect:3 ", As, "within fifteen minutes", "+16m"),
        new("I5", Verified, Without("sopInstanceUid"), "came late"),
        new("I6", Acquired, With("twoCopies", false), "two copies"),
        new("I7", Disputed, Without("originalsKept"), "original headers"),
        new("I8", Disputed, With("proven", "I think so"), "what is proven"),
        new("I9", Verified, With("suspicion", ""), "what is suspected"),
        new("I10", Verified, With("actualHash", new string('a', 64)), "nothing is wrong"),
        new("R1", Acquired, As, "not verified", "verify"),
        new("R2", Verified, By(People.Rhea), "licence is not active"),
        new("R3", Claimed, By(People.Mira), "MDR may not"),
        new("R4", Claimed, By(People.Ravi), "has claimed"),
        new("R5", Drafted, With("urgency", "curiosity"), "urgent need"),
        new("R6", Drafted, With("secondFactor", false), "second factor"),
        new("R7", Drafted, With("reason", "the mass"), "technical reason"),
        new("R8", Signed, With("reason", "because"), "Choose the reason"),
        new("R9", Signed + "R8 rewrite", With("materiality", "administrative"), "is material"),
        new("R10", Signed, Words("notice", ""), "must know"),
        new("R11", Verified + "R2 R4 R6 R10 I9 ", As, "frozen", "I7 I6 B7"),
        new("R12", Signed + "R8 ", With("reason", ""), "not needed"),
        new("D1", Owed, With("recipientId", "otto"), "neither the holder"),
        new("D2", Owed + "D1 ", With("bytesHash", "other"), "signed version"),
        new("D3", Sent, With("reportHash", "other"), "not what was sent"),
        new("D4", Sent, Without("negativeAnswer"), "not tried three times"),
        new("D5", Sent + "D4 ", With("recipientId", "otto"), "after a transfer"),
        new("D6", Sent, With("containment", ""), "destruction"),
        new("D7", Sent + "D6 ", With("privacyInformed", false), "privacy officer"),
        new("U1", Signed, With("holderId", "mira"), "another doctor", Says: "noticeDue"),
        new("U2", Owed, By(People.Otto), "Another doctor holds"),
        new("U3", Owed, As, "has not accepted", "accept"),
        new("U4", Owed, Words("reason", ""), "not your patient"),
        new("U5", Owed + "U4 ", With("holderId", "otto"), "has not accepted"),
        new("U6", Owed, As, "3 business days", "+3bd"),
        new("U7", Owed + "+3bd U6 ", With("viewedHash", ""), "must have been displayed"),
        new("U8", Owed + "+3bd U6 ", With("letter", ""), "letter"),
        new("U9", Acknowledged, With("plan", ""), "assessment and a plan"),
        new("U10", Reviewed, With("present", ""), "who was present"),
        new("U11", Reviewed, As, "not released", "L2"),
        new("U12", Acknowledged, As, "did not change", "withdraw", Says: "noticeDue"),
        new("L1", Owed, As, "has not come", "+10bd"),
        new("L2", Acknowledged, As, "not reviewed", "U9"),
        new("L3", Released + "L11 R8 rewrite R9 ", As, "does not apply yet", "+2bd"),
        new("L4", Owed, With("expires", "2027-11-24T00:00:00Z"), "10 business days at most"),
        new("L5", Owed + "L4 ", As, "has not expired", "+4d"),
        new("L6", Owed + "L4 ", By(People.Clara), "CLK may not", Says: Policy),
        new("L7", Owed, By(People.Stranger), "not yours"),
        new("L8", Owed + "L7 ", Without("holderAnswer"), "cannot block"),
        new("L9", Owed + "L7 ", With("ground", "because"), "statutory ground"),
        new("L10", Owed + "L7 L9 ", With("orderReference", ""), "commissioner"),
        new("L11", Released, By(People.Mother), "not yours"),
        new("L12", Released, As, "did not change", "withdraw", Says: Policy),
        new("L13", Owed, With("election", ""), "do not want"),
        new("L14", Owed + "L13 ", By(People.Stranger), "not yours", Says: Policy),
        new("L15", Owed + "L7 L9 ", With("identityProofed", false), "who they are"),
        new("L16", Owed, With("releaseElection", "after my doctor has read it"), "recorded already"),
        new("A1", Owed, With("category", "4"), "Choose the category"),
        new("A2", Raised, With("target", "the pub"), "critical contact"),
        new("A3", Raised + "A2 ", Words("readBack", "nothing of note"), "is not the message"),
        new("A4", Raised + "A2 ", As, "still has time", "+61m"),
        new("A5", Raised + "+61m A4 ", Without("holderTold"), "must be told"),
        new("A6", Raised + "+61m A4 ", With("personRole", "receptionist"), "goes to a doctor"),
        new("A7", Raised, Words("reason", ""), "stood down"),
        new("A8", Owed + "raise:3 A2 ", With("viewedHash", ""), "must have been displayed"),
        new("A9", Raised + "A7 ", With("code", "interesting"), "Choose the code"),
        new("N1", Started, With("note", "pneumothorax"), "no words"),
        new("N2", Started + "N1 ", Without("opensFullImages"), "full images"),
        new("N3", Started + "N1 N2 ", With("instruction", "tell her it is broken"), "one of the instructions"),
        new("N4", Started + "N1 ", As, "ten minutes each", "+20m"),
        new("F1", Owed, With("intervalDays", 0), "interval"),
        new("F2", Owed + "F1 ", With("dueAt", "2020-01-01T00:00:00Z"), "still to come"),
        new("F3", Owed + "F1 ", Words("reason", ""), "clinical reason"),
        new("F4", Owed + "F1 F2 ", With("externalOrder", ""), "no such order"),
        new("F5", Owed + "F1 F2 ", With("timer", ""), "timer says"),
        new("F6", Owed + "F1 F2 ", With("documentedElsewhere", ""), "not signed"),
        new("F7", Owed + "F1 F2 F5 ", Words("reason", ""), "reason"),
        new("F8", Owed + "F1 F2 F5 ", With("dueAt", ""), "still to come"),
        new("B1", Owed, By(People.Tessa), "TECH may not"),
        new("B2", Owed + "B1 ", As, "four hours", "+4h"),
        new("B3", Owed, With("intoPatientId", "P1"), "two identifiers"),
        new("B4", Owed + "B3 ", With("recomputed", false), "computed again"),
        new("B5", Owed, With("suspicion", ""), "what is suspected"),
        new("B8", Owed + "B1 ", With("outcome", "fine"), "what the review came to"),
        new("B9", Owed + "B6 ", With("orderReference", ""), "that ends the hold"),
        new("B6", Owed, With("orderReference", ""), "order or the request"),
        new("B7", Owed + "I9 ", As, "not verified for this patient", "I7 I6"),
    ];

    /// <summary>What a second guard of a step, or a second row between regions, decides alone.</summary>
    public static IReadOnlyList<TransitionCase> Further { get; } =
    [
        new("O1", "", With("releaseElection", "whenever"), "how the result shall be released"),
        new("O2", "", With("releaseElection", "whenever"), "how the result shall be released"),
        new("I7", Disputed, Without("secondPersonId"), "A second person", Take: AsAnotherPatients),
        new("R6", AtOnceDrafted, With("secondFactor", false), "second factor", Policy: "ca-ab", Says: "releaseDue"),
        new(
            "R9",
            AtOnceOwed + "R8 rewrite",
            With("materiality", "administrative"),
            "is material",
            Policy: "ca-ab",
            Says: "releaseDue"
        ),
        new("R11", Signed + "withdraw:patient", As, "for the right patient", "I9 I7 I6 B7"),
        new("U9", AtOnceOwed + "U2 ", With("plan", ""), "a plan", Policy: "ca-ab", Says: "releaseDue"),
        new("U10", AtOnceOwed + "U2 U9 ", With("present", ""), "who was present", Policy: "ca-ab", Says: "releaseDue"),
        new("U11", Reviewed + "L2 ", By(People.Otto), "Another doctor holds"),
        new("U11", Reviewed + "I9 R10 I8 B7 U2 U9 ", Without("notNeeded"), "not released to the patient"),
        new("L2", Reviewed, Without("noteHash"), "a note in plain words"),
        new("L7", Owed, Without("identityProofed"), "who they are"),
        new("L11", Released, Without("receipt"), "no receipt"),
        new("B1", Owed, Without("treatingNow"), "treats this patient now"),
        new("B7", Owed + "I9 I7 I6 ", Without("attestedById"), "must attest"),
        // Nothing is released to either side of a dispute about custody (G18).
        new("L2", ChildSigned + "parents U2 U9 dispute", As, "disputed", "decide"),
        new("L3", ChildSigned + "parents U2 U9 L2 R8 rewrite R9 +2bd dispute", As, "disputed", "decide"),
        new("L8", ChildSigned + "parents ask dispute", As, "disputed", "decide"),
        new("L10", ChildSigned + "parents ask L9 dispute", As, "disputed", "decide"),
    ];

    public static IEnumerable<TransitionCase> Whole => All.Concat(Further);

    private static Attempt As(Attempt legal) => legal;

    private static Attempt AsAnotherPatients(Attempt legal)
    {
        legal.Evidence["after"] = LegalSteps.Header("P2");
        legal.Evidence["secondPersonId"] = People.Mira.Id;
        return legal;
    }

    private static Func<Attempt, Attempt> By(Actor actor) => a => a with { Actor = actor };

    private static Func<Attempt, Attempt> With(string key, JsonNode value) =>
        a =>
        {
            a.Evidence[key] = value.DeepClone();
            return a;
        };

    private static Func<Attempt, Attempt> Without(string key) =>
        a =>
        {
            a.Evidence.Remove(key);
            return a;
        };

    private static Func<Attempt, Attempt> Words(string key, string value) =>
        a =>
            a with
            {
                Words = new JsonObject(a.Words!.Select(w => KeyValuePair.Create(w.Key, w.Value?.DeepClone())))
                {
                    [key] = value,
                },
            };
}
