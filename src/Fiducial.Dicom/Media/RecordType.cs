namespace Fiducial.Dicom.Media;

/// <summary>The record of a DICOMDIR that an object of a SOP class gets, and the attributes that it copies (PS3.3 F.4 and F.5).</summary>
internal sealed record RecordType(string Name, params DicomTag[] Keys)
{
    public static RecordType Patient { get; } = new("PATIENT", DicomTags.PatientName, DicomTags.PatientID);

    public static RecordType Study { get; } =
        new(
            "STUDY",
            DicomTags.StudyDate,
            DicomTags.StudyTime,
            DicomTags.AccessionNumber,
            DicomTags.StudyDescription,
            DicomTags.StudyInstanceUID,
            DicomTags.StudyID
        );

    public static RecordType Series { get; } =
        new("SERIES", DicomTags.Modality, DicomTags.SeriesInstanceUID, DicomTags.SeriesNumber);

    private static readonly RecordType Image = new("IMAGE", DicomTags.InstanceNumber);

    private static readonly DicomTag[] Content =
    [
        DicomTags.ContentDate,
        DicomTags.ContentTime,
        DicomTags.InstanceNumber,
    ];

    // By what the name of the SOP class contains, the first that fits.
    private static readonly (string InName, RecordType Type)[] Others =
    [
        ("Key Object Selection", new("KEY OBJECT DOC", [.. Content, DicomTags.ConceptNameCodeSequence])),
        (
            "Presentation State",
            new(
                "PRESENTATION",
                DicomTags.PresentationCreationDate,
                DicomTags.PresentationCreationTime,
                DicomTags.InstanceNumber,
                DicomTags.ContentLabel,
                DicomTags.ContentDescription,
                DicomTags.ContentCreatorName,
                DicomTags.ReferencedSeriesSequence
            )
        ),
        (
            "Encapsulated",
            new(
                "ENCAP DOC",
                [
                    .. Content,
                    DicomTags.DocumentTitle,
                    DicomTags.HL7InstanceIdentifier,
                    DicomTags.ConceptNameCodeSequence,
                    DicomTags.MIMETypeOfEncapsulatedDocument,
                ]
            )
        ),
        ("Waveform", new("WAVEFORM", Content)),
        ("RT Dose", new("RT DOSE", DicomTags.InstanceNumber, DicomTags.DoseSummationType)),
        (
            "RT Structure Set",
            new(
                "RT STRUCTURE SET",
                DicomTags.InstanceNumber,
                DicomTags.StructureSetLabel,
                DicomTags.StructureSetDate,
                DicomTags.StructureSetTime
            )
        ),
        (
            "Plan",
            new("RT PLAN", DicomTags.InstanceNumber, DicomTags.RTPlanLabel, DicomTags.RTPlanDate, DicomTags.RTPlanTime)
        ),
        ("Raw Data", new("RAW DATA", Content)),
        ("Registration", new("REGISTRATION", [.. Content, DicomTags.ContentLabel, DicomTags.ContentDescription])),
        ("Fiducials", new("FIDUCIAL", [.. Content, DicomTags.ContentLabel, DicomTags.ContentDescription])),
        (
            "Spectroscopy",
            new(
                "SPECTROSCOPY",
                [.. Content, DicomTags.ImageType, DicomTags.NumberOfFrames, DicomTags.Rows, DicomTags.Columns]
            )
        ),
        (
            " SR",
            new(
                "SR DOCUMENT",
                [
                    .. Content,
                    DicomTags.CompletionFlag,
                    DicomTags.VerificationFlag,
                    DicomTags.VerificationDateTime,
                    DicomTags.ConceptNameCodeSequence,
                ]
            )
        ),
    ];

    /// <summary>An object that has pixels is an IMAGE, whatever else its name says.</summary>
    public static RecordType Of(string sopClassUid, bool hasPixels)
    {
        var name = DicomUids.NameOf(sopClassUid);
        return hasPixels && !name.Contains("RT Dose", StringComparison.Ordinal)
            ? Image
            : Array.Find(Others, o => name.Contains(o.InName, StringComparison.Ordinal)).Type ?? Image;
    }
}
