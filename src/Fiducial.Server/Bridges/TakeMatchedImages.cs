using Fiducial.Archive;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Bridges;

/// <summary>After I7: the images that waited in quarantine come to their exam, each as it would have come at once (I3).</summary>
internal sealed class TakeMatchedImages(PathwayEngine pathway, IImageArchive archive, ClinicDb db) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Images is not "receiving")
        {
            return;
        }
        var there = await db.Set<ImageRecord>()
            .AsNoTracking()
            .Where(i => i.ExamId == exam.Id)
            .Select(i => i.SopInstanceUid)
            .ToListAsync(ct);
        // What interprets images stays with the archive (ImagesArrive).
        var images = archive.FindStudy(exam.StudyInstanceUid).Where(i => !i.IsInterpretive);
        foreach (var image in images.ExceptBy(there, i => i.SopInstanceUid))
        {
            var modality = Actor.Modality(image.CallingAE.Length > 0 ? image.CallingAE : "UNKNOWN");
            await pathway.TakeAsync(ImagesArrive.Arrival(exam, image, modality), ct);
        }
    }
}
