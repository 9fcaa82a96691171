using System.Data.Common;
using Fiducial.Archive.Index;
using Fiducial.Archive.Web;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.QueryRetrieve;

/// <summary>The answers to one C-FIND: conditions out of the keys with values, rows of the index, and the keys filled from them.</summary>
internal sealed class FindAnswers
{
    private static readonly DicomTag[] PatientKeys =
    [
        DicomTags.PatientID,
        DicomTags.IssuerOfPatientID,
        DicomTags.PatientName,
        DicomTags.PatientBirthDate,
        DicomTags.PatientSex,
    ];

    private readonly Identifier _identifier;
    private readonly QueryRetrieveOptions _options;
    private readonly QueryConditions _conditions;
    private readonly AnswerText _text;
    private readonly HashSet<string> _patients = new(StringComparer.Ordinal);

    public FindAnswers(Identifier identifier, QueryManner manner, QueryRetrieveOptions options, IndexDialect dialect)
    {
        (_identifier, _options) = (identifier, options);
        _text = new AnswerText(identifier.Keys, options.AnswersUnicode);
        var keys = Requested
            .Where(k => identifier.Level is not RetrieveLevel.Patient || Array.IndexOf(PatientKeys, k.Tag) >= 0)
            .SelectMany(k => Asked(identifier.Keys, k));
        _conditions = new QueryConditions(dialect, identifier.Rows, keys, manner);
    }

    // Of a sequence with keys, each of them with the sequence before it.
    private static IEnumerable<(string Key, string Value)> Asked(DicomDataSet keys, DicomElement key) =>
        key.Items is [{ Count: > 0 } inner, ..]
            ? inner.Select(i => ($"{key.Tag.ToHex()}.{i.Tag.ToHex()}", string.Join('\\', inner.GetStrings(i.Tag))))
            : [(key.Tag.ToHex(), string.Join('\\', keys.GetStrings(key.Tag)))];

    /// <summary>False when a key was asked for that the index does not hold: FF01 says so.</summary>
    public bool AllSupported => _conditions.Ignored.TrueForAll(IsComputed);

    public List<SearchRow> Rows(DbConnection connection, long limit, long offset) =>
        SearchRows.Read(connection, _identifier.Rows, _conditions, limit, offset);

    /// <summary>Null for a patient who was answered before.</summary>
    public DicomDataSet? Answer(DicomDataSet row)
    {
        if (
            _identifier.Level is RetrieveLevel.Patient
            && !_patients.Add(string.Join('\\', PatientKeys.Select(k => row.GetString(k) ?? "")))
        )
        {
            return null;
        }
        var answer = new DicomDataSet();
        foreach (var key in Requested)
        {
            Fill(answer, key, row);
        }
        _text.State(answer);
        answer.Set(DicomTags.QueryRetrieveLevel, _identifier.Keys.GetString(DicomTags.QueryRetrieveLevel)!);
        // From where it can be had (PS3.4 C.4.1.1.3.2).
        answer.Set(DicomTags.RetrieveAETitle, _options.AETitle);
        return answer;
    }

    private IEnumerable<DicomElement> Requested =>
        _identifier.Keys.Where(e =>
            e.Tag != DicomTags.SpecificCharacterSet && e.Tag != DicomTags.QueryRetrieveLevel && e.Tag.Element != 0
        );

    private void Fill(DicomDataSet answer, DicomElement key, DicomDataSet row)
    {
        if (key.VR is DicomVR.SQ || key.Items is not null)
        {
            answer.SetItems(key.Tag, [.. row.GetItems(key.Tag).Select(i => Filled(key, i))]);
        }
        else if (key.Tag == DicomTags.InstanceAvailability)
        {
            answer.Set(key.Tag, "ONLINE");
        }
        else if (
            row.Contains(key.Tag)
            && (_identifier.Level is not RetrieveLevel.Patient || Array.IndexOf(PatientKeys, key.Tag) >= 0)
        )
        {
            _text.Set(answer, key.Tag, row.GetStrings(key.Tag));
        }
        else
        {
            answer.SetBytes(key.Tag, key.VR, default);
        }
    }

    // A sequence without keys is wanted whole.
    private DicomDataSet Filled(DicomElement key, DicomDataSet item)
    {
        var filled = new DicomDataSet();
        foreach (var inner in key.Items is [{ Count: > 0 } asked, ..] ? asked : item)
        {
            if (item.Contains(inner.Tag))
            {
                _text.Set(filled, inner.Tag, item.GetStrings(inner.Tag));
            }
            else
            {
                filled.SetBytes(inner.Tag, inner.VR, default);
            }
        }
        return filled;
    }

    private static bool IsComputed(string key) =>
        DicomTag.TryParse(key, out var tag)
        && (
            tag == DicomTags.InstanceAvailability
            || tag == DicomTags.RetrieveAETitle
            || tag == DicomTags.NumberOfStudyRelatedSeries
            || tag == DicomTags.NumberOfStudyRelatedInstances
            || tag == DicomTags.NumberOfSeriesRelatedInstances
            || tag == DicomTags.TimezoneOffsetFromUTC
            || tag == DicomTags.RequestAttributesSequence
        );
}
