using System.Data.Common;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Fiducial.Archive.Index;
using Fiducial.Archive.Web;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive.Tests;

public sealed class DicomWebTests
{
    private const string Json = "application/dicom+json";

    [Fact]
    public async Task To_those_who_may_see_images_alone_nothing_tells_that_there_is_a_result()
    {
        var gate = new TurnableGate();
        await using var archive = new TemporaryArchive(gate: gate);
        using var web = await archive.OpenWebAsync();
        var image = TestImages.Grey(8, 8);
        var study = image.GetString(DicomTags.StudyInstanceUID)!;
        var report = TestImages
            .Header(study)
            .Set(DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.88.33")
            .Set(DicomTags.Modality, "SR")
            .Set(DicomTags.SeriesDescription, "Fracture");
        var capture = TestImages
            .Grey(8, 8, studyUid: study)
            .Set(DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.7")
            .Set(DicomTags.SeriesInstanceUID, image.GetString(DicomTags.SeriesInstanceUID)!)
            .Set(DicomTags.ImageType, "DERIVED", "SECONDARY", "CAD");
        var dose = TestImages
            .Header(study)
            .Set(DicomTags.SOPClassUID, "1.2.840.10008.5.1.4.1.1.88.67")
            .Set(DicomTags.Modality, "SR");
        foreach (var set in new[] { image, report, capture })
        {
            (await archive.StoreAsync(set)).IsSuccess.Should().BeTrue();
        }

        gate.Access = StudyAccess.ImagesAndResults;
        var whole = (await web.QueryAsync("/dicomweb/studies")).Single();
        Value(whole, "00201208").Should().Be("3");
        Value(whole, "00201206").Should().Be("2");
        Values(whole, "00080061").Should().Equal("DX", "SR");

        gate.Access = StudyAccess.Images;
        var part = (await web.QueryAsync("/dicomweb/studies")).Single();
        Value(part, "00201208").Should().Be("1");
        Value(part, "00201206").Should().Be("1");
        Values(part, "00080061").Should().Equal("DX");
        (await web.QueryAsync("/dicomweb/studies?ModalitiesInStudy=SR")).Should().BeEmpty();
        (await web.QueryAsync("/dicomweb/series?Modality=SR")).Should().BeEmpty();
        (await web.QueryAsync($"/dicomweb/studies/{study}/series")).Should().ContainSingle();
        (await web.QueryAsync($"/dicomweb/studies/{study}/instances")).Should().ContainSingle();
        (await web.QueryAsync($"/dicomweb/studies/{study}/metadata")).Should().ContainSingle();
        foreach (var hidden in new[] { report, capture })
        {
            foreach (var end in new[] { "", "/metadata", "/rendered", "/frames/1", "/thumbnail", "/bulkdata/7FE00010" })
            {
                using var answer = await web.GetAsync(AddressOf(hidden) + end);
                answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
                (await answer.Content.ReadAsByteArrayAsync()).Should().BeEmpty();
            }
            var door = archive.Get<Previews.IPreviewDoor>();
            (await door.OpenAsync(hidden.GetString(DicomTags.SOPInstanceUID)!, CancellationToken.None))
                .Should()
                .BeNull();
        }
        await archive.StoreAsync(dose);
        Values((await web.QueryAsync("/dicomweb/studies")).Single(), "00080061").Should().Equal("DX", "SR");
        gate.Access = StudyAccess.None;
        (await web.QueryAsync("/dicomweb/studies")).Should().BeEmpty();
        using var closed = await web.GetAsync($"/dicomweb/studies/{study}/metadata");
        closed.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_search_pages_and_says_when_there_is_more()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        for (var i = 0; i < 5; i++)
        {
            await archive.StoreAsync(TestImages.Grey(4, 4).Set(DicomTags.StudyDate, $"2026010{i + 1}"));
        }
        using var first = await web.GetAsync("/dicomweb/studies?limit=2");
        first.Headers.Warning.ToString().Should().StartWith("299 ");
        using var last = await web.GetAsync("/dicomweb/studies?limit=2&offset=4");
        last.Headers.Warning.Should().BeEmpty();
        var dates = new List<string>();
        foreach (var page in new[] { 0, 2, 4 })
        {
            dates.AddRange(
                (await web.QueryAsync($"/dicomweb/studies?limit=2&offset={page}")).Select(s => Value(s, "00080020"))
            );
        }
        dates.Should().Equal("20260105", "20260104", "20260103", "20260102", "20260101");
        (await web.QueryAsync("/dicomweb/studies?StudyDate=20260102-20260103")).Should().HaveCount(2);
        (await web.QueryAsync("/dicomweb/studies?PatientName=nobody")).Should().BeEmpty();
        using var wrong = await web.GetAsync("/dicomweb/studies?limit=many");
        wrong.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Names_are_found_by_their_beginning_in_any_order_when_the_search_is_fuzzy()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        await archive.StoreAsync(
            TestImages
                .Grey(4, 4)
                .Set(DicomTags.SpecificCharacterSet, "ISO_IR 192")
                .Set(DicomTags.PatientName, "Müller-Lüdenscheidt^Anna Maria")
        );
        foreach (var name in new[] { "anna mul", "Luden", "maria^müller" })
        {
            var asked = Uri.EscapeDataString(name);
            (await web.QueryAsync($"/dicomweb/studies?fuzzymatching=true&PatientName={asked}"))
                .Should()
                .ContainSingle(name);
            (await web.QueryAsync($"/dicomweb/studies?PatientName={asked}")).Should().BeEmpty();
        }
        (await web.QueryAsync("/dicomweb/studies?fuzzymatching=true&PatientName=nora")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("/dicomweb/studies")]
    [InlineData("/dicomweb/series")]
    [InlineData("/dicomweb/instances")]
    public async Task What_the_index_does_not_hold_is_read_from_the_object(string level)
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        await archive.StoreAsync(
            TestImages
                .Grey(4, 4)
                .Set(DicomTags.SpecificCharacterSet, "ISO_IR 192")
                .Set(DicomTags.InstitutionName, "Clinique Sainte-Thérèse")
        );
        var plain = (await web.QueryAsync(level)).Single();
        plain.TryGetProperty("00080080", out _).Should().BeFalse();
        var asked = (
            await web.QueryAsync($"{level}?includefield=InstitutionName,00181411&includefield=0018700A")
        ).Single();
        Value(asked, "00080080").Should().Be("Clinique Sainte-Thérèse");
        Value(asked, "00181411").Should().Be("420");
        asked.GetProperty("0018700A").TryGetProperty("Value", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Metadata_are_the_same_the_second_time_and_name_the_server_as_the_client_does()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var set = TestImages.Grey(300, 300);
        await archive.StoreAsync(set);
        var first = await web.GetStringAsync(AddressOf(set) + "/metadata");
        var second = await web.GetStringAsync(AddressOf(set) + "/metadata");
        second.Should().Be(first);
        using var other = new HttpRequestMessage(HttpMethod.Get, AddressOf(set) + "/metadata");
        other.Headers.Host = "archive.example:8080";
        using var answer = await web.SendAsync(other);
        var third = await answer.Content.ReadAsStringAsync();
        third.Should().Be(first.Replace(web.BaseAddress!.Authority, "archive.example:8080", StringComparison.Ordinal));
        using var document = JsonDocument.Parse(first);
        var pixels = document.RootElement[0].GetProperty("7FE00010").GetProperty("BulkDataURI").GetString()!;
        (await web.GetByteArrayAsync(pixels)).Length.Should().BeGreaterThan(300 * 300 * 2 - 1);
    }

    [Theory]
    [InlineData("multipart/related; type=\"application/dicom\"", "1.2.840.10008.1.2.1")]
    [InlineData("multipart/related; type=application/dicom", "1.2.840.10008.1.2.1")]
    [InlineData("multipart/related; type=\"application/dicom\"; transfer-syntax=*", "1.2.840.10008.1.2.5")]
    [InlineData(
        "multipart/related; type=application/dicom; transfer-syntax=1.2.840.10008.1.2.5",
        "1.2.840.10008.1.2.5"
    )]
    [InlineData("application/dicom; transfer-syntax=*", "1.2.840.10008.1.2.5")]
    [InlineData("application/dicom", "1.2.840.10008.1.2.1")]
    [InlineData("*/*", "1.2.840.10008.1.2.5")]
    [InlineData("text/csv", null)]
    [InlineData("multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.4.90", null)]
    public async Task Each_form_of_Accept_is_understood_and_the_part_says_its_true_syntax(string accept, string? syntax)
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var set = TestImages
            .Header()
            .Set(DicomTags.SamplesPerPixel, 1)
            .Set(DicomTags.PhotometricInterpretation, "MONOCHROME2")
            .Set(DicomTags.Rows, 2)
            .Set(DicomTags.Columns, 2)
            .Set(DicomTags.BitsAllocated, 8)
            .Set(DicomTags.BitsStored, 8)
            .Set(DicomTags.HighBit, 7)
            .Set(DicomTags.PixelRepresentation, 0);
        using var bytes = new MemoryStream();
        DicomFile.WriteDataSet(bytes, set, TransferSyntax.ExplicitVRLittleEndian);
        bytes.Write(RunLengthPixels());
        await archive.StoreAsync(
            bytes.ToArray(),
            set.GetString(DicomTags.SOPClassUID)!,
            set.GetString(DicomTags.SOPInstanceUID)!,
            TransferSyntax.RLELossless
        );
        using var answer = await web.GetAsync(new Uri(web.BaseAddress!, AddressOf(set)), accept);
        if (syntax is null)
        {
            answer.StatusCode.Should().Be(HttpStatusCode.NotAcceptable);
            return;
        }
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        byte[] part10;
        if (accept.StartsWith("application/dicom", StringComparison.Ordinal))
        {
            answer.Content.Headers.ContentType!.ToString().Should().Be($"application/dicom; transfer-syntax={syntax}");
            part10 = await answer.Content.ReadAsByteArrayAsync();
        }
        else
        {
            var part = (await DicomWebClient.PartsAsync(answer)).Should().ContainSingle().Subject;
            part.ContentType.Should().Be($"application/dicom; transfer-syntax={syntax}");
            part10 = part.Body;
        }
        var file = DicomFile.Read(new MemoryStream(part10));
        file.TransferSyntax.Uid.Should().Be(syntax);
        if (syntax is "1.2.840.10008.1.2.1")
        {
            file.DataSet.Find(DicomTags.PixelData)!.Value.ToArray().Should().Equal(1, 2, 3, 4);
        }
    }

    [Fact]
    public async Task What_is_posted_is_stored_byte_for_byte_and_each_failure_is_told_without_costing_another()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var (good, big) = (TestImages.Grey(16, 16), TestImages.Grey(900, 900));
        using var all = await PostAsync(web, "/dicomweb/studies", Part10(good), Part10(big));
        all.StatusCode.Should().Be(HttpStatusCode.OK);
        var stored = await ReadAsync(all);
        stored.GetProperty("00081199").GetProperty("Value").GetArrayLength().Should().Be(2);
        stored.TryGetProperty("00081198", out _).Should().BeFalse();
        stored.EnumerateObject().Should().OnlyContain(p => !p.Name.StartsWith("0000", StringComparison.Ordinal));
        foreach (var set in new[] { good, big })
        {
            var readBack = await web.ReadBackAsync(set.GetString(DicomTags.SOPInstanceUID)!);
            DicomWebClient.DataSetOf(readBack.Single()).Should().Equal(DicomWebClient.DataSetOf(Part10(set)));
        }
        var another = TestImages.Grey(16, 16);
        using var some = await PostAsync(web, "/dicomweb/studies", "no DICOM at all"u8.ToArray(), [], Part10(another));
        some.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var judged = await ReadAsync(some);
        judged.GetProperty("00081199").GetProperty("Value").GetArrayLength().Should().Be(1);
        judged.GetProperty("00081198").GetProperty("Value").GetArrayLength().Should().Be(2);
        using var none = await PostAsync(web, "/dicomweb/studies", new byte[200]);
        none.StatusCode.Should().Be(HttpStatusCode.Conflict);
        using var elsewhere = await PostAsync(web, "/dicomweb/studies/1.2.3", Part10(TestImages.Grey(4, 4)));
        elsewhere.StatusCode.Should().Be(HttpStatusCode.Conflict);
        using var nothing = await web.PostAsync("/dicomweb/studies", content: null);
        nothing.StatusCode.Should().Be(HttpStatusCode.UnsupportedMediaType);
        using var single = new ByteArrayContent(Part10(TestImages.Grey(4, 4)));
        single.Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
        using var one = await web.PostAsync("/dicomweb/studies", single);
        one.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_larger_or_more_than_may_be_posted_is_refused_with_413_and_a_sentence()
    {
        var clock = new TurnedClock();
        await using var archive = new TemporaryArchive(
            clock: clock,
            limits: new ArrivalLimits { StowRs = new ByteLimits(MostBytesADay: 20_000, LargestObject: 10_000) }
        );
        using var web = await archive.OpenWebAsync();
        // Each has a little more than 8,000 bytes, or half a million.
        var (small, large) = (TestImages.Grey(64, 64), TestImages.Grey(512, 512));
        using var alone = await PostAsync(web, "/dicomweb/studies", Part10(large));
        alone.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        alone.Headers.GetValues("Warning").Single().Should().Contain("larger than its sender may send");
        (await ReadAsync(alone)).GetProperty("00081198").GetProperty("Value")[0].ToString().Should().Contain("42752");
        using var beside = await PostAsync(web, "/dicomweb/studies", Part10(large), Part10(small));
        beside.StatusCode.Should().Be(HttpStatusCode.Accepted);
        archive.Images.Find(small.GetString(DicomTags.SOPInstanceUID)!).Should().NotBeNull();
        await PostAsync(web, "/dicomweb/studies", Part10(TestImages.Grey(64, 64)));
        using var full = await PostAsync(web, "/dicomweb/studies", Part10(TestImages.Grey(64, 64)));
        full.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        full.Headers.GetValues("Warning").Single().Should().Contain("all that it may in a day");
        ReceivingTests.InstanceFiles(archive.Folder).Should().HaveCount(2);
        // A device is another sender, and tomorrow is another day.
        (await archive.StoreAsync(TestImages.Grey(64, 64)))
            .IsSuccess.Should()
            .BeTrue();
        clock.Turn(TimeSpan.FromHours(25));
        using var tomorrow = await PostAsync(web, "/dicomweb/studies", Part10(TestImages.Grey(64, 64)));
        tomorrow.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_body_that_breaks_off_keeps_what_came_before_and_is_no_fault_of_the_server()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var set = TestImages.Grey(16, 16);
        var body = Body([Part10(set), Part10(TestImages.Grey(16, 16))]);
        using var content = new ByteArrayContent(body[..^200]);
        content.Headers.TryAddWithoutValidation(
            "Content-Type",
            "multipart/related; type=\"application/dicom\"; boundary=B"
        );
        using var answer = await web.PostAsync("/dicomweb/studies", content);
        answer.StatusCode.Should().Be(HttpStatusCode.Accepted);
        archive.Images.Find(set.GetString(DicomTags.SOPInstanceUID)!).Should().NotBeNull();
        archive.Get<IStoredInstanceFeed>().ReadAfter(0, 10).Should().ContainSingle();
    }

    [Fact]
    public async Task A_range_of_dates_and_one_of_times_are_one_range_of_moments()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        foreach (var (date, time) in new[] { ("20260101", "100000"), ("20260102", "110000"), ("20260103", "120000") })
        {
            await archive.StoreAsync(
                TestImages.Grey(8, 8).Set(DicomTags.StudyDate, date).Set(DicomTags.StudyTime, time)
            );
        }
        foreach (var level in new[] { "studies", "series", "instances" })
        {
            var found = await web.QueryAsync($"/dicomweb/{level}?StudyTime=0900-0900&StudyDate=20260101-20260103");
            found.Select(f => Value(f, "00080020")).Should().BeEquivalentTo("20260101", "20260102");
        }
        (await web.QueryAsync("/dicomweb/studies?StudyTime=1130-&StudyDate=20260102")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_series_is_found_by_its_moment_its_step_and_each_of_its_requests()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var sets = new[] { Requested("20260101", "235900", "R1"), Requested("20260102", "000100", "R2", "R3") };
        foreach (var set in sets)
        {
            await archive.StoreAsync(set);
        }
        // Requests of which a console has lost one number, and an object without any of it.
        await archive.StoreAsync(Requested("20260105", "120000", "R4", ""));
        await archive.StoreAsync(TestImages.Grey(8, 8));
        foreach (var level in new[] { "series", "instances" })
        {
            foreach (
                var (query, count) in new[]
                {
                    ("SeriesDate=20260101", 1),
                    ("SeriesDate=20260101-20260102&SeriesTime=235800-000200", 2),
                    ("SeriesDate=20260101-20260102&SeriesTime=235930-000200", 1),
                    ("PerformedProcedureStepStartDate=20260101-20260102&00400245=235800-000000", 1),
                    ("PerformedProcedureStepStartTime=2300-", 1),
                    ("RequestAttributesSequence.RequestedProcedureID=R3", 1),
                    ("00400275.00400009=S-R?", 3),
                    ("RequestAttributesSequence.RequestedProcedureID=R", 0),
                }
            )
            {
                (await web.QueryAsync($"/dicomweb/{level}?{query}")).Should().HaveCount(count, $"{level} by {query}");
            }
        }
        var answer = (await web.QueryAsync("/dicomweb/series?SeriesDate=20260102")).Single();
        Value(answer, "00080021").Should().Be("20260102");
        Value(answer, "00400245").Should().Be("000100");
        answer
            .GetProperty("00400275")
            .GetProperty("Value")
            .EnumerateArray()
            .Select(i => (Value(i, "00401001"), Value(i, "00400009")))
            .Should()
            .Equal(("R2", "S-R2"), ("R3", "S-R3"));
        (await web.QueryAsync("/dicomweb/series?SeriesDate=20260105"))
            .Single()
            .GetProperty("00400275")
            .GetProperty("Value")
            .GetArrayLength()
            .Should()
            .Be(2);
    }

    [Fact]
    public async Task Series_of_an_index_that_did_not_ask_for_their_moment_are_read_again()
    {
        string folder;
        var set = Requested("20260101", "101500", "R1");
        await using (var before = new TemporaryArchive(keepsFolder: true))
        {
            folder = before.Folder;
            await before.StoreAsync(set);
            before.Get<IndexWriter>().Write(c => Forget(c));
            using var web = await before.OpenWebAsync();
            (await web.QueryAsync("/dicomweb/series?SeriesDate=20260101")).Should().BeEmpty();
        }
        await using var archive = new TemporaryArchive(folder, runsWorkers: true);
        using var again = await archive.OpenWebAsync();
        List<JsonElement> found;
        do
        {
            found = await again.QueryAsync(
                "/dicomweb/series?SeriesDate=20260101&RequestAttributesSequence.RequestedProcedureID=R1"
            );
        } while (found.Count == 0);
        Value(found.Single(), "00400244").Should().Be("20260101");

        static bool Forget(DbConnection connection)
        {
            connection.Run(
                "UPDATE series SET date = NULL, time = NULL, performed_date = NULL, performed_time = NULL, requested = NULL, scheduled = NULL"
            );
            return true;
        }
    }

    private static DicomDataSet Requested(string date, string time, params string[] requests) =>
        TestImages
            .Grey(8, 8)
            .Set(DicomTags.SeriesDate, date)
            .Set(DicomTags.SeriesTime, time)
            .Set(DicomTags.PerformedProcedureStepStartDate, date)
            .Set(DicomTags.PerformedProcedureStepStartTime, time)
            .SetItems(
                DicomTags.RequestAttributesSequence,
                [
                    .. requests.Select(r =>
                        r.Length == 0
                            ? new DicomDataSet().Set(DicomTags.ReasonForTheRequestedProcedure, "?")
                            : new DicomDataSet()
                                .Set(DicomTags.RequestedProcedureID, r)
                                .Set(DicomTags.ScheduledProcedureStepID, "S-" + r)
                    ),
                ]
            );

    [Fact]
    public async Task Thumbnails_are_small_and_pictures_of_a_series_come_as_parts()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        var (first, second) = (TestImages.Grey(800, 400), TestImages.Grey(20, 10));
        var study = first.GetString(DicomTags.StudyInstanceUID)!;
        await archive.StoreAsync(first);
        await archive.StoreAsync(second.Set(DicomTags.StudyInstanceUID, study));
        using var thumbnail = SkiaSharp.SKBitmap.Decode(await web.GetByteArrayAsync(AddressOf(first) + "/thumbnail"));
        (thumbnail.Width, thumbnail.Height).Should().Be((256, 128));
        (await web.GetByteArrayAsync($"/dicomweb/studies/{study}/thumbnail")).Should().NotBeEmpty();
        using var each = await web.GetAsync(
            new Uri(web.BaseAddress!, $"/dicomweb/studies/{study}/rendered"),
            "multipart/related; type=\"image/jpeg\""
        );
        var parts = await DicomWebClient.PartsAsync(each);
        parts.Should().HaveCount(2).And.OnlyContain(p => p.ContentType == "image/jpeg");
    }

    [Fact]
    public async Task The_server_says_what_it_can_do()
    {
        await using var archive = new TemporaryArchive();
        using var web = await archive.OpenWebAsync();
        using var asked = new HttpRequestMessage(HttpMethod.Options, "/dicomweb");
        using var answer = await web.SendAsync(asked);
        var text = await answer.Content.ReadAsStringAsync();
        text.Should().Contain("studies/{study}/series/{series}/metadata").And.Contain("name=\"POST\"");
    }

    [Theory]
    [InlineData("", "Study")]
    [InlineData("PatientID=P1", "Study")]
    [InlineData("StudyDate=20260101-20261231", "Study")]
    [InlineData("StudyDate=20260101-20261231&StudyTime=1000-1800", "Study")]
    [InlineData("AccessionNumber=A1", "Study")]
    [InlineData("StudyInstanceUID=1.2.3", "Study")]
    [InlineData("PatientID=P1", "Series")]
    [InlineData("SeriesInstanceUID=1.2.3", "Series")]
    [InlineData("AccessionNumber=A1", "Series")]
    [InlineData("SeriesDate=20260101-20260102&SeriesTime=1000-1800", "Series")]
    [InlineData("PerformedProcedureStepStartDate=20260101", "Series")]
    [InlineData("PatientID=P1", "Instance")]
    [InlineData("SOPInstanceUID=1.2.3", "Instance")]
    [InlineData("SeriesInstanceUID=1.2.3", "Instance")]
    [InlineData("AccessionNumber=A1", "Instance")]
    [InlineData("StudyDate=20260101-20261231&StudyTime=1000-1800", "Instance")]
    public async Task A_search_never_looks_through_the_whole_archive(string query, string at)
    {
        await using var archive = new TemporaryArchive();
        var level = Enum.Parse<QueryLevel>(at);
        var keys = Microsoft
            .AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query)
            .Select(q => (q.Key, q.Value.ToString()));
        var conditions = new QueryConditions(
            archive.Get<ArchiveIndex>().Dialect,
            level,
            keys,
            new QueryManner(CombinesDateAndTime: true)
        );
        var sql = SearchRows.SqlOf(level, conditions, 50, 0);
        var all = archive.Get<ArchiveIndex>().Read(c => PlanOf(c, sql, conditions.Values));
        if (TemporaryArchive.IsOnPostgres)
        {
            // Of empty tables the planner reads all unless it is told not to; what still reads all then has no index.
            all.Should().NotContain("Seq Scan");
            if (query.Length > 0)
            {
                all.Should()
                    .Contain("Index Cond: (")
                    .And.NotMatchRegex(@"Scan (Backward )?using studies_by_date on studies st .*\n(?!\s*Index Cond)");
            }
            return;
        }
        all.Should().NotContain("SCAN p").And.NotContain("SCAN m").And.NotContain("AUTOMATIC");
        all.Should().NotContain("SCAN se").And.NotContain("SCAN i");
        if (query.Length == 0 || query.StartsWith("StudyDate", StringComparison.Ordinal))
        {
            // In the order of the index: the first page costs as much as it shows.
            all.Should().Contain("studies_by_date");
            if (level is QueryLevel.Study)
            {
                all.Should().NotContain("ORDER BY");
            }
        }
        else
        {
            all.Should().NotContain("SCAN st");
        }
    }

