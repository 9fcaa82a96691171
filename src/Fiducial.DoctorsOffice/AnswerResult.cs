using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Rooms;
using Fiducial.Results.Duty;
using Fiducial.Results.Release;
using Microsoft.AspNetCore.Http;

namespace Fiducial.DoctorsOffice;

/// <summary>What the responsible doctor does with a result: read, decide, talk, release, close.</summary>
public sealed class AnswerResult(PathwayEngine pathway, IWordKeeper keeper, BusinessCalendar calendar)
{
    /// <summary>How a patient is tried to be reached.</summary>
    public static IReadOnlyList<string> WaysToReach { get; } = ["telephone", "text message", "e-mail", "visit"];

    private readonly BusinessCalendar _calendar = calendar;

    public Task<StepOutcome> AcknowledgeAsync(
        Guid exam,
        Actor doctor,
        string viewedHash,
        CancellationToken ct = default
    ) => pathway.TakeAsync(new StepRequest(exam, "U2", doctor, new JsonObject { ["viewedHash"] = viewedHash }), ct);

    public Task<StepOutcome> ReviewAsync(
        Guid exam,
        Actor doctor,
        string assessment,
        string plan,
        IReadOnlyList<string> answers,
        CancellationToken ct = default
    )
    {
        var joined = string.Join('\n', answers);
        var evidence = new JsonObject
        {
            ["historyShown"] = true,
            ["assessment"] = assessment,
            ["plan"] = plan,
            ["recommendationAnswers"] = new JsonArray([.. answers.Select(a => JsonValue.Create(a))]),
            ["reviewHash"] = Review.HashOf(assessment, plan, joined),
        };
        return pathway.TakeAsync(
            new StepRequest(exam, "U9", doctor, evidence)
            {
                Within = (taken, c) =>
                {
                    taken.Db.Add(
                        new Review
                        {
                            ExamId = exam,
                            DoctorId = doctor.Id,
                            Assessment = assessment,
                            Plan = plan,
                            RecommendationAnswers = joined,
                            At = taken.Entry.At,
                            Hash = Review.HashOf(assessment, plan, joined),
                        }
                    );
                    return KeepDraft.ForgetAsync(taken.Db, exam, "review", doctor.Id, c);
                },
            },
            ct
        );
    }

    public Task<StepOutcome> DiscussAsync(
        Guid exam,
        Actor doctor,
        string how,
        string present,
        string interpreter,
        string notes,
        CancellationToken ct = default
    )
    {
        var hash = Discussion.HashOf(how, present, interpreter, notes);
        var evidence = new JsonObject
        {
            ["how"] = how,
            ["present"] = present,
            ["interpreter"] = interpreter,
            ["discussionHash"] = hash,
        };
        return pathway.TakeAsync(
            new StepRequest(exam, "U10", doctor, evidence)
            {
                Within = (taken, c) =>
                {
                    taken.Db.Add(
                        new Discussion
                        {
                            ExamId = exam,
                            DoctorId = doctor.Id,
                            How = how,
                            WhoWasPresent = present,
                            Interpreter = interpreter,
                            Notes = notes,
                            At = taken.Entry.At,
                            Hash = hash,
                        }
                    );
                    return KeepDraft.ForgetAsync(taken.Db, exam, "discussion", doctor.Id, c);
                },
            },
            ct
        );
    }

    /// <summary>Three attempts in vain, and a letter (U10): the letter is kept with the step, the ledger has its hash.</summary>
    public Task<StepOutcome> WriteLetterAsync(
        Guid exam,
        Actor doctor,
        IReadOnlyList<(DateTimeOffset? At, string How)> attempts,
        string letter,
        CancellationToken ct = default
    )
    {
        const string how = "letter after three attempts";
        var made = attempts.Where(a => a.At is not null).ToList();
        var notes = string.Join('\n', made.Select(a => $"{_calendar.Show(a.At)}: {a.How}"));
        var words = new JsonObject { ["letter"] = letter };
        var hash = Discussion.HashOf(how, "nobody", "none", notes);
        var evidence = new JsonObject
        {
            ["failedContacts"] = new JsonArray([
                .. made.Select(a => new JsonObject
                {
                    ["at"] = a.At!.Value.ToString("O", CultureInfo.InvariantCulture),
                    ["how"] = a.How,
                }),
            ]),
            ["discussionHash"] = hash,
        };
        return pathway.TakeAsync(
            new StepRequest(exam, "U10", doctor, evidence)
            {
                Words = words,
                Within = async (taken, c) =>
                {
                    await keeper.Keep(words)(taken, c);
                    taken.Db.Add(
                        new Discussion
                        {
                            ExamId = exam,
                            DoctorId = doctor.Id,
                            How = how,
                            WhoWasPresent = "nobody",
                            Interpreter = "none",
                            Notes = notes,
                            At = taken.Entry.At,
                            Hash = hash,
                        }
                    );
                    await KeepDraft.ForgetAsync(taken.Db, exam, "discussion", doctor.Id, c);
                },
            },
            ct
        );
    }

    public Task<StepOutcome> ReleaseAsync(Guid exam, Actor doctor, string note, CancellationToken ct = default)
    {
        var evidence = new JsonObject
        {
            ["noteHash"] = string.IsNullOrWhiteSpace(note) ? "" : PatientNote.HashOf(note),
            ["decision"] = "release",
        };
        return pathway.TakeAsync(
            new StepRequest(exam, "L2", doctor, evidence)
            {
                Within = (taken, c) =>
                {
                    taken.Db.Add(
                        new PatientNote
                        {
                            ExamId = exam,
                            DoctorId = doctor.Id,
                            DoctorName = doctor.Name,
                            ReportVersion = taken.Exam.ReportVersion,
                            Text = note,
                            At = taken.Entry.At,
                            Hash = PatientNote.HashOf(note),
                        }
                    );
                    return KeepDraft.ForgetAsync(taken.Db, exam, "release", doctor.Id, c);
                },
            },
            ct
        );
    }

    public Task<StepOutcome> CloseAsync(Guid exam, Actor doctor, CancellationToken ct = default) =>
        pathway.TakeAsync(new StepRequest(exam, "U11", doctor, []), ct);

    internal static async Task<IResult> FromFormAsync(
        Guid exam,
        string step,
        IFormCollection form,
        HttpContext http,
        AnswerResult answer,
        CancellationToken ct
    )
    {
        var doctor = http.Actor();
        string Text(string key) => form[key].ToString().Trim();
        var outcome = step switch
        {
            "acknowledge" => await answer.AcknowledgeAsync(exam, doctor, Text("viewedHash"), ct),
            "review" => await answer.ReviewAsync(
                exam,
                doctor,
                Text("assessment"),
                Text("plan"),
                [.. form["answer"].Select(a => a ?? "")],
                ct
            ),
            "discussion" => await answer.DiscussAsync(
                exam,
                doctor,
                Text("how"),
                Text("present"),
                Text("interpreter"),
                Text("notes"),
                ct
            ),
            "not-reached" => await answer.WriteLetterAsync(
                exam,
                doctor,
                [
                    .. Enumerable
                        .Range(1, 3)
                        .Select(i => (StepForm.Moment(Text($"at{i}"), answer._calendar), Text($"how{i}"))),
                ],
                Text("letter"),
                ct
            ),
            "release" => await answer.ReleaseAsync(exam, doctor, Text("note"), ct),
            _ => await answer.CloseAsync(exam, doctor, ct),
        };
        return Refusals.Back($"/office/exams/{exam}", outcome, http, form);
    }
}
