using System.Collections.Frozen;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Law;

namespace Fiducial.Server.Doors;

/// <summary>
/// What each DICOM service gives or takes, and who it is for: a modality (EXTM), a radiologist's workstation (RAD) or another archive,
/// which has the rights of a provincial repository (EXTP). The device policy opens the service, the gates ask the matrix for the study.
/// </summary>
internal static class DicomDoors
{
    private static readonly AccessAttribute Store = new(DataClass.C2f, Verb.Write, Role.EXTM, Role.RAD, Role.EXTP)
    {
        Also = [DataClass.C3f],
    };
    private static readonly AccessAttribute Retrieve = new(DataClass.C2f, Verb.Read, Role.RAD, Role.EXTP)
    {
        Also = [DataClass.C3f],
    };
    private static readonly AccessAttribute Worklist = new(DataClass.C1, Verb.Read, Role.EXTM)
    {
        Also = [DataClass.C0],
    };
    private static readonly AccessAttribute Report = new(DataClass.C0, Verb.Write, Role.EXTM, Role.RAD, Role.EXTP);

    private static readonly FrozenDictionary<string, AccessAttribute> Doors = RetrieveClasses
        .Find.Concat(RetrieveClasses.Move)
        .Concat(RetrieveClasses.Get)
        .Select(c => KeyValuePair.Create(c, Retrieve))
        .Append(KeyValuePair.Create(DicomUids.ModalityWorklistInformationModelFind, Worklist))
        .Append(KeyValuePair.Create(DicomUids.ModalityPerformedProcedureStep, Report))
        .Append(KeyValuePair.Create(DicomUids.StorageCommitmentPushModel, Report))
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What the service of a SOP class declares; null when it declares nothing.</summary>
    public static AccessAttribute? Of(string sopClassUid) =>
        DicomUids.IsStorageSopClass(sopClassUid) ? Store : Doors.GetValueOrDefault(sopClassUid);
}
