using System.Text;
using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Tests;

public sealed class FindTests(ThreeStudies given) : IClassFixture<ThreeStudies>
{
    private const string StudyRoot = DicomUids.StudyRootQueryRetrieveInformationModelFind;
    private const string PatientRoot = DicomUids.PatientRootQueryRetrieveInformationModelFind;

    private readonly RetrieveArchive _archive = given.Archive;
    private readonly IReadOnlyList<string> _studies = given.Uids;

    [Theory]
    [InlineData("StudyDate", "20260102-", 2)]
    [InlineData("StudyDate", "-20260102", 2)]
    [InlineData("StudyDate", "20260102-20260102", 1)]
    [InlineData("StudyDate", "20260101", 1)]
    [InlineData("StudyTime", "1000-1130", 2)]
    [InlineData("PatientName", "doe^jane", 1)]
    [InlineData("PatientName", "D*", 1)]
    [InlineData("PatientName", "MÜLLER^J?RGEN", 1)]
    [InlineData("PatientName", "*", 3)]
    [InlineData("PatientName", "", 3)]
    [InlineData("ModalitiesInStudy", "DX", 3)]
    [InlineData("ModalitiesInStudy", "CT\\MR", 0)]
    [InlineData("AccessionNumber", "A?", 3)]
    public async Task Studies_are_matched_by_the_rules(string keyword, string value, int count)
    {
        DicomTag.TryParse(keyword, out var tag).Should().BeTrue();
        var keys = Study().Set(DicomTags.SpecificCharacterSet, "ISO_IR 192").Set(tag, value);
        (await FindAsync(StudyRoot, keys)).Should().HaveCount(count);
    }

    [Fact]
    public async Task A_list_of_uids_finds_each_of_them() =>
        (await FindAsync(StudyRoot, Study().Set(DicomTags.StudyInstanceUID, _studies[0], _studies[2], "1.2.3")))
            .Should()
            .HaveCount(2);

    [Fact]
    public async Task Every_key_that_is_asked_for_is_answered_and_those_without_a_value_are_empty()
    {
        var keys = Study()
            .Set(DicomTags.StudyInstanceUID, _studies[2])
            .Set(DicomTags.PatientID, "")
            .Set(DicomTags.OtherPatientIDs, "")
            .Set(DicomTags.StudyDescription, "")
            .Set(DicomTags.NumberOfStudyRelatedInstances)
            .Set(DicomTags.ModalitiesInStudy, "")
            .Set(DicomTags.InstanceAvailability, "")
            .SetItems(DicomTags.ReferencedStudySequence);
        var answer = (await FindAsync(StudyRoot, keys)).Single();
        foreach (var key in keys)
        {
            answer.Contains(key.Tag).Should().BeTrue(key.Tag.ToString());
        }
        answer.GetString(DicomTags.PatientID).Should().Be("P2");
        answer.GetString(DicomTags.OtherPatientIDs).Should().BeNull();
        answer.GetString(DicomTags.NumberOfStudyRelatedInstances).Should().Be("3");
        answer.GetString(DicomTags.ModalitiesInStudy).Should().Be("DX");
        answer.GetString(DicomTags.InstanceAvailability).Should().Be("ONLINE");
        answer.GetString(DicomTags.RetrieveAETitle).Should().Be("FIDUCIAL");
        answer.Find(DicomTags.ReferencedStudySequence)!.Items.Should().BeEmpty();
    }

    [Fact]
    public async Task The_hierarchy_goes_from_patient_to_image_and_wants_its_unique_keys()
    {
        var patients = await FindAsync(
            PatientRoot,
            At("PATIENT").Set(DicomTags.PatientID, "").Set(DicomTags.PatientName, "")
        );
        patients.Select(p => p.GetString(DicomTags.PatientID)).Should().BeEquivalentTo("P0", "P1", "P2");
        var studies = await FindAsync(
            PatientRoot,
            Study().Set(DicomTags.PatientID, "P2").Set(DicomTags.StudyInstanceUID, "")
        );
        studies.Single().GetString(DicomTags.StudyInstanceUID).Should().Be(_studies[2]);
        var series = await FindAsync(
            StudyRoot,
            At("SERIES")
                .Set(DicomTags.StudyInstanceUID, _studies[2])
                .Set(DicomTags.SeriesInstanceUID, "")
                .Set(DicomTags.Modality, "DX")
        );
        series.Should().HaveCount(3);
        var images = await FindAsync(
            StudyRoot,
            At("IMAGE")
                .Set(DicomTags.StudyInstanceUID, _studies[2])
                .Set(DicomTags.SeriesInstanceUID, series[0].GetString(DicomTags.SeriesInstanceUID)!)
                .Set(DicomTags.SOPInstanceUID, "")
                .Set(DicomTags.Rows)
        );
        images.Single().GetInt(DicomTags.Rows).Should().Be(8);
        foreach (
            var (model, keys) in new[]
            {
                (StudyRoot, At("SERIES")),
                (StudyRoot, At("IMAGE").Set(DicomTags.StudyInstanceUID, _studies[0])),
                (StudyRoot, At("PATIENT")),
                (PatientRoot, Study()),
                (StudyRoot, new DicomDataSet().Set(DicomTags.StudyInstanceUID, "")),
            }
        )
        {
            var find = () => FindAsync(model, keys);
            (await find.Should().ThrowAsync<DimseException>()).Which.Status.Code.Should().Be(0xA900);
        }
    }

