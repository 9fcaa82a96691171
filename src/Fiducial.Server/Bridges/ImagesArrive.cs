using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fiducial.Archive;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Protocols;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Bridges;

/// <summary>How far the archive's feed has been read. The images themselves are recorded by the steps I1, I2 and I3.</summary>
internal sealed class FeedPosition
{
    public int Id { get; init; }
    public long Position { get; set; }
}

internal sealed class FeedModel : IModelPart
{
    public void Configure(ModelBuilder model) =>
        model.Entity<FeedPosition>(e => e.ToTable("feed_position").HasKey(x => x.Id));
}

/// <summary>
/// "Instances of study X stored": from the archive's feed to the pathway. An image belongs to the exam of its accession number when the
/// patient agrees; when the patient disagrees the exam's images are quarantined; without an exam they wait in a quarantine case of their own (I2).
/// </summary>
internal sealed partial class ImagesArrive(
    IStoredInstanceFeed feed,
    IServiceScopeFactory scopes,
    ILogger<ImagesArrive> log
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var position = await ReadAsync(stoppingToken);
                await feed.WaitAsync(position, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task<long> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ClinicDb>();
            var pathway = scope.ServiceProvider.GetRequiredService<PathwayEngine>();
            var place = await db.Set<FeedPosition>().FirstOrDefaultAsync(p => p.Id == 1, ct);
            if (place is null)
            {
                db.Add(place = new FeedPosition { Id = 1 });
            }
            var images = feed.ReadAfter(place.Position, 20);
            if (images.Count == 0)
            {
                return place.Position;
            }
            foreach (var image in images)
            {
                await RecordAsync(db, pathway, image, ct);
                place.Position = image.Position;
            }
            await db.SaveChangesAsync(ct);
        }
    }

    private async Task RecordAsync(ClinicDb db, PathwayEngine pathway, StoredInstance image, CancellationToken ct)
    {
        // What interprets images is a result, wherever it comes from: it stays with the archive, for those who may see results, and
        // moves nothing that the exam room sees.
        if (image.IsInterpretive)
        {
            return;
        }
        if (await ExamOfAsync(db, image, ct) is not { } exam)
        {
            await pathway.TakeAsync(Unmatched(image), ct);
            return;
        }
        if (
            await db.Set<ImageRecord>()
                .AnyAsync(i => i.ExamId == exam.Id && i.SopInstanceUid == image.SopInstanceUid, ct)
        )
        {
            return;
        }
        if (Conflict(exam, image) is { } conflict)
        {
            if (exam.Images is "none" or "receiving")
            {
                await pathway.TakeAsync(new StepRequest(exam.Id, "I2", Actor.System, Quarantined(image, conflict)), ct);
            }
            return;
        }
        var modality = Actor.Modality(image.CallingAE.Length > 0 ? image.CallingAE : "UNKNOWN");
        if (exam.Images is "none")
        {
            var opened = new JsonObject
            {
                ["accessionNumber"] = image.AccessionNumber,
                ["studyInstanceUid"] = image.StudyInstanceUid,
                ["association"] = modality.Id,
            };
            await pathway.TakeAsync(new StepRequest(exam.Id, "I1", modality, opened), ct);
        }
        else if (exam.Images is "incomplete" or "verified")
        {
            var late = new JsonObject { ["sopInstanceUid"] = image.SopInstanceUid };
            await pathway.TakeAsync(new StepRequest(exam.Id, "I5", modality, late), ct);
        }
        await pathway.TakeAsync(Arrival(exam, image, modality), ct);
    }

    // By the number with which it came; images without an order that is known by the study under which they wait.
    private static async Task<ExamRecord?> ExamOfAsync(ClinicDb db, StoredInstance image, CancellationToken ct)
    {
        var exams = db.Set<ExamRecord>().AsNoTracking();
        var (number, study) = (image.AccessionNumber, image.StudyInstanceUid);
        return (number.Length == 0 ? null : await exams.FirstOrDefaultAsync(e => e.AccessionNumber == number, ct))
            ?? await exams.OrderBy(e => e.Order == "none").FirstOrDefaultAsync(e => e.StudyInstanceUid == study, ct);
    }

    // G3: a case of its own, named by its study, so that the other images of the study, and another server, come to the same.
    private static StepRequest Unmatched(StoredInstance image)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(image.StudyInstanceUid));
        var name = Convert.ToHexString(hash.AsSpan(0, 4));
        var evidence = Quarantined(image, "No order has the accession number of these images.");
        evidence["accessionNumber"] = image.AccessionNumber.Length > 0 ? image.AccessionNumber : $"Q{name}";
        evidence["temporaryId"] = $"UNMATCHED-{name}";
        evidence["modality"] = image.Modality;
        return new StepRequest(new Guid(hash.AsSpan(0, 16)), "I2", Actor.System, evidence);
    }

    private static JsonObject Quarantined(StoredInstance image, string conflict) =>
        new()
        {
            ["conflict"] = conflict,
            ["sopInstanceUid"] = image.SopInstanceUid,
            ["studyInstanceUid"] = image.StudyInstanceUid,
            ["header"] = new JsonObject
            {
                ["patientId"] = image.PatientId,
                ["patientName"] = image.PatientName,
                ["patientBirthDate"] = image.PatientBirthDate,
                ["patientSex"] = image.PatientSex,
                ["accessionNumber"] = image.AccessionNumber,
            },
        };

    internal static StepRequest Arrival(ExamRecord exam, StoredInstance image, Actor modality)
    {
        var evidence = new JsonObject
        {
            ["sopInstanceUid"] = image.SopInstanceUid,
            ["seriesInstanceUid"] = image.SeriesInstanceUid,
            ["sha256"] = image.Sha256,
            ["transferSyntax"] = image.TransferSyntaxUid,
            ["modality"] = image.Modality,
            ["view"] =
                ProtocolBook
                    .Find(exam.ProtocolCode)
                    ?.ViewOf(image.ViewPosition, image.ProtocolName, image.SeriesDescription)
                ?? "",
            ["laterality"] = image.Laterality,
            ["seriesDescription"] = image.SeriesDescription,
            ["instanceNumber"] = image.InstanceNumber ?? 0,
            ["numberOfFrames"] = image.NumberOfFrames,
        };
        return new StepRequest(exam.Id, "I3", modality, evidence)
        {
            Within = (taken, _) =>
            {
                taken.Db.Add(ImageRecord.Of(taken.Entry));
                return Task.CompletedTask;
            },
        };
    }

    private static string? Conflict(ExamRecord exam, StoredInstance image) =>
        image.PatientId != exam.PatientId ? "The patient identifier differs from the order."
        : image.PatientBirthDate.Length > 0
        && exam.PatientBirthDate.Length > 0
        && image.PatientBirthDate != exam.PatientBirthDate
            ? "The birth date differs from the order."
        : image.PatientSex.Length > 0 && exam.PatientSex.Length > 0 && image.PatientSex != exam.PatientSex
            ? "The sex differs from the order."
        : exam.StudyInstanceUid.Length > 0 && exam.StudyInstanceUid != image.StudyInstanceUid
            ? "The study differs from the one that the exam has."
        : ProtocolBook.Find(exam.ProtocolCode)?.Covers(image.Modality) is false ? "The modality differs from the order."
        : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "Images that were stored could not be recorded; trying again.")]
    private partial void LogFailed(Exception e);
}
