using System.Globalization;
using System.Text;
using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Fiducial.Dicom.Network;

namespace Fiducial.Archive.Web;

/// <summary>How a search compares.</summary>
/// <param name="IsFuzzy">Names need only be alike (PS3.18 8.3.4.2, PS3.4 C.2.2.2.1.4).</param>
/// <param name="CombinesDateAndTime">A date and a time, both ranges of the same form, are one range of moments (PS3.4 C.2.2.2.5).</param>
internal sealed record QueryManner(bool IsFuzzy = false, bool CombinesDateAndTime = false);

/// <summary>The WHERE of a search: every value that a client sends is a parameter of the statement and never part of it.</summary>
internal sealed class QueryConditions
{
    private readonly StringBuilder _sql = new();
    private readonly QueryManner _manner;

    /// <param name="dialect">Of the index.</param>
    /// <param name="level">What is searched for.</param>
    /// <param name="keys">Tags or keywords, and values; an empty value matches everything.</param>
    /// <param name="manner">How they are compared.</param>
    public QueryConditions(
        IndexDialect dialect,
        QueryLevel level,
        IEnumerable<(string Key, string Value)> keys,
        QueryManner manner
    )
    {
        (Dialect, _manner) = (dialect, manner);
        var known = keys.Select(k => (Attribute: AttributeOf(k.Key, k.Value, level), k.Value))
            .Where(k => k.Attribute is not null && k.Value.Length > 0 && k.Value != "*")
            .Select(k => new AskedFor(k.Attribute!, k.Value))
            .ToList();
        if (manner.CombinesDateAndTime)
        {
            Combine(known, DicomTags.StudyDate, DicomTags.StudyTime);
            Combine(known, DicomTags.SeriesDate, DicomTags.SeriesTime);
            Combine(known, DicomTags.PerformedProcedureStepStartDate, DicomTags.PerformedProcedureStepStartTime);
        }
        known.ForEach(k => And(Condition(k.Attribute, k.Value)));
    }

    private readonly record struct AskedFor(QueryAttribute Attribute, string Value);

    public string Sql => _sql.Length == 0 ? "" : "WHERE " + _sql;
    public List<object?> Values { get; } = [];
    public IndexDialect Dialect { get; }

    /// <summary>True for a study that is also found by its images alone: a hit must not tell that there is a result.</summary>
    public string ImagesMatch { get; private set; } = "TRUE";

    /// <summary>Keys that are not understood; they restrict nothing.</summary>
    public List<string> Ignored { get; } = [];

    // Null for what is ignored, and for the modalities, which are of another table.
    private QueryAttribute? AttributeOf(string key, string value, QueryLevel level)
    {
        if (DicomTag.TryParse(key, out var tag) && tag == DicomTags.ModalitiesInStudy)
        {
            AddModalities(value);
            return null;
        }
        var attribute = TryPath(key, out var sequence, out var inner)
            ? QueryAttribute.All.FirstOrDefault(a => a.Tag == inner && a.Sequence == sequence && a.Level <= level)
            : QueryAttribute.All.FirstOrDefault(a => a.Tag == tag && a.Sequence is null && a.Level <= level);
        if (attribute is null)
        {
            Ignored.Add(key);
        }
        return attribute;
    }

    // An attribute in the items of a sequence: both, with a point between (PS3.18 8.3.4.1).
    private static bool TryPath(string key, out DicomTag sequence, out DicomTag inner)
    {
        var point = key.IndexOf('.', StringComparison.Ordinal);
        (sequence, inner) = (default, default);
        return point > 0
            && DicomTag.TryParse(key[..point], out sequence)
            && DicomTag.TryParse(key[(point + 1)..], out inner);
    }

    // Two comparisons of pairs, which the index of dates and times answers; the keys are then done with.
    private void Combine(List<AskedFor> keys, DicomTag date, DicomTag time)
    {
        var (dateAt, timeAt) = (
            keys.FindIndex(k => k.Attribute.Tag == date),
            keys.FindIndex(k => k.Attribute.Tag == time)
        );
        if (
            dateAt < 0
            || timeAt < 0
            || !MatchingRange.TryParse(keys[dateAt].Value, out var dates)
            || !MatchingRange.TryParse(keys[timeAt].Value, out var times)
            || !dates.CombinesWith(times)
        )
        {
            return;
        }
        var (dateColumn, timeColumn) = (keys[dateAt].Attribute.Column, keys[timeAt].Attribute.Column);
        And($"{dateColumn} <> ''");
        if (dates.From.Length > 0)
        {
            And($"({dateColumn}, {timeColumn}) >= ({Parameter(dates.From)}, {Parameter(times.From)})");
        }
        if (dates.To.Length > 0)
        {
            And($"({dateColumn}, {timeColumn}) <= ({Parameter(dates.To)}, {Parameter(times.Beyond)})");
        }
        keys.RemoveAt(Math.Max(dateAt, timeAt));
        keys.RemoveAt(Math.Min(dateAt, timeAt));
    }

    private string Condition(QueryAttribute attribute, string value)
    {
        switch (attribute.Matching)
        {
            case Matching.Uid:
                var uids = value.Split(
                    ['\\', ','],
                    StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                );
                return $"{attribute.Column} IN ({string.Join(", ", uids.Select(Parameter))})";
            case Matching.Range:
                return Range(
                    attribute.Column,
                    MatchingRange.TryParse(value, out var range) ? range : new MatchingRange(value.Trim(), value.Trim())
                );
            case Matching.Number:
                return long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
                    ? $"{attribute.Column} = {Parameter(number)}"
                    : "FALSE";
            case Matching.Listed:
                return Dialect.Matches(
                    $"('\\' || {attribute.Column} || '\\')",
                    Parameter(Dialect.Pattern($"*\\{value.Trim()}\\*"))
                );
            case Matching.Name when _manner.IsFuzzy:
                return $"{IndexDialect.FuzzyFunction}({attribute.Column}, {Parameter(value)})";
            case Matching.Name:
                return Like(attribute.KeyColumn!, NameKey.Of(value));
            default:
                return Like(attribute.Column, value.Trim());
        }
    }

    private string Range(string column, MatchingRange range)
    {
        var parts = new List<string> { $"{column} <> ''" };
        if (range.From.Length > 0)
        {
            parts.Add($"{column} >= {Parameter(range.From)}");
        }
        if (range.To.Length > 0)
        {
            parts.Add($"{column} <= {Parameter(range.Beyond)}");
        }
        return string.Join(" AND ", parts);
    }

    private string Like(string column, string value)
    {
        if (!value.AsSpan().ContainsAny('*', '?'))
        {
            return $"{column} = {Parameter(value)}";
        }
        return Dialect.Matches(column, Parameter(Dialect.Pattern(value)));
    }

    private void AddModalities(string value)
    {
        var modalities = value.Split(
            ['\\', ','],
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        if (modalities.Length > 0)
        {
            var any = string.Join(" OR ", modalities.Select(m => Like("m.modality", m)));
            And($"EXISTS (SELECT 1 FROM series m WHERE m.study = st.id AND ({any}))");
            ImagesMatch +=
                $" AND EXISTS (SELECT 1 FROM series m WHERE m.study = st.id AND m.instances > m.interpretive AND ({any}))";
        }
    }

    private void And(string condition) =>
        _sql.Append(_sql.Length == 0 ? "" : " AND ").Append('(').Append(condition).Append(')');

    private string Parameter(object value)
    {
        Values.Add(value);
        return $"${Values.Count}";
    }
}
