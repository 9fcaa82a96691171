using System.Text.Json.Nodes;

namespace Fiducial.Proofs.TwinWorlds;

/// <summary>Two worlds with the same past that differ in a result alone.</summary>
/// <param name="Name">The difference in words.</param>
/// <param name="From">How far the exam had come when the worlds parted.</param>
/// <param name="ForPatient">True when the patient, too, may not tell them apart: both worlds stand before the release, equally far.</param>
internal sealed record Pair(
    string Name,
    Chapter From,
    bool ForPatient,
    Func<ClinicInABox, Guid, Task> Here,
    Func<ClinicInABox, Guid, Task> There
)
{
    public static IReadOnlyList<Pair> All { get; } =
    [
        new(
            "a normal report and an abnormal one",
            Chapter.Departed,
            true,
            (w, e) => w.SignsAsync(e),
            (w, e) => w.SignsAsync(e, Abnormal)
        ),
        new(
            "a short report and a long one",
            Chapter.Departed,
            true,
            (w, e) => w.SignsAsync(e),
            (w, e) => w.SignsAsync(e, Long)
        ),
        new("unread images and a signed report", Chapter.Departed, false, Nothing, (w, e) => w.SignsAsync(e)),
        new(
            "images that were looked at and a report that is being written",
            Chapter.Departed,
            true,
            LookAsync,
            WriteAsync
        ),
        new(
            "a report without alert and one with a critical finding that was read back",
            Chapter.Signed,
            true,
            Nothing,
            (w, e) => w.AlertsAsync(e, "1", isReadBack: true)
        ),
        new(
            "an alert of the most urgent category and one of the least",
            Chapter.Signed,
            true,
            (w, e) => w.AlertsAsync(e, "1", isReadBack: false),
            (w, e) => w.AlertsAsync(e, "3", isReadBack: false)
        ),
        new(
            "one version and four of them",
            Chapter.Signed,
            true,
            Nothing,
            async (w, e) =>
            {
                await w.AddsAsync(e, "No fracture is seen. The wrist is normal.", "administrative");
                await w.AddsAsync(e, "No fracture is seen. The wrist is quite normal.", "administrative");
                await w.AddsAsync(e, "No fracture is seen. The wrist is quite normal indeed.", "administrative");
            }
        ),
        new(
            "no addendum and a material one",
            Chapter.Signed,
            true,
            Nothing,
            (w, e) => w.AddsAsync(e, "A fracture is seen.", "material")
        ),
        new(
            "images that were looked at and a preliminary report",
            Chapter.Departed,
            true,
            LookAsync,
            async (w, e) =>
            {
                await WriteAsync(w, e);
                await w.IssuesPreliminaryAsync(e);
            }
        ),
        new(
            "a report that stands and one that was withdrawn",
            Chapter.Signed,
            true,
            Nothing,
            (w, e) => w.WithdrawsAsync(e)
        ),
        new(
            "images alone and a structured report of the modality with them",
            Chapter.Imaged,
            true,
            (w, e) => w.ContinueAsync(e, Chapter.Completed, Chapter.Departed),
            async (w, e) =>
            {
                await w.SendsReportObjectAsync(e, "Measurements");
                await w.ContinueAsync(e, Chapter.Completed, Chapter.Departed);
            }
        ),
        new(
            "a study without and with the result of a program that looks for findings",
            Chapter.Departed,
            true,
            Nothing,
            (w, e) => w.SendsReportObjectAsync(e, "Fracture suspected")
        ),
        new(
            "a duty that is held and one that is disputed",
            Chapter.Signed,
            true,
            Nothing,
            (w, e) => w.TakesAsync(e, "U4", Deeds.Rita, [], new JsonObject { ["reason"] = "never seen" })
        ),
        new(
            "a duty that is held and one that was given back and that another has",
            Chapter.Signed,
            true,
            Nothing,
            async (w, e) =>
            {
                await w.TakesAsync(e, "U4", Deeds.Rita, [], new JsonObject { ["reason"] = "never seen" });
                await w.TakesAsync(e, "U5", Deeds.Mona, new JsonObject { ["holderId"] = "mona" });
            }
        ),
        new(
            "a duty not yet taken up and one reviewed and discussed",
            Chapter.Signed,
            true,
            Nothing,
            (w, e) => w.ContinueAsync(e, Chapter.Read, Chapter.Discussed)
        ),
        new(
            "no hold and a doctor's hold",
            Chapter.Signed,
            true,
            Nothing,
            (w, e) =>
                w.TakesAsync(
                    e,
                    "L4",
                    Deeds.Rita,
                    new JsonObject { ["expires"] = w.Clock.GetUtcNow().AddDays(3).ToString("O", null) },
                    new JsonObject { ["reason"] = "to be told in person" }
                )
        ),
        new(
            "no recommendation and a follow-up recommended",
            Chapter.Signed,
            true,
            Nothing,
            (w, e) =>
                w.TakesAsync(
                    e,
                    "F1",
                    Deeds.Rado,
                    new JsonObject
                    {
                        ["what"] = "CT chest",
                        ["condition"] = "nodule 7 mm",
                        ["intervalDays"] = 90,
                    }
                )
        ),
        new(
            "a release with a short note and one with a long note",
            Chapter.Signed,
            false,
            (w, e) => w.ReleasesAsync(e, "All is well."),
            (w, e) =>
                w.ReleasesAsync(e, string.Join(' ', Enumerable.Repeat("There is a fine crack in your wrist.", 40)))
        ),
        new(
            "a report kept back and one that was released",
            Chapter.Signed,
            false,
            Nothing,
            (w, e) => w.ReleasesAsync(e, "All is well.")
        ),
    ];

    private static JsonObject Abnormal =>
        Deeds.Report("A lucent line crosses the distal radius.", "Hairline fracture.");

    private static JsonObject Long =>
        Deeds.Report(
            string.Join(' ', Enumerable.Repeat("The carpal bones are in line and their joint spaces are even.", 400)),
            "Normal wrist."
        );

    public override string ToString() => Name;

    private static Task Nothing(ClinicInABox world, Guid exam) => Task.CompletedTask;

    // Who looked, and when, is the patient's to know at once (/my/who-looked); what came of it is not.
    private static Task LookAsync(ClinicInABox world, Guid exam) =>
        world.Radiologist.Opens($"/reading-room/exams/{exam}");

    private static async Task WriteAsync(ClinicInABox world, Guid exam)
    {
        await world.Radiologist.Claims(exam);
        await world.Radiologist.Writes(exam, Abnormal);
    }
}
