using System.Data.Common;
using System.Globalization;
using Fiducial.Archive.Index;
using Fiducial.Dicom;

namespace Fiducial.Archive.Web;

/// <summary>A study, series or instance that a search has found; it is another to those who see everything than to those who see images alone.</summary>
internal sealed class SearchRow(QueryLevel level, QueryAttribute[] attributes, object[] values)
{
    private int Counts => level is QueryLevel.Study ? 3 : 1;

    public string StudyInstanceUid { get; } =
        (string)values[Array.FindIndex(attributes, a => a.Tag == DicomTags.StudyInstanceUID)];

    /// <summary>Null when nothing of it is left.</summary>
    public DicomDataSet? For(StudyAccess access) =>
        access switch
        {
            StudyAccess.ImagesAndResults => Answer(attributes.Length + 1),
            StudyAccess.Images when IsFoundByImages => Answer(attributes.Length + 1 + Counts),
            _ => null,
        };

    // What the search asked for is true of its images, and it has some.
    private bool IsFoundByImages => IsTrue(values[attributes.Length]) && IsTrue(values[^1]);

    // A number in SQLite, a boolean in PostgreSQL; a sum over nothing is null.
    private static bool IsTrue(object value) =>
        value is not DBNull && Convert.ToInt64(value, CultureInfo.InvariantCulture) > 0;

    private DicomDataSet Answer(int counts)
    {
        var set = new DicomDataSet().Set(DicomTags.SpecificCharacterSet, "ISO_IR 192");
        for (var i = 0; i < attributes.Length; i++)
        {
            var value = values[i] is DBNull ? "" : Convert.ToString(values[i], CultureInfo.InvariantCulture)!;
            if (attributes[i].Sequence is { } sequence)
            {
                SetEach(set, sequence, attributes[i].Tag, value);
                continue;
            }
            set.Set(attributes[i].Tag, value.Length == 0 ? [] : [value]);
        }
        if (level is QueryLevel.Study)
        {
            var modalities = values[counts] as string ?? "";
            set.Set(DicomTags.ModalitiesInStudy, [.. modalities.Split(',').Order(StringComparer.Ordinal)])
                .Set(DicomTags.NumberOfStudyRelatedSeries, Count(counts + 1))
                .Set(DicomTags.NumberOfStudyRelatedInstances, Count(counts + 2));
        }
        else if (level is QueryLevel.Series)
        {
            set.Set(DicomTags.NumberOfSeriesRelatedInstances, Count(counts));
        }
        return set;
    }

    // A list of texts is one of each item.
    private static void SetEach(DicomDataSet set, DicomTag sequence, DicomTag tag, string list)
    {
        var values = list.Length == 0 ? [] : list.Split('\\');
        var items = set.GetItems(sequence).ToList();
        while (items.Count < values.Length)
        {
            items.Add([]);
        }
        for (var i = 0; i < items.Count; i++)
        {
            items[i].Set(tag, i < values.Length && values[i].Length > 0 ? [values[i]] : []);
        }
        set.SetItems(sequence, [.. items]);
    }

    private int Count(int at) => Convert.ToInt32(values[at], CultureInfo.InvariantCulture);
}

/// <summary>Reads what a search finds out of the index, newest study first; ids make the order one that pages can rely on.</summary>
internal static class SearchRows
{
    // Each level: what is counted for those who see everything, then the same for those who see images alone.
    private static string StudyCounts(IndexDialect dialect) =>
        $"""
            (SELECT {dialect.Listed("m.modality")} FROM series m WHERE m.study = st.id AND m.modality <> ''),
            (SELECT count(*) FROM series m WHERE m.study = st.id),
            (SELECT CAST(sum(m.instances) AS BIGINT) FROM series m WHERE m.study = st.id),
            (SELECT {dialect.Listed(
                "m.modality"
            )} FROM series m WHERE m.study = st.id AND m.modality <> '' AND m.instances > m.interpretive),
            (SELECT count(*) FROM series m WHERE m.study = st.id AND m.instances > m.interpretive),
            (SELECT CAST(sum(m.instances - m.interpretive) AS BIGINT) FROM series m WHERE m.study = st.id)
            """;

    private static readonly Dictionary<QueryLevel, QueryAttribute[]> Attributes = Enum.GetValues<QueryLevel>()
        .ToDictionary(l => l, l => QueryAttribute.All.Where(a => a.Level <= l).ToArray());

    private const string SeriesCounts = "se.instances, se.instances - se.interpretive";
    private const string InstanceCounts = "1, NOT i.is_interpretive";

    public static List<SearchRow> Read(
        DbConnection connection,
        QueryLevel level,
        QueryConditions conditions,
        long limit,
        long offset
    )
    {
        var attributes = AttributesOf(level);
        using var reader = connection.Execute(SqlOf(level, conditions, limit, offset), [.. conditions.Values]);
        var rows = new List<SearchRow>();
        while (reader.Read())
        {
            var values = new object[reader.FieldCount];
            reader.GetValues(values);
            rows.Add(new SearchRow(level, attributes, values));
        }
        return rows;
    }

    /// <summary>The statement; its parameters are the values of the conditions.</summary>
    public static string SqlOf(QueryLevel level, QueryConditions conditions, long limit, long offset)
    {
        var (counts, from, order) = level switch
        {
            QueryLevel.Study => (
                StudyCounts(conditions.Dialect),
                "studies st",
                "st.date DESC, st.time DESC, st.id DESC"
            ),
            QueryLevel.Series => (
                SeriesCounts,
                "studies st JOIN series se ON se.study = st.id",
                "st.date DESC, st.time DESC, st.id DESC, se.id"
            ),
            _ => (
                InstanceCounts,
                "studies st JOIN series se ON se.study = st.id JOIN instances i ON i.series = se.id",
                "st.date DESC, st.time DESC, st.id DESC, se.id, i.id"
            ),
        };
        return $"SELECT {string.Join(", ", AttributesOf(level).Select(a => a.Column))}, {conditions.ImagesMatch}, {counts} FROM {from} "
            + $"JOIN patients p ON p.id = {(level is QueryLevel.Instance ? "i.patient" : "st.patient")} "
            + $"{conditions.Sql} ORDER BY {order} LIMIT {limit} OFFSET {offset}";
    }

    private static QueryAttribute[] AttributesOf(QueryLevel level) => Attributes[level];
}
