namespace Fiducial.Tests;

/// <summary>How far an exam of a story has come.</summary>
public enum Chapter
{
    /// <summary>The doctor has referred, and the order is protocolled.</summary>
    Referred,
    Booked,
    Arrived,
    Started,

    /// <summary>Both views have arrived.</summary>
    Imaged,

    /// <summary>Completed; the transfer is verified and the exam is on the reading list.</summary>
    Completed,
    Departed,
    Claimed,

    /// <summary>The report is written and every image was looked at.</summary>
    Written,

    /// <summary>Signed, and delivered to the doctor.</summary>
    Signed,
    Read,
    Reviewed,
    Discussed,
    Released,

    /// <summary>The patient has opened the result.</summary>
    Viewed,
    Closed,
}

/// <summary>The main line of the pathway, told by the people who walk it: each step over HTTP or DICOM.</summary>
public static class Story
{
    /// <summary>A new exam of a left wrist, brought as far as this.</summary>
    public static async Task<Guid> ExamAsync(this ClinicInABox clinic, Chapter until, Patient? patient = null)
    {
        patient ??= clinic.Patient;
        var exam = await clinic.Referrer.Refers(patient.PatientId);
        await clinic.WaitAsync(exam, e => e.Order is "protocolled");
        await clinic.ContinueAsync(exam, Chapter.Booked, until, patient);
        return exam;
    }

    /// <summary>Brings an exam from one chapter to another, both included.</summary>
    public static async Task ContinueAsync(
        this ClinicInABox clinic,
        Guid exam,
        Chapter from,
        Chapter until,
        Patient? patient = null
    )
    {
        for (var chapter = from; chapter <= until; chapter++)
        {
            await (
                chapter switch
                {
                    Chapter.Booked => clinic.Clerk.Books(exam),
                    Chapter.Arrived => clinic.Clerk.Receives(exam),
                    Chapter.Started => clinic.Technologist.Starts(exam),
                    Chapter.Imaged => clinic.Modality.Sends(exam, "PA", "LATERAL"),
                    Chapter.Completed => CompleteAsync(clinic, exam),
                    Chapter.Departed => clinic.Technologist.LetsDepart(exam),
                    Chapter.Claimed => clinic.Radiologist.Claims(exam),
                    Chapter.Written => WriteAsync(clinic, exam),
                    Chapter.Signed => SignAsync(clinic, exam),
                    Chapter.Read => clinic.Referrer.Reads(exam),
                    Chapter.Reviewed => clinic.Referrer.Reviews(exam),
                    Chapter.Discussed => clinic.Referrer.Discusses(exam),
                    Chapter.Released => clinic.Referrer.Releases(exam),
                    Chapter.Viewed => (patient ?? clinic.Patient).OpensResult(exam),
                    Chapter.Closed => clinic.Referrer.Closes(exam),
                    _ => throw new ArgumentOutOfRangeException(
                        nameof(from),
                        from,
                        "A story goes on after the referral."
                    ),
                }
            );
        }
    }

    private static async Task CompleteAsync(ClinicInABox clinic, Guid exam)
    {
        await clinic.Technologist.Completes(exam);
        await clinic.WaitAsync(exam, e => e.Report is "unread");
    }

    private static async Task WriteAsync(ClinicInABox clinic, Guid exam)
    {
        await clinic.Radiologist.Writes(exam);
        await clinic.Radiologist.LooksAtEverything(exam);
    }

    private static async Task SignAsync(ClinicInABox clinic, Guid exam)
    {
        await clinic.Radiologist.Signs(exam);
        await clinic.WaitAsync(exam, e => e.Delivery is "received");
    }
}
