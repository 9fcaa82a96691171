using System.Globalization;
using System.Text;
using Fiducial.Archive.Index;
using Fiducial.Dicom;

namespace Fiducial.Archive.Web;

/// <summary>The WHERE of a search: every value that a client sends is a parameter of the statement and never part of it.</summary>
/// <param name="dialect">Of the index.</param>
/// <param name="isFuzzy">Names need only be alike (PS3.18 8.3.4.2).</param>
internal sealed class QueryConditions(IndexDialect dialect, bool isFuzzy = false)
{
    private readonly StringBuilder _sql = new();

    public string Sql => _sql.Length == 0 ? "" : "WHERE " + _sql;
    public List<object?> Values { get; } = [];
    public IndexDialect Dialect => dialect;

    /// <summary>True for a study that is also found by its images alone: a hit must not tell that there is a result.</summary>
    public string ImagesMatch { get; private set; } = "TRUE";

    /// <summary>Keys that are not understood; they restrict nothing.</summary>
    public List<string> Ignored { get; } = [];

    /// <param name="key">A tag or a keyword.</param>
    /// <param name="value">Empty matches everything.</param>
    /// <param name="level">What is searched for.</param>
    public void Add(string key, string value, QueryLevel level)
    {
        if (!DicomTag.TryParse(key, out var tag))
        {
            Ignored.Add(key);
            return;
        }
        if (tag == DicomTags.ModalitiesInStudy)
        {
            AddModalities(value);
            return;
        }
        var attribute = QueryAttribute.All.FirstOrDefault(a => a.Tag == tag);
        if (attribute is null || attribute.Level > level)
        {
            Ignored.Add(key);
            return;
        }
        if (value.Length > 0 && value != "*")
        {
            And(Condition(attribute, value));
        }
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
            case Matching.Range when value.Contains('-', StringComparison.Ordinal):
                var hyphen = value.IndexOf('-', StringComparison.Ordinal);
                return Range(attribute.Column, value[..hyphen].Trim(), value[(hyphen + 1)..].Trim());
            case Matching.Number:
                return long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
                    ? $"{attribute.Column} = {Parameter(number)}"
                    : "FALSE";
            case Matching.Name when isFuzzy:
                return $"{IndexDialect.FuzzyFunction}({attribute.Column}, {Parameter(value)})";
            case Matching.Name:
                return Like(attribute.KeyColumn!, NameKey.Of(value));
            default:
                return Like(attribute.Column, value.Trim());
        }
    }

    // Times may be shorter than those stored: 10 covers all until 10:59:59.
    private string Range(string column, string from, string to)
    {
        var parts = new List<string> { $"{column} <> ''" };
        if (from.Length > 0)
        {
            parts.Add($"{column} >= {Parameter(from)}");
        }
        if (to.Length > 0)
        {
            parts.Add($"{column} <= {Parameter(to + "~")}");
        }
        return string.Join(" AND ", parts);
    }

    private string Like(string column, string value)
    {
        if (!value.AsSpan().ContainsAny('*', '?'))
        {
            return $"{column} = {Parameter(value)}";
        }
        return dialect.Matches(column, Parameter(dialect.Pattern(value)));
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
