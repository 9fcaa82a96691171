using Fiducial.Archive;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;

namespace Fiducial.Server.Doors;

/// <summary>DICOMweb within a clinic: each study is asked for at the <see cref="StudyDoor"/>.</summary>
internal sealed class ClinicGate(StudyDoor door) : IDicomWebGate
{
    public ValueTask<StudyAccess> MayReadAsync(HttpContext context, string studyInstanceUid, CancellationToken ct) =>
        AccessAsync(context, studyInstanceUid, StudyAccess.None, ct);

    public ValueTask<bool> MaySearchAsync(HttpContext context, CancellationToken ct) =>
        ValueTask.FromResult(IsReader(context.User.Actor()));

    // Images come from modalities, which store by DICOM; nobody who can sign in here makes any.
    public ValueTask<bool> MayStoreAsync(HttpContext context, CancellationToken ct) => ValueTask.FromResult(false);

    // Images without an order are read by radiologists on the medical director's authority (pathway G3).
    public ValueTask<StudyAccess> MayReadQuarantineAsync(
        HttpContext context,
        string studyInstanceUid,
        CancellationToken ct
    ) =>
        IsReader(context.User.Actor())
            ? AccessAsync(context, studyInstanceUid, StudyAccess.ImagesAndResults, ct)
            : ValueTask.FromResult(StudyAccess.None);

    private static bool IsReader(Actor? actor) => actor is { Role: Role.RAD or Role.MDR };

    // A search asks for each study that it finds, which is no look at any of them; the search itself is recorded at the door.
    private async ValueTask<StudyAccess> AccessAsync(
        HttpContext context,
        string studyInstanceUid,
        StudyAccess withoutExam,
        CancellationToken ct
    )
    {
        if (context.User.Actor() is not { } actor)
        {
            return StudyAccess.None;
        }
        var isNamed = context.Request.Path.Value?.Split('/').Contains(studyInstanceUid, StringComparer.Ordinal) is true;
        return isNamed
            ? await door.LookAsync(
                actor,
                studyInstanceUid,
                withoutExam,
                "/dicomweb/studies/{study}",
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                ct
            )
            : await door.OfAsync(actor, studyInstanceUid, withoutExam, ct);
    }
}
