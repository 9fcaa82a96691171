using System.Globalization;
using System.Text.Json;
using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Archive.Web;

/// <summary>QIDO-RS (PS3.18 10.6): searches the index. What the index does not hold is not answered, whatever is in <c>includefield</c>.</summary>
internal static class Search
{
    private const int MostAnswers = 1000;

    public static async Task SendAsync(HttpContext context, QueryLevel level, IDicomWebGate gate, CancellationToken ct)
    {
        if (!Metadata.IsAccepted(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status406NotAcceptable;
            return;
        }
        var conditions = Conditions(context, level);
        if (
            !TryNumber(context.Request.Query["limit"], MostAnswers, out var limit)
            || !TryNumber(context.Request.Query["offset"], 0, out var offset)
        )
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        limit = Math.Min(limit, MostAnswers);
        var answers = await FindAsync(context, level, conditions, limit, offset, gate, ct);
        foreach (var warning in Warnings(answers.Count > limit, conditions))
        {
            context.Response.Headers.Append("Warning", $"299 {context.Request.Host}: \"{warning}\"");
        }
        context.Response.ContentType = Metadata.Json;
        await using var writer = new Utf8JsonWriter(context.Response.Body);
        writer.WriteStartArray();
        foreach (var answer in answers.Take(limit))
        {
            Complete(answer, level, context.Request);
            DicomJson.Write(writer, answer, _ => null);
        }
        writer.WriteEndArray();
        await writer.FlushAsync(ct);
    }

    private static QueryConditions Conditions(HttpContext context, QueryLevel level)
    {
        var conditions = new QueryConditions();
        foreach (var (key, values) in context.Request.Query)
        {
            if (key is not ("limit" or "offset" or "includefield" or "fuzzymatching" or "accept"))
            {
                foreach (var value in values)
                {
                    conditions.Add(key, value ?? "", level);
                }
            }
        }
        if (context.GetRouteValue("study") is string study)
        {
            conditions.Add(nameof(DicomTags.StudyInstanceUID), study, level);
        }
        if (context.GetRouteValue("series") is string series)
        {
            conditions.Add(nameof(DicomTags.SeriesInstanceUID), series, level);
        }
        return conditions;
    }

    /// <summary>One answer more than the limit, when there is one.</summary>
    private static async Task<List<DicomDataSet>> FindAsync(
        HttpContext context,
        QueryLevel level,
        QueryConditions conditions,
        int limit,
        int offset,
        IDicomWebGate gate,
        CancellationToken ct
    )
    {
        var index = context.RequestServices.GetRequiredService<ArchiveIndex>();
        var mayRead = new Dictionary<string, bool>(StringComparer.Ordinal);
        var answers = new List<DicomDataSet>();
        // Page by page, because the gate may hide any of them from the count.
        for (var page = 0; answers.Count <= limit; page++)
        {
            var rows = index.Read(c => Rows(c, level, conditions, limit + 1, page * (limit + 1L)));
            foreach (var row in rows)
            {
                var study = row.GetString(DicomTags.StudyInstanceUID)!;
                if (!mayRead.TryGetValue(study, out var isOpen))
                {
                    mayRead[study] = isOpen = await gate.MayReadAsync(context, study, ct);
                }
                if (isOpen && offset-- <= 0)
                {
                    answers.Add(row);
                }
            }
            if (rows.Count <= limit)
            {
                break;
            }
        }
        return answers;
    }

    internal static List<DicomDataSet> Rows(
        SqliteConnection connection,
        QueryLevel level,
        QueryConditions conditions,
        long limit,
        long offset
    )
    {
        var attributes = QueryAttribute.All.Where(a => a.Level <= level).ToList();
        var counts = level switch
        {
            QueryLevel.Study => """
                , (SELECT group_concat(DISTINCT m.modality) FROM series m WHERE m.study = st.id AND m.modality <> '')
                , (SELECT count(*) FROM series m WHERE m.study = st.id)
                , (SELECT count(*) FROM series m JOIN instances n ON n.series = m.id WHERE m.study = st.id)
                """,
            QueryLevel.Series => ", (SELECT count(*) FROM instances n WHERE n.series = se.id)",
            _ => "",
        };
        // Newest first; the ids make the order one that pages can rely on.
        var (from, order) = level switch
        {
            QueryLevel.Study => ("studies st", "st.date DESC, st.time DESC, st.id DESC"),
            QueryLevel.Series => ("studies st JOIN series se ON se.study = st.id", "st.id DESC, se.id"),
            _ => (
                "studies st JOIN series se ON se.study = st.id JOIN instances i ON i.series = se.id",
                "st.id DESC, se.id, i.id"
            ),
        };
        using var command = connection.CreateCommand();
        command.CommandText =
            $"SELECT {string.Join(", ", attributes.Select(a => a.Column))}{counts} FROM {from} "
            + $"JOIN patients p ON p.id = {(level is QueryLevel.Instance ? "i.patient" : "st.patient")} "
            + $"{conditions.Sql} ORDER BY {order} LIMIT {limit} OFFSET {offset}";
        for (var i = 0; i < conditions.Values.Count; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", conditions.Values[i]);
        }
        using var reader = command.ExecuteReader();
        var rows = new List<DicomDataSet>();
        while (reader.Read())
        {
            rows.Add(Row(reader, level, attributes));
        }
        return rows;
    }

    private static DicomDataSet Row(SqliteDataReader reader, QueryLevel level, List<QueryAttribute> attributes)
    {
        var set = new DicomDataSet().Set(DicomTags.SpecificCharacterSet, "ISO_IR 192");
        for (var i = 0; i < attributes.Count; i++)
        {
            var value = reader.IsDBNull(i) ? "" : reader.GetValue(i);
            set.Set(attributes[i].Tag, value is "" ? [] : [Convert.ToString(value, CultureInfo.InvariantCulture)!]);
        }
        var next = attributes.Count;
        if (level is QueryLevel.Study)
        {
            var modalities = reader.IsDBNull(next) ? "" : reader.GetString(next);
            set.Set(DicomTags.ModalitiesInStudy, [.. modalities.Split(',').Order(StringComparer.Ordinal)])
                .Set(DicomTags.NumberOfStudyRelatedSeries, reader.GetInt32(next + 1))
                .Set(DicomTags.NumberOfStudyRelatedInstances, reader.GetInt32(next + 2));
        }
        else if (level is QueryLevel.Series)
        {
            set.Set(DicomTags.NumberOfSeriesRelatedInstances, reader.GetInt32(next));
        }
        return set;
    }

    private static void Complete(DicomDataSet answer, QueryLevel level, HttpRequest request)
    {
        string Uid(DicomTag tag) => answer.GetString(tag) ?? "";
        var study = Uid(DicomTags.StudyInstanceUID);
        var address = level switch
        {
            QueryLevel.Study => DicomWebAddress.OfStudy(request, study),
            QueryLevel.Series => DicomWebAddress.OfSeries(request, study, Uid(DicomTags.SeriesInstanceUID)),
            _ => DicomWebAddress.OfInstance(
                request,
                study,
                Uid(DicomTags.SeriesInstanceUID),
                Uid(DicomTags.SOPInstanceUID)
            ),
        };
        answer.Set(DicomTags.RetrieveURL, address).Set(DicomTags.InstanceAvailability, "ONLINE");
    }

    private static IEnumerable<string> Warnings(bool isCut, QueryConditions conditions)
    {
        if (isCut)
        {
            yield return "There are more results than were returned.";
        }
        if (conditions.Ignored.Count > 0)
        {
            yield return "Some search keys are not supported and were ignored.";
        }
    }

    private static bool TryNumber(string? text, int otherwise, out int number)
    {
        number = otherwise;
        return string.IsNullOrEmpty(text)
            || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