    [Theory]
    [InlineData("ISO_IR 144", 28595)]
    [InlineData("ISO_IR 192", 65001)]
    public async Task A_request_in_another_character_set_is_understood_and_answered_in_it(string set, int codePage)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var keys = Study()
            .Set(DicomTags.SpecificCharacterSet, set)
            .SetBytes(DicomTags.PatientName, DicomVR.PN, Encoding.GetEncoding(codePage).GetBytes("ИВАНОВА*"));
        var answer = (await FindAsync(StudyRoot, keys)).Single();
        answer.GetString(DicomTags.SpecificCharacterSet).Should().Be(set);
        answer.GetString(DicomTags.PatientName).Should().Be("Иванова^Анна");
    }

    [Fact]
    public async Task Who_names_no_character_set_is_answered_in_latin_and_told_so()
    {
        var answers = await FindAsync(StudyRoot, Study().Set(DicomTags.PatientName, "").Set(DicomTags.PatientID, "P1"));
        answers.Single().GetString(DicomTags.SpecificCharacterSet).Should().Be("ISO_IR 100");
        answers.Single().GetString(DicomTags.PatientName).Should().Be("Müller^Jürgen");
    }

    [Theory]
    [InlineData("20260101-20260103", "0900-0900", new byte[] { 0, 1 }, 2)]
    [InlineData("20260101-20260103", "0900-0900", new byte[] { 1, 0, 1 }, 0)]
    [InlineData("20260101-20260103", "0900-0900", new byte[0], 0)]
    [InlineData("20260101-", "1130-", new byte[] { 0, 1 }, 2)]
    [InlineData("20260101-", "1130-", new byte[0], 1)]
    [InlineData("-20260103", "-1030", new byte[] { 0, 1 }, 2)]
    [InlineData("-20260103", "-1030", new byte[0], 1)]
    [InlineData("20260102-", "-1130", new byte[] { 0, 1 }, 1)]
    public async Task A_range_of_dates_and_one_of_times_are_one_range_of_moments_where_that_was_agreed_on(
        string dates,
        string times,
        byte[] proposed,
        int count
    )
    {
        var keys = Study().Set(DicomTags.StudyDate, dates).Set(DicomTags.StudyTime, times);
        (await FindAsync(StudyRoot, keys, proposed)).Should().HaveCount(count);
    }

    [Fact]
    public async Task A_series_is_found_by_its_moment_and_its_request_and_answers_with_what_was_asked_of_both()
    {
        await using var archive = new RetrieveArchive();
        var sets = new[] { "2355", "0005" }.Select(
            (time, i) =>
                TestImages
                    .Grey(8, 8, studyUid: "1.2.3")
                    .Set(DicomTags.SeriesDate, $"2026010{i + 1}")
                    .Set(DicomTags.SeriesTime, time)
                    .SetItems(
                        DicomTags.RequestAttributesSequence,
                        new DicomDataSet()
                            .Set(DicomTags.RequestedProcedureID, $"R{i}")
                            .Set(DicomTags.ScheduledProcedureStepID, $"S{i}")
                    )
        );
        foreach (var set in sets)
        {
            await archive.SendAsync(set);
        }
        var request = new DicomDataSet().Set(DicomTags.RequestedProcedureID, "R1").Set(DicomTags.AccessionNumber, "");
        var keys = At("SERIES")
            .Set(DicomTags.StudyInstanceUID, "1.2.3")
            .Set(DicomTags.SeriesDate, "20260101-20260102")
            .Set(DicomTags.SeriesTime, "2300-0100");
        (await FindAsync(StudyRoot, keys, [0, 1], archive)).Should().HaveCount(2);
        (await FindAsync(StudyRoot, keys, [], archive)).Should().BeEmpty();
        keys.Set(DicomTags.SeriesTime, "").SetItems(DicomTags.RequestAttributesSequence, request);
        var answer = (await FindAsync(StudyRoot, keys, [], archive)).Single();
        answer.GetString(DicomTags.SeriesDate).Should().Be("20260102");
        var item = answer.GetItems(DicomTags.RequestAttributesSequence).Single();
        item.GetString(DicomTags.RequestedProcedureID).Should().Be("R1");
        item.Find(DicomTags.AccessionNumber)!.Value.IsEmpty.Should().BeTrue();
        item.Contains(DicomTags.ScheduledProcedureStepID).Should().BeFalse();
    }

    [Fact]
    public async Task Relational_queries_need_no_keys_above_their_level_where_they_were_agreed_on()
    {
        var series = await FindAsync(StudyRoot, At("SERIES").Set(DicomTags.PatientID, "P2"), [1]);
        series.Should().HaveCount(3).And.OnlyContain(s => s.GetString(DicomTags.PatientID) == "P2");
        var images = await FindAsync(
            PatientRoot,
            At("IMAGE").Set(DicomTags.AccessionNumber, "A1").Set(DicomTags.SOPInstanceUID, ""),
            [1]
        );
        images.Should().HaveCount(2);
        var uid = images[0].GetString(DicomTags.SOPInstanceUID)!;
        (await FindAsync(StudyRoot, At("IMAGE").Set(DicomTags.SOPInstanceUID, uid), [1])).Should().ContainSingle();
        var notAgreed = () => FindAsync(StudyRoot, At("IMAGE").Set(DicomTags.SOPInstanceUID, uid), [0, 1]);
        (await notAgreed.Should().ThrowAsync<DimseException>()).Which.Status.Code.Should().Be(0xA900);
    }

    [Fact]
    public async Task An_image_is_retrieved_by_its_uid_alone_where_that_was_agreed_on()
    {
        const string Get = DicomUids.StudyRootQueryRetrieveInformationModelGet;
        var image = _archive.Get<IStoredInstanceFeed>().ReadAfter(0, 1).Single();
        var keys = At("IMAGE").Set(DicomTags.SOPInstanceUID, image.SopInstanceUid);
        ProposedPair[] pairs = [new(Get), new(image.SopClassUid, image.TransferSyntaxUid, IsTaken: true)];
        await using var agreed = await _archive.ConnectAsync("TEST", pairs, extension: [1]);
        var taken = new Collected();
        (await agreed.GetAsync(Get, keys, taken)).Status.IsSuccess.Should().BeTrue();
        taken.Objects.Keys.Should().Equal(image.SopInstanceUid);
        await using var baseline = await _archive.ConnectAsync("TEST", pairs);
        (await baseline.GetAsync(Get, keys, taken)).Status.Code.Should().Be(0xA900);
    }

    [Fact]
    public async Task Names_need_only_be_alike_where_that_was_agreed_on()
    {
        var keys = Study().Set(DicomTags.SpecificCharacterSet, "ISO_IR 192").Set(DicomTags.PatientName, "jurgen");
        (await FindAsync(StudyRoot, keys, [0, 0, 1])).Should().ContainSingle();
        (await FindAsync(StudyRoot, keys, [1, 1])).Should().BeEmpty();
    }

    [Fact]
    public async Task Only_what_is_really_done_is_agreed_on()
    {
        var move = DicomUids.StudyRootQueryRetrieveInformationModelMove;
        await using var client = await _archive.ConnectAsync(
            "TEST",
            [new ProposedPair(StudyRoot), new ProposedPair(move)],
            extension: [1, 1, 0, 1, 1, 1]
        );
        client
            .Extensions.ToDictionary(e => e.SopClassUid, e => e.Value.ToArray())
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, byte[]> { [StudyRoot] = [1, 1, 0, 0, 0, 0], [move] = [1, 0, 0, 0, 0, 0] }
            );
        await using var timeZone = await _archive.ConnectAsync(
            "TEST",
            [new ProposedPair(StudyRoot)],
            extension: [0, 0, 0, 1]
        );
        timeZone.Extensions.Should().BeEmpty();
    }

    [Fact]
    public async Task A_modality_finds_nothing_because_it_may_not_ask()
    {
        _archive.Devices.Add(new Device("MOD", "127.0.0.1", 104, DeviceRole.Modality));
        await using var client = await _archive.ConnectAsync(
            "MOD",
            [
                new ProposedPair(StudyRoot),
                new ProposedPair(DicomUids.StudyRootQueryRetrieveInformationModelMove),
                new ProposedPair(DicomUids.StudyRootQueryRetrieveInformationModelGet),
                new ProposedPair(DicomUids.CTImageStorage),
                new ProposedPair(DicomUids.CTImageStorage, DicomUids.ImplicitVRLittleEndian, IsTaken: true),
                new ProposedPair(DicomUids.Verification),
            ]
        );
        client
            .Accepted.Select(a => a.SopClassUid)
            .Distinct()
            .Should()
            .BeEquivalentTo(DicomUids.CTImageStorage, DicomUids.Verification);
        client.Roles.Should().NotContain(r => r.Scp);
    }

    [Fact]
    public async Task Strangers_are_not_admitted()
    {
        await using var archive = new RetrieveArchive(fromThisMachine: null);
        archive.Devices.Add(new Device("MOD", "127.0.0.1", 104, DeviceRole.Modality));
        archive.Devices.Add(new Device("FAR", "192.0.2.1", 104, DeviceRole.Modality));
        archive.Devices.Add(new Device("TLS", "127.0.0.1", 104, DeviceRole.Modality, new string('A', 64)));
        await using var known = await archive.ConnectAsync("MOD", [new ProposedPair(DicomUids.Verification)]);
        foreach (var title in new[] { "TEST", "FAR", "TLS", "mod" })
        {
            var connect = () => archive.ConnectAsync(title, [new ProposedPair(DicomUids.Verification)]);
            (await connect.Should().ThrowAsync<AssociationException>(title)).WithMessage("*reason 3*");
        }
    }

    [Fact]
    public async Task Findscu_finds_and_is_told_of_keys_that_are_not_supported()
    {
        var (code, output) = await Tool.RunAsync(
            "findscu",
            [
                "-v",
                "-S",
                "-aec",
                "FIDUCIAL",
                "-k",
                "QueryRetrieveLevel=STUDY",
                "-k",
                "PatientName=doe*",
                "-k",
                "StudyDate=20200101-",
                "-k",
                "StudyInstanceUID",
                "-k",
                "ModalitiesInStudy",
                "-k",
                "0010,1000",
                "127.0.0.1",
                $"{_archive.Port}",
            ]
        );
        code.Should().Be(0, output);
        output.Should().Contain(_studies[0]).And.NotContain(_studies[1]).And.Contain("WarningUnsupportedOptionalKeys");
    }

    private async Task<List<DicomDataSet>> FindAsync(
        string model,
        DicomDataSet keys,
        byte[]? proposed = null,
        RetrieveArchive? archive = null
    )
    {
        await using var client = await (archive ?? _archive).ConnectAsync(
            "TEST",
            [new ProposedPair(model)],
            extension: proposed is [] ? null : proposed
        );
        var found = new List<DicomDataSet>();
        await foreach (var match in client.FindAsync(model, keys))
        {
            found.Add(match);
        }
        await client.ReleaseAsync();
        return found;
    }

    private static DicomDataSet Study() => At("STUDY");

    private static DicomDataSet At(string level) => new DicomDataSet().Set(DicomTags.QueryRetrieveLevel, level);
}

