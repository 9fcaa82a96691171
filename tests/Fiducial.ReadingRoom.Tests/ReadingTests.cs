using System.Net;
using System.Text.Json.Nodes;
using Fiducial.Pathway.Exams;
using Fiducial.ReadingRoom.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ReadingRoom.Tests;

/// <summary>The reading room's main line: an exam is claimed, seen, reported and signed.</summary>
public abstract class ReadingTests(SharedClinic shared) : RoomTests(shared)
{
    [Fact]
    public async Task The_radiologist_claims_writes_and_signs_and_the_doctor_gets_what_was_signed()
    {
        var exam = await Clinic.ExamAsync(Chapter.Completed);
        var path = $"/reading-room/exams/{exam}";
        (await Clinic.Radiologist.Opens("/reading-room"))
            .Document.QuerySelector($"a[href='{path}']")
            .Should()
            .NotBeNull();
        var opened = await Clinic.Radiologist.Opens(path);
        opened.Words.Should().Contain("Fall on the hand").And.Contain("Paul Patient");
        opened.Document.QuerySelector("fiducial-viewer")!.GetAttribute("study").Should().NotBeEmpty();

        await Clinic.Radiologist.Claims(exam);
        await Clinic.Radiologist.LooksAtEverything(exam);
        (await Clinic.Radiologist.Writes(exam)).Text.Should().Contain("\"revision\":1");
        var draft = await Clinic.Radiologist.Opens(path);
        draft
            .Document.QuerySelector("[name=findings]")!
            .TextContent.Should()
            .Be("A lucent line crosses the distal radius.");
        await Clinic.Radiologist.Signs(exam);
        var signed = await Clinic.WaitAsync(exam, e => e.Delivery is "received");
        signed.ReportVersion.Should().Be(1);
        (await Clinic.Radiologist.Opens(path))
            .Words.Should()
            .Contain("Signed, version 1")
            .And.Contain("Hairline fracture");
        (await Clinic.Radiologist.Opens("/reading-room")).Document.QuerySelector($"a[href='{path}']").Should().BeNull();
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Signing_without_a_verified_transfer_is_refused_with_the_reason_and_recorded()
    {
        var exam = await Clinic.ExamAsync(Chapter.Imaged);
        await Clinic.Technologist.Completes(exam, manifest: 3);
        await Clinic.Radiologist.Posts(
            $"/reading-room/exams/{exam}/sign",
            ("alertCategory", "none"),
            ("displaySet", "station-1"),
            ("code", "000000")
        );
        (await Clinic.LastRefusalAsync(exam, "R6", Clinic.Radiologist)).Reason.Should().Contain("not verified");
        await Clinic.Radiologist.Posts($"/reading-room/exams/{exam}/claim");
        (await Clinic.LastRefusalAsync(exam, "R2", Clinic.Radiologist)).Reason.Should().Contain("not verified");
        (await Clinic.ExamAsync(exam)).Report.Should().Be("none");
    }

    [Theory]
    [InlineData("displaySet", "office-pc", "10,000,000 are needed")]
    [InlineData("displaySet", "", "not registered")]
    [InlineData("alertCategory", "", "alert category")]
    [InlineData("alertCategory", "4", "alert category")]
    [InlineData("code", "000000", "second factor")]
    [InlineData("code", "", "second factor")]
    public async Task A_signature_that_lacks_something_is_refused_with_the_reason(
        string field,
        string value,
        string reason
    )
    {
        var exam = await Clinic.ExamAsync(Chapter.Written);
        // Each field as a browser could send it, also what the page does not offer.
        var path = $"/reading-room/exams/{exam}";
        var page = await Clinic.Radiologist.TypesCode(
            exam,
            async (_, code) =>
            {
                var fields = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["alertCategory"] = "none",
                    ["displaySet"] = "station-1",
                    ["code"] = code,
                    [field] = value,
                };
                return await Clinic.Radiologist.FollowsAsync(
                    await Clinic.Radiologist.Posts($"{path}/sign", fields.Select(f => (f.Key, f.Value)))
                );
            }
        );
        page.Refusal.Should().Contain(reason);
        (await Clinic.LastRefusalAsync(exam, "R6", Clinic.Radiologist)).Reason.Should().Be(page.Refusal);
        page.Document.QuerySelector("[name=findings]")!.TextContent.Should().NotBeEmpty("the draft is kept");
    }

