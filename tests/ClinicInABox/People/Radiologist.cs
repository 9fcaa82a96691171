using System.Net;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Tests;

/// <summary>The radiologist in the reading room.</summary>
public sealed class Radiologist(ClinicInABox clinic, string name) : Person(clinic, name)
{
    // A code opens once: this one pair of hands reads it and types it before it reads the next.
    private readonly SemaphoreSlim _hands = new(1);

    /// <summary>A report that says something which no other page of the clinic says.</summary>
    public static JsonObject Report =>
        new()
        {
            ["clinicalInformation"] = "Fall on the hand.",
            ["technique"] = "Two views.",
            ["comparison"] = "None.",
            ["findings"] = "A lucent line crosses the distal radius.",
            ["impression"] = "Hairline fracture.",
            ["recommendations"] = "Repeat the radiograph in ten days",
        };

    public Task Protocols(Guid exam) =>
        Taken(
            FillsIn(
                "/reading-room",
                $"/reading-room/exams/{exam}/protocol",
                ("appropriateness", "indicated"),
                ("guidance", "standard")
            )
        );

    public Task Claims(Guid exam) => Taken(FillsIn($"/reading-room/exams/{exam}", $"/reading-room/exams/{exam}/claim"));

    /// <summary>Saves the draft, as the page does while it is typed.</summary>
    /// <param name="revision">The revision that the writer has before them.</param>
    public Task<Page> Writes(Guid exam, JsonObject? report = null, int revision = 0) =>
        SendsJson(
            HttpMethod.Put,
            $"/reading-room/exams/{exam}/draft",
            new JsonObject { ["revision"] = revision, ["sections"] = report ?? Report }
        );

    /// <summary>Has every image on the screen at 1:1, as the viewer reports it.</summary>
    public async Task LooksAtEverything(Guid exam)
    {
        var images = await Clinic.InDatabaseAsync(db =>
            db.Set<ImageRecord>().AsNoTracking().Where(i => i.ExamId == exam).ToListAsync()
        );
        var seen = images.Select(i => new JsonObject
        {
            ["sopInstanceUid"] = i.SopInstanceUid,
            ["frames"] = i.NumberOfFrames,
            ["framesSeen"] = i.NumberOfFrames,
            ["share"] = 1.0,
        });
        var answer = await SendsJson(
            HttpMethod.Post,
            $"/reading-room/exams/{exam}/coverage",
            new JsonObject { ["instances"] = new JsonArray([.. seen]) }
        );
        if (answer.Status is not HttpStatusCode.NoContent)
        {
            throw new InvalidOperationException($"The coverage was not kept: {answer.Status}");
        }
    }

    /// <summary>Fills in the form of the signature, with the code that the authenticator shows, and sends it.</summary>
    public Task<Page> TriesToSign(Guid exam, params IEnumerable<(string Name, string Value)> fields)
    {
        var path = $"/reading-room/exams/{exam}";
        return TypesCode(
            exam,
            (page, code) =>
            {
                var given = fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);
                given.TryAdd("alertCategory", "none");
                given.TryAdd("displaySet", "station-1");
                if (page.Document.QuerySelector("#sign [name=code]") is not null)
                {
                    given.TryAdd("code", code);
                }
                return FillsIn(path, $"{path}/sign", given.Select(f => (f.Key, f.Value)));
            }
        );
    }

    /// <summary>Reads the code that the authenticator shows and types it: whoever else signs with these hands waits until it is used.</summary>
    /// <param name="types">What is done with the page of the exam and the code.</param>
    public async Task<Page> TypesCode(Guid exam, Func<Page, string, Task<Page>> types)
    {
        await _hands.WaitAsync();
        try
        {
            var page = await Opens($"/reading-room/exams/{exam}");
            return await types(page, Phone?.Shows ?? page.Document.QuerySelector("[data-code]")?.TextContent ?? "");
        }
        finally
        {
            _hands.Release();
        }
    }

    public Task Signs(Guid exam) => Taken(TriesToSign(exam));
}