/// <summary>An archive with one, two and three images of three patients, at 10, 11 and 12 o'clock of the first three days of 2026.</summary>
public sealed class ThreeStudies : IAsyncLifetime
{
    internal RetrieveArchive Archive { get; } = new(database: TemporaryArchive.DatabaseOf(DicomUidFactory.New()));
    internal IReadOnlyList<string> Uids { get; } =
    [DicomUidFactory.New(), DicomUidFactory.New(), DicomUidFactory.New()];

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            for (var image = 0; image <= i; image++)
            {
                await Archive.SendAsync(
                    TestImages
                        .Grey(8, 8, studyUid: Uids[i])
                        .Set(DicomTags.SpecificCharacterSet, "ISO_IR 192")
                        .Set(DicomTags.StudyDate, $"2026010{i + 1}")
                        .Set(DicomTags.StudyTime, $"1{i}0000")
                        .Set(DicomTags.PatientID, $"P{i}")
                        .Set(
                            DicomTags.PatientName,
                            i == 2 ? "Иванова^Анна"
                                : i == 1 ? "Müller^Jürgen"
                                : "DOE^JANE^^^"
                        )
                        .Set(DicomTags.AccessionNumber, $"A{i}")
                );
            }
        }
    }

    public ValueTask DisposeAsync() => Archive.DisposeAsync();
}
