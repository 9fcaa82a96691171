using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fiducial.Archive.Devices;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Server.Bridges;
using Fiducial.Server.Commands;
using Fiducial.Server.Demonstration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Server.Tests;

/// <summary>A clinic, one exam, and its modality: ours and one of another make (dcmjs-dimse).</summary>
public sealed class ModalityTests : IAsyncLifetime
{
    private const string Worklist = DicomUids.ModalityWorklistInformationModelFind;
    private const string Mpps = DicomUids.ModalityPerformedProcedureStep;

    private readonly int _modalityPort = FreePort();
    private readonly string _folder = Directory.CreateTempSubdirectory("fiducial").FullName;
    private WebApplication _clinic = null!;
    private ExamRecord _exam = null!;
    private DemonstrationExam _drawing = null!;

    public async ValueTask InitializeAsync()
    {
        DataFolder.Claim(_folder, "demonstration");
        _clinic = ClinicApp.Build(
            new ClinicOptions
            {
                Data = _folder,
                Http = 0,
                Dicom = 0,
                IsDemonstration = true,
                Devices =
                [
                    new Device("MOD", "127.0.0.1", _modalityPort, DeviceRole.Modality),
                    new Device("WS", "127.0.0.1", 0, DeviceRole.Workstation),
                ],
            }
        );
        await ClinicApp.PrepareAsync(_clinic);
        await _clinic.StartAsync();
        _drawing = DemonstrationExams.All[0];
        await WithAsync(async s =>
        {
            var desk = s.GetRequiredService<ReferAndBook>();
            _exam = await desk.ReferAsync(_drawing, "FID-0001");
            await desk.BookAsync(_exam);
            await desk.ReceiveAsync(_exam);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _clinic.StopAsync();
        await _clinic.DisposeAsync();
    }

    [Fact]
    public async Task The_worklist_gives_the_booked_exam_with_the_step_inside_its_sequence()
    {
        var item = (await AskAsync(Keys())).Single(i =>
            i.GetString(DicomTags.AccessionNumber) == _exam.AccessionNumber
        );
        item.GetString(DicomTags.PatientID).Should().Be("FID-0001");
        item.GetString(DicomTags.PatientName).Should().Be(_exam.PatientName);
        item.GetString(DicomTags.PatientBirthDate).Should().Be(_exam.PatientBirthDate);
        item.GetString(DicomTags.PatientSex).Should().Be(_exam.PatientSex);
        item.GetString(DicomTags.StudyInstanceUID).Should().Be(DicomUidFactory.FromGuid(_exam.Id));
        item.GetString(DicomTags.RequestedProcedureID).Should().Be(_exam.AccessionNumber);
        item.GetString(DicomTags.SpecificCharacterSet).Should().Be("ISO_IR 100");
        item.Contains(DicomTags.MedicalAlerts).Should().BeTrue("what is asked for is answered, also empty");
        item.Contains(DicomTags.Modality).Should().BeFalse("it stands in the step");
        var step = item.GetItems(DicomTags.ScheduledProcedureStepSequence).Single();
        step.GetString(DicomTags.Modality).Should().Be("DX");
        step.GetString(DicomTags.ScheduledStationAETitle).Should().Be("MOD");
        step.GetString(DicomTags.ScheduledProcedureStepStartDate).Should().HaveLength(8);
        step.GetString(DicomTags.ScheduledProcedureStepStartTime).Should().HaveLength(6);
        step.GetString(DicomTags.ScheduledProcedureStepID).Should().Be(_exam.AccessionNumber);
        var day = step.GetString(DicomTags.ScheduledProcedureStepStartDate)!;

        (await AskAsync(Keys(s => s.Set(DicomTags.ScheduledProcedureStepStartDate, $"{day}-")))).Should().NotBeEmpty();
        (await AskAsync(Keys(s => s.Set(DicomTags.ScheduledProcedureStepStartDate, "19990101-19991231"))))
            .Should()
            .BeEmpty();
        (await AskAsync(Keys(s => s.Set(DicomTags.Modality, "CT")))).Should().BeEmpty();
        (await AskAsync(Keys(s => s.Set(DicomTags.ScheduledStationAETitle, "OTHER")))).Should().BeEmpty();
        (await AskAsync(Keys().Set(DicomTags.PatientName, "nobody*"))).Should().BeEmpty();
    }

    [Fact]
    public async Task Performed_step_and_commitment_become_evidence_and_the_modality_gets_nothing_else()
    {
        var images = await SendImagesAsync();
        await using var client = await ConnectAsync("MOD", Mpps, DicomUids.StorageCommitmentPushModel);
        var step = DicomUidFactory.New();
        (await client.CreateAsync(Mpps, step, Step("COMPLETED"))).Status.Code.Should().Be(0x0106);
        (await client.CreateAsync(Mpps, step, Step("IN PROGRESS"))).Status.IsSuccess.Should().BeTrue();
        (await client.CreateAsync(Mpps, step, Step("IN PROGRESS"))).Status.Code.Should().Be(0x0111);
        (await client.SetAsync(Mpps, "1.2.3", Ended("COMPLETED", images))).Status.Code.Should().Be(0x0112);
        (await client.SetAsync(Mpps, step, Ended("COMPLETED", images))).Status.IsSuccess.Should().BeTrue();
        (await client.SetAsync(Mpps, step, Ended("DISCONTINUED", images))).Status.Code.Should().Be(0x0110);

        var events = new Events();
        // The modality does not listen yet: the answer is tried again.
        (
            await client.ActionAsync(
                DicomUids.StorageCommitmentPushModel,
                DicomUids.StorageCommitmentPushModelInstance,
                1,
                Request("1.2.9", images)
            )
        )
            .Status.IsSuccess.Should()
            .BeTrue();
        await Task.Delay(500);
        await using var modality = Modality(events);
        await UntilAsync(() => events.Seen.Count == 1);
        events.Seen[0].Type.Should().Be(1);
        events.Seen[0].Set.GetItems(DicomTags.ReferencedSOPSequence).Should().HaveCount(images.Count);
        (
            await client.ActionAsync(
                DicomUids.StorageCommitmentPushModel,
                DicomUids.StorageCommitmentPushModelInstance,
                1,
                Request("1.2.10", [.. images, "1.2.3.4"])
            )
        )
            .Status.IsSuccess.Should()
            .BeTrue();
        await UntilAsync(() => events.Seen.Count == 2);
        events.Seen[1].Type.Should().Be(2);
        events
            .Seen[1]
            .Set.GetItems(DicomTags.FailedSOPSequence)
            .Single()
            .GetInt(DicomTags.FailureReason)
            .Should()
            .Be(0x0112);
        await client.ReleaseAsync();

        var evidence = await CompleteAsync(images.Count);
        ((string?)evidence["storageCommitment"]).Should().Contain($"{images.Count} of {images.Count} images committed");
        ((string?)evidence["mpps"]).Should().StartWith("COMPLETED by MOD").And.Contain($"{images.Count} images");

        await using var refused = await ConnectAsync(
            "MOD",
            [.. RetrieveClasses.Find, .. RetrieveClasses.Move, .. RetrieveClasses.Get, DicomUids.Verification]
        );
        refused.Accepted.Select(a => a.SopClassUid).Should().Equal(DicomUids.Verification);
        await refused.ReleaseAsync();
        await using var workstation = await ConnectAsync("WS", RetrieveClasses.Find[1], Worklist, Mpps);
        workstation.Accepted.Select(a => a.SopClassUid).Should().Equal(RetrieveClasses.Find[1]);
        var found = 0;
        await foreach (
            var _ in workstation.FindAsync(
                RetrieveClasses.Find[1],
                new DicomDataSet().Set(DicomTags.QueryRetrieveLevel, "STUDY").Set(DicomTags.StudyInstanceUID, "")
            )
        )
        {
            found++;
        }
        found.Should().Be(1);
    }

    [Fact]
    public async Task Without_a_request_for_commitment_the_evidence_says_so()
    {
        var images = await SendImagesAsync();
        var evidence = await CompleteAsync(images.Count);
        ((string?)evidence["storageCommitment"]).Should().Be("not requested by the modality");
        ((string?)evidence["mpps"]).Should().StartWith("none");
    }

    [Fact]
    public async Task A_modality_of_another_make_works_from_worklist_to_commitment()
    {
        await DcmjsDimse.InstalledAsync();
        var images = await SendImagesAsync();
        using var told = await DcmjsDimse.RunAsync(
            "modality.cjs",
            $"{_clinic.Services.GetRequiredService<DicomHost>().Port}",
            $"{_modalityPort}",
            _exam.AccessionNumber,
            string.Join(',', images)
        );
        var item = told.RootElement.GetProperty("worklist")[0];
        item.GetProperty("StudyInstanceUID").GetString().Should().Be(DicomUidFactory.FromGuid(_exam.Id));
        Statuses(told, "create").Should().Equal(0, 0x0111);
        Statuses(told, "set").Should().Equal(0x0112, 0, 0, 0x0110);
        Statuses(told, "action").Should().Equal(0, 0);
        told.RootElement.GetProperty("events")
            .EnumerateArray()
            .Select(e => e.GetProperty("type").GetInt32())
            .Should()
            .Equal(1, 2);
        var evidence = await CompleteAsync(images.Count);
        ((string?)evidence["storageCommitment"]).Should().Contain("2 of 2 requests answered");
        ((string?)evidence["mpps"]).Should().StartWith("COMPLETED by MOD");
    }

    private static int[] Statuses(JsonDocument told, string of) =>
        [.. told.RootElement.GetProperty(of).EnumerateArray().Select(s => s.GetInt32())];

    private async Task<IReadOnlyList<string>> SendImagesAsync()
    {
        var images = new List<string>();
        await WithAsync(async s =>
        {
            var pathway = s.GetRequiredService<PathwayEngine>();
            var tessa = await s.GetRequiredService<UserManager<People.Person>>().ActorAsync("tessa");
            var timeOut = new JsonObject
            {
                ["patientConfirmed"] = true,
                ["examConfirmed"] = true,
                ["sideConfirmed"] = true,
            };
            ReferAndBook.Must(await pathway.TakeAsync(new StepRequest(_exam.Id, "E3", tessa, timeOut)));
            var sent = await SendDrawing.RunAsync(
                _drawing,
                _exam,
                _clinic.Services.GetRequiredService<DicomHost>().Port,
                TimeProvider.System
            );
            await s.GetRequiredService<ReferAndBook>().WaitAsync(_exam.Id, e => e.ImageCount == sent);
            images = await s.GetRequiredService<ClinicDb>()
                .Set<ImageRecord>()
                .Where(i => i.ExamId == _exam.Id)
                .Select(i => i.SopInstanceUid)
                .ToListAsync();
        });
        return images;
    }

    /// <summary>Completes the exam and gives the evidence of its verification.</summary>
    private async Task<JsonObject> CompleteAsync(int images)
    {
        JsonObject? evidence = null;
        await WithAsync(async s =>
        {
            var tessa = await s.GetRequiredService<UserManager<People.Person>>().ActorAsync("tessa");
            var complete = new JsonObject { ["qualityAccepted"] = true, ["manifestCount"] = images };
            ReferAndBook.Must(
                await s.GetRequiredService<PathwayEngine>().TakeAsync(new StepRequest(_exam.Id, "E5", tessa, complete))
            );
            await s.GetRequiredService<ReferAndBook>().WaitAsync(_exam.Id, e => e.Images is "verified");
            var entry = await s.GetRequiredService<ClinicDb>()
                .Set<LedgerEntry>()
                .SingleAsync(e => e.ExamId == _exam.Id && e.Step == "I6" && e.Taken);
            evidence = JsonNode.Parse(entry.Evidence)!.AsObject();
        });
        return evidence!;
    }

    private async Task<List<DicomDataSet>> AskAsync(DicomDataSet keys)
    {
        await using var client = await ConnectAsync("MOD", Worklist);
        var items = new List<DicomDataSet>();
        await foreach (var item in client.FindAsync(Worklist, keys))
        {
            items.Add(item);
        }
        await client.ReleaseAsync();
        return items;
    }

    private Task<DicomClient> ConnectAsync(string title, params IEnumerable<string> classes) =>
        DicomClient.ConnectAsync(
            "127.0.0.1",
            _clinic.Services.GetRequiredService<DicomHost>().Port,
            title,
            "FIDUCIAL",
            DicomClientOptions.ContextsOf(classes.Select(c => (c, DicomUids.ExplicitVRLittleEndian)))
        );

    private static DicomDataSet Keys(Action<DicomDataSet>? change = null)
    {
        var step = new DicomDataSet()
            .Set(DicomTags.Modality, "DX")
            .Set(DicomTags.ScheduledStationAETitle, "")
            .Set(DicomTags.ScheduledProcedureStepStartDate, "")
            .Set(DicomTags.ScheduledProcedureStepStartTime, "")
            .Set(DicomTags.ScheduledProcedureStepID, "");
        change?.Invoke(step);
        return new DicomDataSet()
            .Set(DicomTags.PatientName, "")
            .Set(DicomTags.PatientID, "")
            .Set(DicomTags.PatientBirthDate, "")
            .Set(DicomTags.PatientSex, "")
            .Set(DicomTags.AccessionNumber, "")
            .Set(DicomTags.StudyInstanceUID, "")
            .Set(DicomTags.RequestedProcedureID, "")
            .Set(DicomTags.MedicalAlerts, "")
            // As consoles send it, zero in place of empty.
            .Set(DicomTags.PregnancyStatus, 0)
            .SetItems(DicomTags.ScheduledProcedureStepSequence, step);
    }

    private DicomDataSet Step(string status) =>
        new DicomDataSet()
            .Set(DicomTags.PerformedStationAETitle, "MOD")
            .Set(DicomTags.PerformedProcedureStepStatus, status)
            .SetItems(
                DicomTags.ScheduledStepAttributesSequence,
                new DicomDataSet().Set(DicomTags.ScheduledProcedureStepID, _exam.AccessionNumber)
            );

    private static DicomDataSet Ended(string status, IReadOnlyList<string> images) =>
        new DicomDataSet()
            .Set(DicomTags.PerformedProcedureStepStatus, status)
            .SetItems(
                DicomTags.PerformedSeriesSequence,
                new DicomDataSet().SetItems(DicomTags.ReferencedImageSequence, [.. images.Select(Reference)])
            );

    private static DicomDataSet Request(string transaction, IReadOnlyList<string> images) =>
        new DicomDataSet()
            .Set(DicomTags.TransactionUID, transaction)
            .SetItems(DicomTags.ReferencedSOPSequence, [.. images.Select(Reference)]);

    private static DicomDataSet Reference(string image) =>
        new DicomDataSet()
            .Set(DicomTags.ReferencedSOPClassUID, DicomUids.DigitalXRayImageStorageForPresentation)
            .Set(DicomTags.ReferencedSOPInstanceUID, image);

    private DicomServer Modality(Events events)
    {
        var server = new DicomServer(
            new DicomServerOptions { Port = _modalityPort, AETitle = "MOD" },
            new DevicePolicy(new DeviceRegistry([], DeviceRole.PeerArchive)),
            store: null,
            Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance,
            [events]
        );
        server.Start();
        return server;
    }

    private async Task WithAsync(Func<IServiceProvider, Task> use)
    {
        await using var scope = _clinic.Services.CreateAsyncScope();
        await use(scope.ServiceProvider);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(60));
            await Task.Delay(50);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The modality's side of storage commitment.</summary>
    private sealed class Events : IDimseService
    {
        public List<(ushort Type, DicomDataSet Set)> Seen { get; } = [];

        public IReadOnlyCollection<string> SopClasses { get; } = [DicomUids.StorageCommitmentPushModel];

        public bool AllowsRequestorAsScp => true;

        public async Task ServeAsync(DimseRequest request, CancellationToken ct)
        {
            Seen.Add((request.Command.EventTypeId, request.DataSet!));
            await request.RespondAsync(DimseStatus.Success, ct: ct);
        }
    }
}
