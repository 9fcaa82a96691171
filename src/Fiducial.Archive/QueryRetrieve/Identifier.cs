using Fiducial.Archive.Web;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>The levels of the information models (PS3.4 C.6.1.1, C.6.2.1).</summary>
internal enum RetrieveLevel
{
    Patient,
    Study,
    Series,
    Image,
}

/// <summary>
/// The identifier of a C-FIND, C-MOVE or C-GET: its level, and the unique keys above and at it that the hierarchy asks for
/// (PS3.4 C.4.1.2.2, C.4.2.2.1). Who has agreed with us on relational queries may leave out those above it.
/// </summary>
internal sealed record Identifier(RetrieveLevel Level, DicomDataSet Keys)
{
    private static readonly (RetrieveLevel Level, DicomTag Key)[] UniqueKeys =
    [
        (RetrieveLevel.Patient, DicomTags.PatientID),
        (RetrieveLevel.Study, DicomTags.StudyInstanceUID),
        (RetrieveLevel.Series, DicomTags.SeriesInstanceUID),
        (RetrieveLevel.Image, DicomTags.SOPInstanceUID),
    ];

    /// <param name="request">Of C-FIND, C-MOVE or C-GET.</param>
    /// <param name="isRetrieve">The unique key of the level itself is needed too.</param>
    /// <param name="isRelational">That was agreed on (<see cref="AgreedBehaviours"/>).</param>
    /// <exception cref="DimseException">A900: the identifier is not one of this model.</exception>
    public static Identifier Of(DimseRequest request, bool isRetrieve, bool isRelational)
    {
        var keys = request.DataSet ?? throw Mismatch("The request has no identifier");
        var isPatientRoot = request.SopClassUid.StartsWith("1.2.840.10008.5.1.4.1.2.1.", StringComparison.Ordinal);
        var level = keys.GetString(DicomTags.QueryRetrieveLevel) switch
        {
            "PATIENT" when isPatientRoot => RetrieveLevel.Patient,
            "STUDY" => RetrieveLevel.Study,
            "SERIES" => RetrieveLevel.Series,
            "IMAGE" => RetrieveLevel.Image,
            null => throw Mismatch("Query/Retrieve Level (0008,0052) is missing"),
            _ => throw Mismatch("Query/Retrieve Level (0008,0052) is none of this model"),
        };
        foreach (var (at, key) in UniqueKeys)
        {
            var isNeeded =
                at >= (isPatientRoot ? RetrieveLevel.Patient : RetrieveLevel.Study)
                && ((at < level && !isRelational) || (isRetrieve && at == level));
            if (isNeeded && (keys.GetString(key) is not { } value || value.AsSpan().ContainsAny('*', '?')))
            {
                throw Mismatch($"The unique key {key} is missing");
            }
        }
        return new Identifier(level, keys);
    }

    /// <summary>The level of the index whose rows answer it.</summary>
    public QueryLevel Rows =>
        Level switch
        {
            RetrieveLevel.Image => QueryLevel.Instance,
            RetrieveLevel.Series => QueryLevel.Series,
            _ => QueryLevel.Study,
        };

    private static DimseException Mismatch(string sentence) => new(DimseStatus.DataSetMismatch(sentence));
}
