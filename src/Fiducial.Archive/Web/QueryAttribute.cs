using Fiducial.Dicom;

namespace Fiducial.Archive.Web;

/// <summary>What is searched for.</summary>
internal enum QueryLevel
{
    Study,
    Series,
    Instance,
}

/// <summary>How a key is compared (PS3.4 C.2.2.2).</summary>
internal enum Matching
{
    /// <summary>With <c>*</c> and <c>?</c>.</summary>
    Text,

    /// <summary>As text, without regard to case and padding.</summary>
    Name,

    /// <summary>One value, or a range with a hyphen.</summary>
    Range,

    /// <summary>One of a list.</summary>
    Uid,

    /// <summary>Whole numbers.</summary>
    Number,

    /// <summary>Any of those in a list of texts, with <c>*</c> and <c>?</c>.</summary>
    Listed,
}

/// <summary>An attribute that can be searched for and is answered.</summary>
/// <param name="Tag">Of the attribute.</param>
/// <param name="Level">The lowest level whose answers have it.</param>
/// <param name="Column">Where its value stands in the index.</param>
/// <param name="Matching">How it is compared.</param>
/// <param name="KeyColumn">Where its comparable form stands, when that is another place.</param>
/// <param name="Sequence">In whose items it is, when it is in some.</param>
internal sealed record QueryAttribute(
    DicomTag Tag,
    QueryLevel Level,
    string Column,
    Matching Matching,
    string? KeyColumn = null,
    DicomTag? Sequence = null
)
{
    public static IReadOnlyList<QueryAttribute> All { get; } =
    [
        new(DicomTags.StudyDate, QueryLevel.Study, "st.date", Matching.Range),
        new(DicomTags.StudyTime, QueryLevel.Study, "st.time", Matching.Range),
        new(DicomTags.AccessionNumber, QueryLevel.Study, "st.accession", Matching.Text),
        new(DicomTags.ReferringPhysicianName, QueryLevel.Study, "st.referring", Matching.Name, "st.referring_key"),
        new(DicomTags.StudyDescription, QueryLevel.Study, "st.description", Matching.Text),
        new(DicomTags.PatientName, QueryLevel.Study, "p.name", Matching.Name, "p.name_key"),
        new(DicomTags.PatientID, QueryLevel.Study, "p.patient_id", Matching.Text),
        new(DicomTags.IssuerOfPatientID, QueryLevel.Study, "p.issuer", Matching.Text),
        new(DicomTags.PatientBirthDate, QueryLevel.Study, "p.birth_date", Matching.Range),
        new(DicomTags.PatientSex, QueryLevel.Study, "p.sex", Matching.Text),
        new(DicomTags.StudyInstanceUID, QueryLevel.Study, "st.uid", Matching.Uid),
        new(DicomTags.StudyID, QueryLevel.Study, "st.study_id", Matching.Text),
        new(DicomTags.Modality, QueryLevel.Series, "se.modality", Matching.Text),
        new(DicomTags.SeriesDescription, QueryLevel.Series, "se.description", Matching.Text),
        new(DicomTags.ProtocolName, QueryLevel.Series, "se.protocol", Matching.Text),
        new(DicomTags.SeriesInstanceUID, QueryLevel.Series, "se.uid", Matching.Uid),
        new(DicomTags.SeriesNumber, QueryLevel.Series, "se.number", Matching.Number),
        new(DicomTags.SeriesDate, QueryLevel.Series, "se.date", Matching.Range),
        new(DicomTags.SeriesTime, QueryLevel.Series, "se.time", Matching.Range),
        new(DicomTags.PerformedProcedureStepStartDate, QueryLevel.Series, "se.performed_date", Matching.Range),
        new(DicomTags.PerformedProcedureStepStartTime, QueryLevel.Series, "se.performed_time", Matching.Range),
        new(
            DicomTags.RequestedProcedureID,
            QueryLevel.Series,
            "se.requested",
            Matching.Listed,
            Sequence: DicomTags.RequestAttributesSequence
        ),
        new(
            DicomTags.ScheduledProcedureStepID,
            QueryLevel.Series,
            "se.scheduled",
            Matching.Listed,
            Sequence: DicomTags.RequestAttributesSequence
        ),
        new(DicomTags.SOPClassUID, QueryLevel.Instance, "i.sop_class", Matching.Uid),
        new(DicomTags.SOPInstanceUID, QueryLevel.Instance, "i.uid", Matching.Uid),
        new(DicomTags.BodyPartExamined, QueryLevel.Instance, "i.body_part", Matching.Text),
        new(DicomTags.ViewPosition, QueryLevel.Instance, "i.view_position", Matching.Text),
        new(DicomTags.ImageLaterality, QueryLevel.Instance, "i.laterality", Matching.Text),
        new(DicomTags.InstanceNumber, QueryLevel.Instance, "i.number", Matching.Number),
        new(DicomTags.NumberOfFrames, QueryLevel.Instance, "i.frames", Matching.Number),
        new(DicomTags.Rows, QueryLevel.Instance, "i.rows", Matching.Number),
        new(DicomTags.Columns, QueryLevel.Instance, "i.columns", Matching.Number),
        new(DicomTags.BitsAllocated, QueryLevel.Instance, "i.bits_allocated", Matching.Number),
        new(DicomTags.AvailableTransferSyntaxUID, QueryLevel.Instance, "i.transfer_syntax", Matching.Uid),
    ];
}