    [Fact]
    public async Task An_image_that_was_not_seen_in_full_stops_the_signature_until_it_is_seen_or_left_out_for_a_reason()
    {
        var exam = await Clinic.ExamAsync(Chapter.Claimed);
        await Clinic.Radiologist.Writes(exam);
        (await Clinic.Radiologist.TriesToSign(exam)).Refusal.Should().Contain("2 of 2 images were not seen");
        (await Clinic.Radiologist.TriesToSign(exam, ("coverageExclusion", "second view repeats the first")))
            .Refusal.Should()
            .BeNull();
    }

    [Fact]
    public async Task A_report_of_the_other_side_is_asked_about()
    {
        var exam = await Clinic.ExamAsync(Chapter.Claimed);
        var report = Radiologist.Report;
        report["impression"] = "Fracture of the right radius.";
        await Clinic.Radiologist.Writes(exam, report);
        await Clinic.Radiologist.LooksAtEverything(exam);
        var page = await Clinic.Radiologist.TriesToSign(exam);
        page.Refusal.Should().Contain("'side'").And.NotContain("right", "the ledger's reader may not know");
        page.Words.Should().Contain("The order says left; the report names the other side.");
        (await Clinic.Radiologist.TriesToSign(exam, ("answer:side", "compared with the right")))
            .Refusal.Should()
            .BeNull();
    }

