using System.Text.Json.Nodes;
using Fiducial.Archive;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Storage;

namespace Fiducial.Server.Bridges;

/// <summary>
/// After E5, and whenever images open again (E6, I5, I7): every file is read and hashed again and copied a second time; when count, hashes, copies and syntax are right the images
/// are verified (I6). While images are missing it is tried again, with growing pauses.
/// </summary>
internal sealed class VerifyTransfer(
    PathwayEngine pathway,
    IImageVerification archive,
    IStorageCommitments commitments,
    ClinicDb db
) : IStepFollower
{
    public async Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct)
    {
        if (exam.Images is not "receiving")
        {
            return;
        }
        // While the exam is done again the technologist has not yet said how many images there will be.
        if (exam.Exam is "in_progress")
        {
            return;
        }
        var receipt = await archive.VerifyStudyAsync(exam.StudyInstanceUid, ct);
        // An exam that was stopped may have no manifest: what has arrived is what there is.
        var due = exam.ManifestCount > 0 ? Math.Max(exam.ManifestCount, exam.ImageCount) : exam.ImageCount;
        // A report or a key object selection that came with the images is kept beside them and counted by nobody.
        var stored = receipt.Instances.Count(i => !i.IsInterpretive);
        if (stored < due || exam.ImageCount < due)
        {
            throw new InvalidOperationException("The modality has not sent every image yet.");
        }
        var evidence = new JsonObject
        {
            ["manifestCount"] = due,
            ["storedCount"] = stored,
            ["hashesEqual"] = receipt.Instances.All(i => i.Sha256OnDisk == i.Sha256AtReceive),
            ["twoCopies"] = receipt.Instances.All(i => i.Sha256OfSecondCopy == i.Sha256AtReceive),
            ["lossless"] = receipt.Instances.All(i => i.IsLossless),
            ["storageCommitment"] = Say(commitments.About(exam.StudyInstanceUid), receipt.InstanceCount),
            ["mpps"] = PerformedSteps.Say(await db.PerformedStepsAsync(exam.Id, ct)),
            ["problems"] = new JsonArray([.. receipt.Problems.Take(10).Select(p => JsonValue.Create(p))]),
        };
        await pathway.TakeAsync(new StepRequest(exam.Id, "I6", Actor.System, evidence), ct);
    }

    // No more than what happened.
    private static string Say(CommitmentsOfStudy c, int images) =>
        c.Requests == 0
            ? "not requested by the modality"
            : FormattableString.Invariant(
                $"requested by {string.Join(", ", c.AETitles)}: {c.Committed} of {images} images committed; {c.Answered} of {c.Requests} requests answered"
            );
}
