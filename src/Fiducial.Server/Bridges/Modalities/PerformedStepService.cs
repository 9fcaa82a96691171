using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Foundation.Live;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Bridges.Modalities;

/// <summary>
/// Modality Performed Procedure Step (PS3.4 F.7): a modality begins, changes and ends its step. What it reports is kept as evidence; the
/// steps of the pathway are taken by people.
/// </summary>
internal sealed partial class PerformedStepService(
    IServiceScopeFactory scopes,
    LiveEvents live,
    TimeProvider clock,
    ILogger<PerformedStepService> log
) : IDimseService
{
    // PS3.4 F.7.2.2.2: the step may no longer be updated.
    private const ushort NoLongerUpdated = 0xA710;

    // One at a time: N-CREATE and N-SET of one step may come on two associations.
    private readonly SemaphoreSlim _one = new(1);

    public IReadOnlyCollection<string> SopClasses { get; } = [DicomUids.ModalityPerformedProcedureStep];

    public async Task ServeAsync(DimseRequest request, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
            var exams = request.Command.CommandField switch
            {
                CommandField.NCreateRequest => await CreateAsync(db, request, ct),
                CommandField.NSetRequest => await SetAsync(db, request, ct),
                _ => throw new DimseException(DimseStatus.UnrecognizedOperation),
            };
            foreach (var exam in exams)
            {
                live.Publish($"exam:{exam:D}", new LiveEvent("exam", ""));
            }
        }
        finally
        {
            _one.Release();
        }
        await request.RespondAsync(DimseStatus.Success, ct: ct);
    }

    private async Task<IReadOnlyList<Guid>> CreateAsync(ClinicDb db, DimseRequest request, CancellationToken ct)
    {
        var uid = request.Command.SopInstanceUid;
        var set = request.DataSet ?? throw Refused(0x0120, "The step has no attributes");
        if (uid.Length == 0)
        {
            throw Refused(0x0117, "The modality gives the SOP Instance UID of its step");
        }
        if (set.GetString(DicomTags.PerformedProcedureStepStatus) is not "IN PROGRESS")
        {
            throw Refused(0x0106, "A step is created IN PROGRESS");
        }
        if (await db.Set<PerformedStep>().AnyAsync(s => s.Uid == uid, ct))
        {
            throw Refused(0x0111, "This step was created before");
        }
        var step = new PerformedStep
        {
            Uid = uid,
            Status = "IN PROGRESS",
            StationAETitle = set.GetString(DicomTags.PerformedStationAETitle) ?? request.Peer.AETitle,
            StartedAt = clock.GetUtcNow(),
            Attributes = BytesOf(set),
        };
        db.Add(step);
        var exams = await ExamsAsync(db, set, ct);
        foreach (var exam in exams)
        {
            db.Add(new PerformedStepExam { StepUid = uid, ExamId = exam });
        }
        await db.SaveChangesAsync(ct);
        if (exams.Count == 0)
        {
            LogUnscheduled(step.StationAETitle, uid);
        }
        return exams;
    }

    private async Task<IReadOnlyList<Guid>> SetAsync(ClinicDb db, DimseRequest request, CancellationToken ct)
    {
        var uid = request.Command.SopInstanceUid;
        var changes = request.DataSet ?? throw Refused(0x0120, "The change has no attributes");
        var step =
            await db.Set<PerformedStep>().FirstOrDefaultAsync(s => s.Uid == uid, ct)
            ?? throw Refused(0x0112, "This step was not created");
        if (step.IsFinal)
        {
            throw new DimseException(
                new DimseStatus(0x0110, $"The step is {step.Status} and may no longer be updated", NoLongerUpdated)
            );
        }
        var status = changes.GetString(DicomTags.PerformedProcedureStepStatus) ?? step.Status;
        if (status is not ("IN PROGRESS" or "COMPLETED" or "DISCONTINUED"))
        {
            throw Refused(0x0106, "A step is IN PROGRESS, COMPLETED or DISCONTINUED");
        }
        // Consoles send what has changed and leave out who the patient is: what was created stays beneath it.
        var whole = DicomFile.ReadDataSet(step.Attributes, TransferSyntax.ExplicitVRLittleEndian, Whole, out _);
        foreach (var element in changes)
        {
            whole.Add(element);
        }
        (step.Status, step.Attributes) = (status, BytesOf(whole));
        step.ImageCount = ImagesOf(whole).Distinct(StringComparer.Ordinal).Count();
        if (step.IsFinal)
        {
            step.EndedAt = clock.GetUtcNow();
            step.DiscontinuationReason = whole.GetItems(
                DicomTags.PerformedProcedureStepDiscontinuationReasonCodeSequence
            )
                is [var reason, ..]
                ? reason.GetString(DicomTags.CodeMeaning) ?? reason.GetString(DicomTags.CodeValue) ?? ""
                : "";
        }
        await db.SaveChangesAsync(ct);
        return await db.Set<PerformedStepExam>().Where(e => e.StepUid == uid).Select(e => e.ExamId).ToListAsync(ct);
    }

    // Each scheduled step that is named, by the first of these that is known: accession number, step id, study.
    private static async Task<IReadOnlyList<Guid>> ExamsAsync(ClinicDb db, DicomDataSet set, CancellationToken ct)
    {
        var exams = new List<Guid>();
        foreach (var scheduled in set.GetItems(DicomTags.ScheduledStepAttributesSequence))
        {
            var accession = scheduled.GetString(DicomTags.AccessionNumber) ?? "";
            var id = scheduled.GetString(DicomTags.ScheduledProcedureStepID) ?? "";
            var study = scheduled.GetString(DicomTags.StudyInstanceUID) ?? "";
            var found = await db.Set<ExamRecord>()
                .Where(e =>
                    (accession != "" && e.AccessionNumber == accession)
                    || (id != "" && e.AccessionNumber == id)
                    || (study != "" && e.StudyInstanceUid == study)
                )
                .Select(e => e.Id)
                .ToListAsync(ct);
            exams.AddRange(found);
        }
        return [.. exams.Distinct()];
    }

    private static IEnumerable<string> ImagesOf(DicomDataSet set) =>
        set.GetItems(DicomTags.PerformedSeriesSequence)
            .SelectMany(s =>
                s.GetItems(DicomTags.ReferencedImageSequence)
                    .Concat(s.GetItems(DicomTags.ReferencedNonImageCompositeSOPInstanceSequence))
            )
            .Select(i => i.GetString(DicomTags.ReferencedSOPInstanceUID) ?? "");

    private static DicomReadOptions Whole { get; } = new() { LargestValueLoaded = long.MaxValue };

    private static byte[] BytesOf(DicomDataSet set)
    {
        using var bytes = new MemoryStream();
        DicomFile.WriteDataSet(bytes, set, TransferSyntax.ExplicitVRLittleEndian);
        return bytes.ToArray();
    }

    private static DimseException Refused(ushort code, string sentence) => new(new DimseStatus(code, sentence));

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{station} performs a step ({uid}) that belongs to no exam that is known; it is kept."
    )]
    private partial void LogUnscheduled(string station, string uid);
}