    [Fact]
    public async Task A_second_window_overwrites_nothing()
    {
        var exam = await Clinic.ExamAsync(Chapter.Claimed);
        await Clinic.Radiologist.Writes(exam);
        var newer = Radiologist.Report;
        newer["findings"] = "Newer.";
        (await Clinic.Radiologist.Writes(exam, newer, revision: 1)).Status.Should().Be(HttpStatusCode.OK);
        var late = await Clinic.Radiologist.Writes(exam, Radiologist.Report, revision: 1);
        late.Status.Should().Be(HttpStatusCode.Conflict);
        late.Text.Should().Contain("changed in another window");
        (await Clinic.Radiologist.Opens($"/reading-room/exams/{exam}"))
            .Document.QuerySelector("[name=findings]")!
            .TextContent.Should()
            .Be("Newer.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"revision\":0}")]
    [InlineData("{\"revision\":0,\"sections\":null}")]
    [InlineData("{\"revision\":0,\"sections\":{\"findings\":null}}")]
    [InlineData("{\"revision\":\"x\",\"sections\":{}}")]
    [InlineData("{\"revision\":0,\"sections\":{\"findings\":\"a\\u0000b\"}}")]
    [InlineData("{\"revision\":0,\"sections\":{\"findings\":\"\\ud800\"}}")]
    public async Task A_draft_that_cannot_be_read_is_turned_back_with_the_reason(string json)
    {
        var exam = await Clinic.ExamAsync(Chapter.Claimed);
        var answer = await Clinic.Radiologist.AsksAsync(
            HttpMethod.Put,
            $"/reading-room/exams/{exam}/draft",
            new StringContent(json, System.Text.Encoding.UTF8, "application/json")
        );
        answer.Status.Should().Be(HttpStatusCode.BadRequest);
        JsonNode.Parse(answer.Text)!["refusal"]!.ToString().Should().NotBeEmpty();
        (await Clinic.ExamAsync(exam)).Report.Should().Be("claimed");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"instances\":null}")]
    [InlineData("{\"instances\":7}")]
    public async Task Coverage_that_cannot_be_read_is_turned_back(string json)
    {
        var exam = await Clinic.ExamAsync(Chapter.Claimed);
        var answer = await Clinic.Radiologist.AsksAsync(
            HttpMethod.Post,
            $"/reading-room/exams/{exam}/coverage",
            new StringContent(json, System.Text.Encoding.UTF8, "application/json")
        );
        answer.Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Coverage_grows_counts_no_foreign_image_and_stands_still_after_the_signature()
    {
        var exam = await Clinic.ExamAsync(Chapter.Written);
        JsonObject Seen(string uid, double share) =>
            new()
            {
                ["instances"] = new JsonArray(
                    null,
                    new JsonObject
                    {
                        ["sopInstanceUid"] = uid,
                        ["frames"] = 1,
                        ["framesSeen"] = 1,
                        ["share"] = share,
                    }
                ),
            };
        var path = $"/reading-room/exams/{exam}/coverage";
        var image = await Clinic.InDatabaseAsync(db =>
            db.Set<ImageRecord>().Where(i => i.ExamId == exam).Select(i => i.SopInstanceUid).FirstAsync()
        );
        await Clinic.Radiologist.SendsJson(HttpMethod.Post, path, Seen(image, 0.1));
        await Clinic.Radiologist.SendsJson(HttpMethod.Post, path, Seen("1.2.3.4", 1));
        (await CoverageAsync(exam)).Should().HaveCount(2).And.OnlyContain(r => r.Share == 1);
        await Clinic.Radiologist.Signs(exam);
        var before = await CoverageAsync(exam);
        await Clinic.Radiologist.SendsJson(HttpMethod.Post, path, Seen(image, 1));
        (await CoverageAsync(exam)).Select(r => r.At).Should().Equal(before.Select(r => r.At));
        (await Clinic.FaultsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Script_in_a_report_is_shown_as_text()
    {
        var exam = await Clinic.ExamAsync(Chapter.Claimed);
        var report = Radiologist.Report;
        report["findings"] = "</textarea><script>alert(1)</script>";
        await Clinic.Radiologist.Writes(exam, report);
        var page = await Clinic.Radiologist.Opens($"/reading-room/exams/{exam}");
        page.Document.QuerySelector("[name=findings]")!.TextContent.Should().Be("</textarea><script>alert(1)</script>");
        page.Document.Scripts.Should().OnlyContain(s => s.Source != null && s.Source.Length > 0);
    }

    [Fact]
    public async Task The_radiologist_protocols_an_order_whose_safety_screen_is_not_clear()
    {
        var exam = await Clinic.Referrer.Refers(Clinic.Patient.PatientId, ("renal", "yes"));
        await Clinic.Radiologist.Posts($"/reading-room/exams/{exam}/protocol", ("appropriateness", "indicated"));
        (await Clinic.LastRefusalAsync(exam, "O5", Clinic.Radiologist))
            .Reason.Should()
            .Contain("'implant' is not answered");
        await Clinic.Radiologist.Protocols(exam);
        (await Clinic.ExamAsync(exam)).Order.Should().Be("protocolled");
    }

    [Fact]
    public async Task The_pixels_that_the_radiologist_gets_are_those_that_were_sent()
    {
        var exam = await Clinic.ExamAsync(Chapter.Completed);
        var order = await Clinic.ExamAsync(exam);
        var sent = Modality.Image(order, "PA", order.Laterality, 1);
        var address =
            $"/dicomweb/studies/{order.StudyInstanceUid}/series/{sent.GetString(Dicom.DicomTags.SeriesInstanceUID)}"
            + $"/instances/{sent.GetString(Dicom.DicomTags.SOPInstanceUID)}/frames/1";
        using var answer = await Clinic.Radiologist.RequestsAsync(
            HttpMethod.Get,
            address,
            accept: "multipart/related; type=\"application/octet-stream\""
        );
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var pixels = sent.Find(Dicom.DicomTags.PixelData)!.Value;
        body.AsSpan().IndexOf(pixels.Span).Should().BePositive("the frame is there, bit for bit");
    }

    [Fact]
    public async Task Who_has_claimed_an_exam_gives_it_back_to_the_list_until_a_word_is_written()
    {
        var exam = await Clinic.ExamAsync(Chapter.Claimed);
        var path = $"/reading-room/exams/{exam}";
        var back = $"{path}/give-back";
        (await Clinic.MedicalDirector.Opens(path)).Form(back).Should().BeNull("another has claimed it");
        (await Clinic.Radiologist.FillsIn(path, back)).Refusal.Should().BeNull();
        (await Clinic.ExamAsync(exam)).Report.Should().Be("unread");
        await Clinic.Radiologist.Claims(exam);
        await Clinic.Radiologist.Writes(exam);
        (await Clinic.Radiologist.Opens(path)).Form(back).Should().BeNull("what is written is not given back");
        (await Clinic.Radiologist.FollowsAsync(await Clinic.Radiologist.Posts(back))).Refusal.Should().NotBeNull();
        (await Clinic.ExamAsync(exam)).Report.Should().Be("draft");
    }

    [Fact]
    public async Task The_room_exists_for_radiologists_and_the_director_alone()
    {
        var exam = await Clinic.ExamAsync(Chapter.Completed);
        var path = $"/reading-room/exams/{exam}";
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Radiologist, Clinic.MedicalDirector],
                Door.Get("/reading-room"),
                Door.Get(path),
                Door.Get($"{path}/coverage"),
                Door.Post($"{path}/coverage")
            )
        )
            .Should()
            .BeEmpty();
        (
            await Clinic.OpenForOthersAsync(
                [Clinic.Radiologist],
                Door.Post($"{path}/protocol"),
                Door.Post($"{path}/claim"),
                Door.Put($"{path}/draft"),
                Door.Post($"{path}/sign")
            )
        )
            .Should()
            .BeEmpty();
        (await Clinic.LedgerAsync(exam))
            .Where(e => !e.Taken)
            .Select(e => e.Step)
            .Distinct()
            .Should()
            .BeEquivalentTo(["O5", "R2", "R4", "R6"]);
    }

    [Fact]
    public async Task Two_windows_of_one_reader_tell_of_the_same_image_at_one_moment_and_both_are_heard()
    {
        var exam = await Clinic.ExamAsync(Chapter.Claimed);
        var uids = await Clinic.InDatabaseAsync(db =>
            db.Set<ImageRecord>()
                .AsNoTracking()
                .Where(i => i.ExamId == exam)
                .Select(i => i.SopInstanceUid)
                .ToListAsync()
        );
        for (var round = 0; round < 5; round++)
        {
            await Clinic.InDatabaseAsync(db =>
                db.Set<CoverageRecord>().Where(r => r.ExamId == exam).ExecuteDeleteAsync()
            );
            var told = uids.Select(u => new JsonObject
                {
                    ["sopInstanceUid"] = u,
                    ["frames"] = 1,
                    ["framesSeen"] = 1,
                    ["share"] = 1.0,
                })
                .ToList();
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 6)
                    .Select(_ =>
                        Clinic.Radiologist.SendsJson(
                            HttpMethod.Post,
                            $"/reading-room/exams/{exam}/coverage",
                            new JsonObject { ["instances"] = new JsonArray([.. told.Select(t => t.DeepClone())]) }
                        )
                    )
            );
            answers.Should().OnlyContain(a => a.Status == HttpStatusCode.NoContent);
            (await CoverageAsync(exam)).Should().HaveCount(uids.Count).And.OnlyContain(r => r.Share == 1);
        }
    }

    private Task<List<CoverageRecord>> CoverageAsync(Guid exam) =>
        Clinic.InDatabaseAsync(db =>
            db.Set<CoverageRecord>().AsNoTracking().Where(r => r.ExamId == exam).OrderBy(r => r.Id).ToListAsync()
        );
}

public sealed class ReadingOnSqliteTests(ClinicOnSqlite clinic) : ReadingTests(clinic);

public sealed class ReadingOnPostgresTests(ClinicOnPostgres clinic) : ReadingTests(clinic);
