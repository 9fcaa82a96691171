using System.Globalization;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Bridges.Modalities;

/// <summary>Modality Worklist (PS3.4 K): the exams that are booked and not yet acquired, as the modality's console wants them.</summary>
internal sealed class WorklistService(IServiceScopeFactory scopes, BusinessCalendar calendar) : IDimseService
{
    public IReadOnlyCollection<string> SopClasses { get; } = [DicomUids.ModalityWorklistInformationModelFind];

    public async Task ServeAsync(DimseRequest request, CancellationToken ct)
    {
        if (request.Command.CommandField is not CommandField.CFindRequest)
        {
            throw new DimseException(DimseStatus.UnrecognizedOperation);
        }
        var keys =
            request.DataSet ?? throw new DimseException(DimseStatus.DataSetMismatch("The request has no identifier"));
        var text = new AnswerText(keys);
        foreach (var exam in await DueAsync(ct))
        {
            var item = Item(exam, request.Peer.AETitle);
            if (!AttributeMatching.Matches(keys, item))
            {
                continue;
            }
            if (await request.IsCancelledAsync(ct))
            {
                await request.RespondAsync(DimseStatus.Cancelled, ct: ct);
                return;
            }
            await request.RespondAsync(DimseStatus.Pending, AttributeMatching.Answer(keys, item, text), ct: ct);
        }
        await request.RespondAsync(DimseStatus.Success, ct: ct);
    }

    private async Task<List<ExamRecord>> DueAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
        return await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e =>
                (e.Order == "protocolled" || e.Order == "scheduled")
                && (e.Exam == "none" || e.Exam == "arrived" || e.Exam == "in_progress" || e.Exam == "recall_due")
                && e.Access != "frozen"
            )
            .OrderBy(e => e.ScheduledAt)
            .ThenBy(e => e.AccessionNumber)
            .ToListAsync(ct);
    }

    // Any station of its modality may take it, so the one that asks is the one for which it is scheduled.
    private DicomDataSet Item(ExamRecord exam, string station)
    {
        var at = exam.ScheduledAt ?? exam.ArrivedAt ?? exam.RequestedAt;
        var start = at is { } time ? calendar.Local(time).DateTime : (DateTime?)null;
        var step = new DicomDataSet()
            .Set(DicomTags.Modality, exam.Modality)
            .Set(DicomTags.ScheduledStationAETitle, station)
            .Set(DicomTags.ScheduledProcedureStepStartDate, Text(start, "yyyyMMdd"))
            .Set(DicomTags.ScheduledProcedureStepStartTime, Text(start, "HHmmss"))
            .Set(DicomTags.ScheduledProcedureStepDescription, Wording.What(exam))
            .SetItems(DicomTags.ScheduledProtocolCodeSequence, Code(exam))
            .Set(DicomTags.ScheduledProcedureStepID, exam.AccessionNumber)
            .Set(DicomTags.ScheduledStationName, exam.Room)
            .Set(DicomTags.ScheduledProcedureStepLocation, exam.Room)
            .Set(
                DicomTags.ScheduledProcedureStepStatus,
                exam.Exam switch
                {
                    "in_progress" => "STARTED",
                    "arrived" => "ARRIVED",
                    _ => "SCHEDULED",
                }
            );
        return new DicomDataSet()
            .Set(DicomTags.SpecificCharacterSet, "ISO_IR 192")
            .Set(DicomTags.AccessionNumber, exam.AccessionNumber)
            .Set(DicomTags.ReferringPhysicianName, exam.ResponsibleDoctorName)
            .Set(DicomTags.PatientName, exam.PatientName)
            .Set(DicomTags.PatientID, exam.PatientId)
            .Set(DicomTags.PatientBirthDate, exam.PatientBirthDate)
            .Set(DicomTags.PatientSex, exam.PatientSex)
            .Set(DicomTags.StudyInstanceUID, StudyOf(exam))
            .Set(DicomTags.RequestingPhysician, exam.ResponsibleDoctorName)
            .Set(DicomTags.RequestedProcedureDescription, Wording.What(exam))
            .SetItems(DicomTags.RequestedProcedureCodeSequence, Code(exam))
            .Set(DicomTags.RequestedProcedureID, exam.AccessionNumber)
            .Set(DicomTags.RequestedProcedurePriority, exam.Priority)
            .Set(DicomTags.ReasonForTheRequestedProcedure, exam.Indication)
            .SetItems(DicomTags.ScheduledProcedureStepSequence, step);
    }

    /// <summary>The study that the exam has, or that it will have: always the same, so that a console may ask twice.</summary>
    public static string StudyOf(ExamRecord exam) =>
        exam.StudyInstanceUid.Length > 0 ? exam.StudyInstanceUid : DicomUidFactory.FromGuid(exam.Id);

    private static DicomDataSet Code(ExamRecord exam) =>
        new DicomDataSet()
            .Set(DicomTags.CodeValue, exam.ProtocolCode)
            .Set(DicomTags.CodingSchemeDesignator, "99FIDUCIAL")
            .Set(DicomTags.CodeMeaning, exam.Procedure);

    private static string Text(DateTime? time, string format) =>
        time?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
