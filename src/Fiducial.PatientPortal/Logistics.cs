using Fiducial.Foundation.Calendar;
using Fiducial.Pathway.Exams;

namespace Fiducial.PatientPortal;

/// <summary>
/// All that the patient's page may know of an exam before release: C0, and the patient's own words of the order. The page is made
/// from this and from nothing else, so that it looks the same whatever the pictures show (INV11).
/// </summary>
public sealed record Logistics
{
    public required Guid Id { get; init; }
    public required string What { get; init; }
    public required string AccessionNumber { get; init; }
    public required string Order { get; init; }
    public required string Exam { get; init; }
    public required string Doctor { get; init; }
    public required string Holder { get; init; }
    public required string Room { get; init; }
    public required string Choice { get; init; }
    public required DateTimeOffset? Requested { get; init; }
    public required DateTimeOffset? Booked { get; init; }
    public required DateTimeOffset? Arrived { get; init; }
    public required DateTimeOffset? Taken { get; init; }
    public required DateTimeOffset? Written { get; init; }
    public required DateTimeOffset? Delivered { get; init; }
    public required DateTimeOffset? Shared { get; init; }
    public required DateTimeOffset? Promise { get; init; }
    public required bool IsOpen { get; init; }

    /// <summary>What the patient did themselves: asked for their records, was refused, or does not want to see the result; else empty.</summary>
    public required string OwnAct { get; init; }

    /// <param name="exam">Of the patient.</param>
    /// <param name="first">The first report that was sent; null when none is known.</param>
    public static Logistics Of(ExamRecord exam, FirstReport? first = null) =>
        new()
        {
            Id = exam.Id,
            What = Wording.What(exam),
            AccessionNumber = exam.AccessionNumber,
            Order = exam.Order,
            Exam = exam.Exam,
            Doctor = exam.ResponsibleDoctorName,
            Holder =
                exam.Phase is Pathway.Law.Phase.L && exam.HolderName.Length > 0 ? exam.HolderName
                : first is { To.Length: > 0 } ? first.To
                : exam.ResponsibleDoctorName,
            Room = exam.Room,
            Choice = exam.ReleaseElection,
            Requested = exam.RequestedAt,
            Booked = exam.ScheduledAt,
            Arrived = exam.ArrivedAt,
            Taken = exam.CompletedAt,
            Written = exam.SignedAt,
            Delivered = first?.At ?? exam.DeliveredAt,
            Shared = exam.ReleasedAt,
            Promise = exam.PromiseLimit,
            IsOpen = exam.Phase is Pathway.Law.Phase.L,
            // Nothing else of the release: whether it is held is not for this page (C4).
            OwnAct = exam.Release is "requested" or "refused" or "declined" ? exam.Release : "",
        };
}

/// <summary>Where the exam is now, who has it, what comes next and by when, in the patient's words.</summary>
public sealed record WhereItIs(string Now, string Who, string Next, DateTimeOffset? By)
{
    /// <param name="x">The exam.</param>
    /// <param name="expected">From the arrival of the report to the day that the site's policy names for the next news.</param>
    /// <param name="calendar">The site's.</param>
    public static WhereItIs Of(
        Logistics x,
        Func<DateTimeOffset, BusinessCalendar, DateTimeOffset> expected,
        BusinessCalendar calendar
    ) =>
        x switch
        {
            { Order: "cancelled" } => new(
                "This exam was cancelled.",
                "Nobody",
                $"If you do not know why, call the practice of {x.Doctor}.",
                null
            ),
            { IsOpen: true } => new(
                "Your result is open for you.",
                "You",
                "Read it when you like. Bring your questions to your doctor.",
                null
            ),
            { Delivered: { } at } => new(
                $"{x.Holder} has the report.",
                x.Holder,
                $"{x.Holder} reads it, looks at your history, and talks with you.",
                expected(at, calendar)
            ),
            { Written: not null } => new(
                $"The report is on its way to {x.Holder}.",
                "The clinic",
                $"{x.Holder} gets the report.",
                x.Promise
            ),
            { Exam: "aborted" } => new(
                "The exam was stopped before its end.",
                $"The practice of {x.Doctor}",
                "Your doctor talks with you about what to do now.",
                null
            ),
            { Taken: not null } => new(
                "Your pictures are with our radiologists.",
                "A radiologist, a doctor who reads pictures",
                $"A radiologist reads them and sends a report to {x.Doctor}.",
                x.Promise
            ),
            { Exam: "in_progress" } => new(
                "Your pictures are being taken.",
                "The technologist",
                "When all views are there, your pictures go to our radiologists.",
                null
            ),
            { Arrived: not null } => new(
                "You are here. We call you in soon.",
                "The technologist",
                "The technologist asks for your name and birth date once more, then takes your pictures.",
                null
            ),
            { Order: "scheduled" } => new(
                "Your exam is booked.",
                "The clinic",
                $"Come to {x.Room}. Bring your health card or a photo card.",
                x.Booked
            ),
            { Order: "protocolled" } => new(
                "We are looking for a time for you.",
                "Our front desk",
                "The front desk books a time with you.",
                null
            ),
            _ => new(
                $"{x.Doctor} has asked for this exam.",
                "Our radiologists",
                "We check that the exam is right and safe for you. Then we book a time with you.",
                x.Requested is { } asked ? At(calendar, asked, 1) : null
            ),
        };

    private static DateTimeOffset At(BusinessCalendar calendar, DateTimeOffset from, int businessDays) =>
        calendar.At(
            calendar.AddBusinessDays(calendar.OnOrAfter(calendar.LocalDate(from)), businessDays),
            new TimeOnly(17, 0)
        );
}
