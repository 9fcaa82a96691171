using System.Buffers;
using Fiducial.Dicom;

namespace Fiducial.Archive.Index;

/// <summary>What the index knows of an object: its attributes that are searched for or shown in lists.</summary>
internal sealed record InstanceFacts
{
    private const int LongestUid = 64;

    // Four bytes a character must fit into an entry of an index, which PostgreSQL limits to 2,704 bytes.
    private const int LongestText = 640;

    private static readonly SearchValues<char> UidCharacters = SearchValues.Create(
        "0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
    );

    /// <summary>Every fact stands before this element: what follows need not have arrived.</summary>
    public static DicomReadOptions Reading { get; } =
        new() { StopBefore = new DicomTag(0x0040, 0x0276), LargestInflated = 256L * 1024 * 1024 };

    public required PatientFacts Patient { get; init; }
    public required StudyFacts Study { get; init; }
    public required SeriesFacts Series { get; init; }
    public required string SopInstanceUid { get; init; }
    public required string SopClassUid { get; init; }
    public required string AccessionNumber { get; init; }
    public required string BodyPartExamined { get; init; }
    public required string Laterality { get; init; }
    public required string ViewPosition { get; init; }
    public required int? InstanceNumber { get; init; }
    public required int? Rows { get; init; }
    public required int? Columns { get; init; }
    public required int? BitsAllocated { get; init; }
    public required int NumberOfFrames { get; init; }

    /// <summary>It says what images mean.</summary>
    public required bool IsInterpretive { get; init; }

    /// <param name="set">The head of the object.</param>
    /// <param name="sopClassUid">Of the command or file that brought it: taken when the object itself does not say. Null when there is none.</param>
    /// <param name="sopInstanceUid">Likewise.</param>
    /// <exception cref="DicomFormatException">What stands in the place of a UID is none, or nobody says it.</exception>
    public static InstanceFacts Of(DicomDataSet set, string? sopClassUid, string? sopInstanceUid)
    {
        var uid =
            Uid(set, DicomTags.SOPInstanceUID, "SOP Instance UID") ?? sopInstanceUid ?? Missing("SOP Instance UID");
        var sopClass = Uid(set, DicomTags.SOPClassUID, "SOP Class UID") ?? sopClassUid ?? Missing("SOP Class UID");
        return new()
        {
            SopInstanceUid = uid,
            SopClassUid = sopClass,
            Patient = new PatientFacts(
                Text(set, DicomTags.PatientID),
                Text(set, DicomTags.IssuerOfPatientID),
                Text(set, DicomTags.PatientName),
                Text(set, DicomTags.PatientBirthDate),
                Text(set, DicomTags.PatientSex)
            ),
            Study = new StudyFacts(
                Uid(set, DicomTags.StudyInstanceUID, "Study Instance UID") ?? StandInUid.OfStudy(uid),
                Text(set, DicomTags.StudyDate),
                Text(set, DicomTags.StudyTime),
                Text(set, DicomTags.StudyID),
                Text(set, DicomTags.AccessionNumber),
                Text(set, DicomTags.ReferringPhysicianName),
                Text(set, DicomTags.StudyDescription)
            ),
            Series = new SeriesFacts(
                Uid(set, DicomTags.SeriesInstanceUID, "Series Instance UID") ?? StandInUid.OfSeries(uid),
                Text(set, DicomTags.Modality),
                set.GetInt(DicomTags.SeriesNumber),
                Text(set, DicomTags.SeriesDescription),
                Text(set, DicomTags.ProtocolName),
                SeriesTimes.Of(set)
            ),
            AccessionNumber = Text(set, DicomTags.AccessionNumber),
            BodyPartExamined = Text(set, DicomTags.BodyPartExamined),
            Laterality = Text(set, DicomTags.ImageLaterality) is { Length: > 0 } side
                ? side
                : Text(set, DicomTags.Laterality),
            ViewPosition = Text(set, DicomTags.ViewPosition),
            InstanceNumber = set.GetInt(DicomTags.InstanceNumber),
            Rows = set.GetInt(DicomTags.Rows),
            Columns = set.GetInt(DicomTags.Columns),
            BitsAllocated = set.GetInt(DicomTags.BitsAllocated),
            IsInterpretive = InterpretiveObjects.IsInterpretive(sopClass, set),
            NumberOfFrames = Math.Max(1, set.GetInt(DicomTags.NumberOfFrames) ?? 1),
        };
    }

