using System.Globalization;
using Fiducial.Archive.Index;
using Fiducial.Dicom;

namespace Fiducial.Archive.Rejection;

/// <summary>
/// A key object selection that names the images of a study that are rejected, and why (IHE RAD TF-3 4.66, Image Object Change Management;
/// PS3.16 TID 2010). It says so to whoever gets it, and changes nothing of them.
/// </summary>
internal static class RejectionNote
{
    /// <summary>The titles that a note can have (PS3.16 CID 7010).</summary>
    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        ["113001"] = "Rejected for Quality Reasons",
        ["113037"] = "Rejected for Patient Safety Reasons",
        ["113038"] = "Incorrect Modality Worklist Entry",
        ["113039"] = "Data Retention Policy Expired",
    };

    /// <param name="rejected">Of one study; at least one.</param>
    /// <param name="head">Of one of them, with its patient and study.</param>
    /// <param name="code">113001, 113037, 113038 or 113039 of DCM.</param>
    /// <param name="decision">Of which it tells: the same decision makes the same note.</param>
    /// <param name="at">When it was decided, in the site's time.</param>
    /// <exception cref="ArgumentException">There is no such title.</exception>
    public static DicomDataSet Of(
        IReadOnlyList<StoredInstance> rejected,
        DicomDataSet head,
        string code,
        string decision,
        DateTimeOffset at
    )
    {
        if (!Titles.TryGetValue(code, out var title))
        {
            throw new ArgumentException($"No rejection note has the title '{code}'.", nameof(code));
        }
        var (date, time) = (
            at.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            at.ToString("HHmmss", CultureInfo.InvariantCulture)
        );
        var study = rejected[0].StudyInstanceUid;
        var note = new DicomDataSet().Set(DicomTags.SpecificCharacterSet, "ISO_IR 192");
        // Patient and study are the images' own, empty where they have none (PS3.3 C.7.1.1, C.7.2.1).
        foreach (
            var tag in new[]
            {
                DicomTags.PatientName,
                DicomTags.PatientID,
                DicomTags.PatientBirthDate,
                DicomTags.PatientSex,
                DicomTags.StudyDate,
                DicomTags.StudyTime,
                DicomTags.ReferringPhysicianName,
                DicomTags.StudyID,
                DicomTags.AccessionNumber,
            }
        )
        {
            note.Set(tag, [.. head.GetStrings(tag).Take(1)]);
        }
        if (head.GetString(DicomTags.IssuerOfPatientID) is { Length: > 0 } issuer)
        {
            note.Set(DicomTags.IssuerOfPatientID, issuer);
        }
        return note.Set(DicomTags.SOPClassUID, DicomUids.KeyObjectSelectionDocumentStorage)
            .Set(DicomTags.SOPInstanceUID, StandInUid.OfRejectionNote($"{decision}:{study}"))
            .Set(DicomTags.StudyInstanceUID, study)
            .Set(DicomTags.SeriesInstanceUID, StandInUid.OfSeries($"{decision}:{study}"))
            .Set(DicomTags.Modality, "KO")
            .Set(DicomTags.SeriesNumber, code)
            .SetItems(DicomTags.ReferencedPerformedProcedureStepSequence)
            .Set(DicomTags.Manufacturer, "Fiducial")
            .Set(DicomTags.InstanceNumber, "1")
            .Set(DicomTags.InstanceCreationDate, date)
            .Set(DicomTags.InstanceCreationTime, time)
            .Set(DicomTags.ContentDate, date)
            .Set(DicomTags.ContentTime, time)
            .SetItems(
                DicomTags.CurrentRequestedProcedureEvidenceSequence,
                new DicomDataSet()
                    .Set(DicomTags.StudyInstanceUID, study)
                    .SetItems(
                        DicomTags.ReferencedSeriesSequence,
                        [
                            .. rejected
                                .GroupBy(i => i.SeriesInstanceUid)
                                .Select(series =>
                                    new DicomDataSet()
                                        .Set(DicomTags.SeriesInstanceUID, series.Key)
                                        .SetItems(DicomTags.ReferencedSOPSequence, [.. series.Select(Reference)])
                                ),
                        ]
                    )
            )
            .Set(DicomTags.ValueType, "CONTAINER")
            .SetItems(DicomTags.ConceptNameCodeSequence, Code(code, title))
            .Set(DicomTags.ContinuityOfContent, "SEPARATE")
            .SetItems(
                DicomTags.ContentTemplateSequence,
                new DicomDataSet().Set(DicomTags.MappingResource, "DCMR").Set(DicomTags.TemplateIdentifier, "2010")
            )
            .SetItems(DicomTags.ContentSequence, [.. rejected.Select(Content)]);
    }

    private static DicomDataSet Content(StoredInstance rejected) =>
        new DicomDataSet()
            .Set(DicomTags.RelationshipType, "CONTAINS")
            .Set(DicomTags.ValueType, rejected.Rows is null ? "COMPOSITE" : "IMAGE")
            .SetItems(DicomTags.ReferencedSOPSequence, Reference(rejected));

    private static DicomDataSet Reference(StoredInstance rejected) =>
        new DicomDataSet()
            .Set(DicomTags.ReferencedSOPClassUID, rejected.SopClassUid)
            .Set(DicomTags.ReferencedSOPInstanceUID, rejected.SopInstanceUid);

    private static DicomDataSet Code(string value, string meaning) =>
        new DicomDataSet()
            .Set(DicomTags.CodeValue, value)
            .Set(DicomTags.CodingSchemeDesignator, "DCM")
            .Set(DicomTags.CodeMeaning, meaning);
}