    private static string PlanOf(DbConnection connection, string sql, List<object?> values)
    {
        if (TemporaryArchive.IsOnPostgres)
        {
            connection.Run("SET enable_seqscan = off");
        }
        using var command = connection.Command(
            (TemporaryArchive.IsOnPostgres ? "EXPLAIN " : "EXPLAIN QUERY PLAN ") + sql,
            [.. values]
        );
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(TemporaryArchive.IsOnPostgres ? 0 : 3));
        }
        return string.Join('\n', lines);
    }

    private static string AddressOf(DicomDataSet set) =>
        $"/dicomweb/studies/{set.GetString(DicomTags.StudyInstanceUID)}/series/{set.GetString(DicomTags.SeriesInstanceUID)}/instances/{set.GetString(DicomTags.SOPInstanceUID)}";

    private static string Value(JsonElement row, string tag) => Values(row, tag).Single();

    private static List<string> Values(JsonElement row, string tag) =>
        [.. row.GetProperty(tag).GetProperty("Value").EnumerateArray().Select(v => v.ToString())];

    private static byte[] Part10(DicomDataSet set)
    {
        using var stream = new MemoryStream();
        DicomFile.Write(stream, set, TransferSyntax.ExplicitVRLittleEndian);
        return stream.ToArray();
    }

    private static byte[] Body(byte[][] parts)
    {
        using var body = new MemoryStream();
        foreach (var part in parts)
        {
            body.Write(Encoding.ASCII.GetBytes("\r\n--B\r\nContent-Type: application/dicom\r\n\r\n"));
            body.Write(part);
        }
        body.Write(Encoding.ASCII.GetBytes("\r\n--B--\r\n"));
        return body.ToArray();
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient web, string address, params byte[][] parts)
    {
        using var content = new ByteArrayContent(Body(parts));
        content.Headers.TryAddWithoutValidation(
            "Content-Type",
            "multipart/related; type=\"application/dicom\"; boundary=B"
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Accept.ParseAdd(Json);
        return await web.SendAsync(request);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    // Pixel Data of one frame, 1 2 3 4, in one RLE segment (PS3.5 annex G).
    private static byte[] RunLengthPixels()
    {
        var frame = new byte[64 + 6];
        (frame[0], frame[4]) = (1, 64);
        new byte[] { 3, 1, 2, 3, 4, 0x80 }.CopyTo(frame, 64);
        return
        [
            .. new byte[] { 0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF },
            .. new byte[] { 0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0 },
            .. new byte[] { 0xFE, 0xFF, 0x00, 0xE0, (byte)frame.Length, 0, 0, 0 },
            .. frame,
            .. new byte[] { 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0 },
        ];
    }

    /// <summary>Opens as far as the test says.</summary>
    private sealed class TurnableGate : IDicomWebGate
    {
        public StudyAccess Access { get; set; }

        public ValueTask<StudyAccess> MayReadAsync(
            HttpContext context,
            string studyInstanceUid,
            CancellationToken ct
        ) => ValueTask.FromResult(Access);

        public ValueTask<bool> MaySearchAsync(HttpContext context, CancellationToken ct) => ValueTask.FromResult(true);

        public ValueTask<bool> MayStoreAsync(HttpContext context, CancellationToken ct) => ValueTask.FromResult(true);

        public ValueTask<StudyAccess> MayReadQuarantineAsync(
            HttpContext context,
            string studyInstanceUid,
            CancellationToken ct
        ) => ValueTask.FromResult(Access);
    }
}