    /// <summary>True for texts that may stand in an address: UIDs, and the letters that careless devices put into them.</summary>
    public static bool IsUid(string text) =>
        text.Length is > 0 and <= LongestUid && text[0] != '.' && !text.AsSpan().ContainsAnyExcept(UidCharacters);

    /// <summary>True for what PS3.5 9.1 calls a UID: numbers with dots between, the first of them 0, 1 or 2.</summary>
    public static bool IsStrictUid(string text) =>
        text.Length is > 2 and <= LongestUid
        && text[0] is >= '0' and <= '2'
        && text[1] == '.'
        && !text.AsSpan().ContainsAnyExcept("0123456789.");

    private static string? Uid(DicomDataSet set, DicomTag tag, string name) =>
        set.GetString(tag) is not { } uid ? null
        : IsUid(uid) ? uid
        : throw new DicomFormatException($"{name} is not a UID.", 0);

    private static string Missing(string name) => throw new DicomFormatException($"{name} is missing.", 0);

    // Some texts are megabytes long by accident or by intent: the object keeps them, the index need not.
    internal static string Text(DicomDataSet set, DicomTag tag)
    {
        var text = set.GetString(tag) ?? "";
        return text.Length <= LongestText ? text : text[..LongestText];
    }
}

/// <summary>Who an object says it is of. The same number with another name or birth date is another patient: numbers collide.</summary>
internal sealed record PatientFacts(string Id, string Issuer, string Name, string BirthDate, string Sex);

internal sealed record StudyFacts(
    string Uid,
    string Date,
    string Time,
    string Id,
    string AccessionNumber,
    string ReferringPhysicianName,
    string Description
);

internal sealed record SeriesFacts(
    string Uid,
    string Modality,
    int? Number,
    string Description,
    string ProtocolName,
    SeriesTimes Times
);

/// <summary>When a series was made and for which request (PS3.18 10.6.1.2.3), by its first object.</summary>
/// <param name="Date">Of the series.</param>
/// <param name="Time">Of the series.</param>
/// <param name="PerformedDate">On which its performed procedure step began.</param>
/// <param name="PerformedTime">At which it began.</param>
/// <param name="Requested">The Requested Procedure ID of each request, with backslashes between.</param>
/// <param name="Scheduled">The Scheduled Procedure Step ID of each, likewise.</param>
internal sealed record SeriesTimes(
    string Date,
    string Time,
    string PerformedDate,
    string PerformedTime,
    string Requested,
    string Scheduled
)
{
    private const int MostRequests = 8;

    public static SeriesTimes Unknown { get; } = new("", "", "", "", "", "");

    public static SeriesTimes Of(DicomDataSet set)
    {
        var requests = set.GetItems(DicomTags.RequestAttributesSequence).Take(MostRequests).ToList();
        string Each(DicomTag tag) =>
            string.Join('\\', requests.Select(r => InstanceFacts.Text(r, tag).Replace('\\', ' ')));
        return new(
            InstanceFacts.Text(set, DicomTags.SeriesDate),
            InstanceFacts.Text(set, DicomTags.SeriesTime),
            InstanceFacts.Text(set, DicomTags.PerformedProcedureStepStartDate),
            InstanceFacts.Text(set, DicomTags.PerformedProcedureStepStartTime),
            requests.Count == 0 ? "" : Each(DicomTags.RequestedProcedureID),
            requests.Count == 0 ? "" : Each(DicomTags.ScheduledProcedureStepID)
        );
    }
}

/// <summary>An object whose file is durable and that waits to be indexed.</summary>
internal sealed record Arrival
{
    public required InstanceFacts Facts { get; init; }
    public required string TransferSyntaxUid { get; init; }
    public required string CallingAE { get; init; }
    public required byte[] Sha256 { get; init; }
    public required long Length { get; init; }
    public required string File { get; init; }
    public required long DataSetOffset { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>What became of an arrival.</summary>
internal enum Outcome
{
    Stored,

    /// <summary>The same bytes are here already.</summary>
    AlreadyStored,

    /// <summary>Other bytes are stored under its SOP Instance UID: it is noted in the quarantine.</summary>
    Quarantined,

    /// <summary>An object of this SOP Instance UID was deleted here by the schedule: it is noted in the quarantine.</summary>
    QuarantinedAfterDeletion,

    /// <summary>As before, and these bytes are in the quarantine already.</summary>
    AlreadyQuarantined,
}
