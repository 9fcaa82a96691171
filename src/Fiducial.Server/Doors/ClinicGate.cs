using Fiducial.Archive;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;

namespace Fiducial.Server.Doors;

/// <summary>DICOMweb within a clinic: each study is asked for at the <see cref="StudyDoor"/>.</summary>
internal sealed class ClinicGate(StudyDoor door) : IDicomWebGate
{
    public ValueTask<StudyAccess> MayReadAsync(HttpContext context, string studyInstanceUid, CancellationToken ct) =>
        context.User.Actor() is { } actor
            ? door.LookAsync(
                actor,
                studyInstanceUid,
                StudyAccess.None,
                "/dicomweb/studies/{study}",
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                ct
            )
            : ValueTask.FromResult(StudyAccess.None);

    public ValueTask<StudyAccess> MayExportAsync(HttpContext context, string studyInstanceUid, CancellationToken ct) =>
        context.User.Actor() is { } actor
            ? door.ExportAsync(
                actor,
                studyInstanceUid,
                StudyAccess.None,
                "/dicomweb/studies/{study}/medium",
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                ct
            )
            : ValueTask.FromResult(StudyAccess.None);

    // The search itself is recorded at the door of the house.
    public ValueTask<StudyAccess> MayFindAsync(HttpContext context, string studyInstanceUid, CancellationToken ct) =>
        OfAsync(context.User.Actor(), studyInstanceUid, StudyAccess.None, ct);

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
            ? OfAsync(context.User.Actor(), studyInstanceUid, StudyAccess.ImagesAndResults, ct)
            : ValueTask.FromResult(StudyAccess.None);

    private ValueTask<StudyAccess> OfAsync(
        Actor? actor,
        string studyInstanceUid,
        StudyAccess withoutExam,
        CancellationToken ct
    ) =>
        actor is null ? ValueTask.FromResult(StudyAccess.None) : door.OfAsync(actor, studyInstanceUid, withoutExam, ct);

    private static bool IsReader(Actor? actor) => actor is { Role: Role.RAD or Role.MDR };
}
