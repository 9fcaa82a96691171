using Fiducial.Pathway;
using Fiducial.Results.Duty;
using Fiducial.Results.Release;

namespace Fiducial.Results.Tests;

/// <summary>The rows that the doctor's office writes with its steps.</summary>
internal static class Content
{
    public static Func<StepTaken, CancellationToken, Task> Of(Attempt a) =>
        (taken, _) =>
        {
            taken.Db.Add(
                a.Step switch
                {
                    "U9" => new Review
                    {
                        ExamId = taken.Exam.Id,
                        DoctorId = a.Actor.Id,
                        Assessment = LegalSteps.Assessment,
                        Plan = LegalSteps.Plan,
                        RecommendationAnswers = "",
                        At = taken.Entry.At,
                        Hash = Review.HashOf(LegalSteps.Assessment, LegalSteps.Plan, ""),
                    },
                    "U10" => new Discussion
                    {
                        ExamId = taken.Exam.Id,
                        DoctorId = a.Actor.Id,
                        How = "in person",
                        WhoWasPresent = "patient",
                        Interpreter = "none",
                        Notes = "",
                        At = taken.Entry.At,
                        Hash = Discussion.HashOf("in person", "patient", "none", ""),
                    },
                    _ => new PatientNote
                    {
                        ExamId = taken.Exam.Id,
                        DoctorId = a.Actor.Id,
                        DoctorName = a.Actor.Name,
                        ReportVersion = taken.Exam.ReportVersion,
                        Text = LegalSteps.Note,
                        At = taken.Entry.At,
                        Hash = PatientNote.HashOf(LegalSteps.Note),
                    },
                }
            );
            return Task.CompletedTask;
        };
}
