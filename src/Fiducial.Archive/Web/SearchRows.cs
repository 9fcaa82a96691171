using System.Globalization;
using Fiducial.Dicom;
using Microsoft.Data.Sqlite;

namespace Fiducial.Archive.Web;

/// <summary>A study, series or instance that a search has found, with what it is to those who see everything and to those who see images alone.</summary>
internal sealed class SearchRow
{
    public required string StudyInstanceUid { get; init; }
    public required DicomDataSet Everything { get; init; }

    /// <summary>Null when nothing is left of it without what interprets images.</summary>
    public required DicomDataSet? Images { get; init; }

    public DicomDataSet? For(StudyAccess access) =>
        access switch
        {
            StudyAccess.ImagesAndResults => Everything,
            StudyAccess.Images => Images,
            _ => null,
        };
}

/// <summary>Reads what a search finds out of the index, newest study first; ids make the order one that pages can rely on.</summary>
internal static class SearchRows
{
    // Each level: what is counted for those who see everything, then the same for those who see images alone.
    private const string StudyCounts = """
        (SELECT group_concat(DISTINCT m.modality) FROM series m WHERE m.study = st.id AND m.modality <> ''),
        (SELECT count(*) FROM series m WHERE m.study = st.id),
        (SELECT sum(m.instances) FROM series m WHERE m.study = st.id),
        (SELECT group_concat(DISTINCT m.modality) FROM series m WHERE m.study = st.id AND m.modality <> '' AND m.instances > m.interpretive),
        (SELECT count(*) FROM series m WHERE m.study = st.id AND m.instances > m.interpretive),
        (SELECT sum(m.instances - m.interpretive) FROM series m WHERE m.study = st.id)
        """;
    private const string SeriesCounts = "se.instances, se.instances - se.interpretive";
    private const string InstanceCounts = "1, NOT i.is_interpretive";

    public static List<SearchRow> Read(
        SqliteConnection connection,
        QueryLevel level,
        QueryConditions conditions,
        long limit,
        long offset
    )
    {
        var attributes = AttributesOf(level);
        using var command = connection.CreateCommand();
        command.CommandText = SqlOf(level, conditions, limit, offset);
        for (var i = 0; i < conditions.Values.Count; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", conditions.Values[i]);
        }
        using var reader = command.ExecuteReader();
        var rows = new List<SearchRow>();
        while (reader.Read())
        {
            rows.Add(Row(reader, level, attributes));
        }
        return rows;
    }

    /// <summary>The statement; its parameters are the values of the conditions.</summary>
    public static string SqlOf(QueryLevel level, QueryConditions conditions, long limit, long offset)
    {
        var (counts, from, order) = level switch
        {
            QueryLevel.Study => (StudyCounts, "studies st", "st.date DESC, st.time DESC, st.id DESC"),
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

    private static List<QueryAttribute> AttributesOf(QueryLevel level) =>
        [.. QueryAttribute.All.Where(a => a.Level <= level)];

    private static SearchRow Row(SqliteDataReader reader, QueryLevel level, List<QueryAttribute> attributes)
    {
        var first = attributes.Count + 1;
        var of = level is QueryLevel.Study ? 3 : 1;
        var imagesMatch = reader.GetBoolean(attributes.Count) && reader.GetInt64(first + 2 * of - 1) > 0;
        var everything = Answer(reader, level, attributes, first);
        return new SearchRow
        {
            StudyInstanceUid = everything.GetString(DicomTags.StudyInstanceUID)!,
            Everything = everything,
            Images = imagesMatch ? Answer(reader, level, attributes, first + of) : null,
        };
    }

    private static DicomDataSet Answer(
        SqliteDataReader reader,
        QueryLevel level,
        List<QueryAttribute> attributes,
        int counts
    )
    {
        var set = new DicomDataSet().Set(DicomTags.SpecificCharacterSet, "ISO_IR 192");
        for (var i = 0; i < attributes.Count; i++)
        {
            var value = reader.IsDBNull(i) ? "" : reader.GetValue(i);
            set.Set(attributes[i].Tag, value is "" ? [] : [Convert.ToString(value, CultureInfo.InvariantCulture)!]);
        }
        if (level is QueryLevel.Study)
        {
            var modalities = reader.IsDBNull(counts) ? "" : reader.GetString(counts);
            set.Set(DicomTags.ModalitiesInStudy, [.. modalities.Split(',').Order(StringComparer.Ordinal)])
                .Set(DicomTags.NumberOfStudyRelatedSeries, reader.GetInt32(counts + 1))
                .Set(DicomTags.NumberOfStudyRelatedInstances, reader.GetInt32(counts + 2));
        }
        else if (level is QueryLevel.Series)
        {
            set.Set(DicomTags.NumberOfSeriesRelatedInstances, reader.GetInt32(counts));
        }
        return set;
    }
}
