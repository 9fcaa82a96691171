using System.Globalization;
using System.Text.Json;
using Fiducial.Archive.Index;
using Fiducial.Dicom;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Fiducial.Archive.Web;

/// <summary>QIDO-RS (PS3.18 10.6): searches the index, and reads out of the objects what is asked for beside.</summary>
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
            || context.Request.Query["fuzzymatching"].ToString().ToUpperInvariant() is not ("" or "TRUE" or "FALSE")
        )
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        limit = Math.Min(limit, MostAnswers);
        var answers = await FindAsync(context, level, conditions, limit, offset, gate, ct);
        var fields = new IncludedFields(context.Request, level);
        var archive = context.RequestServices.GetRequiredService<IImageArchive>();
        foreach (var warning in Warnings(answers.Count > limit, conditions, fields))
        {
            context.Response.Headers.Append("Warning", $"299 {context.Request.Host}: \"{warning}\"");
        }
        context.Response.ContentType = Metadata.Json;
        await using var writer = new Utf8JsonWriter(context.Response.Body);
        writer.WriteStartArray();
        foreach (var (answer, access) in answers.Take(limit))
        {
            fields.AddTo(answer, level, access, archive);
            Complete(answer, level, context.Request);
            DicomJson.Write(writer, answer, _ => null);
        }
        writer.WriteEndArray();
        await writer.FlushAsync(ct);
    }

    private static QueryConditions Conditions(HttpContext context, QueryLevel level)
    {
        var keys = context
            .Request.Query.Where(q =>
                q.Key is not ("limit" or "offset" or "includefield" or "fuzzymatching" or "accept")
            )
            .SelectMany(q => q.Value.Select(value => (q.Key, value ?? "")))
            .ToList();
        if (context.GetRouteValue("study") is string study)
        {
            keys.Add((nameof(DicomTags.StudyInstanceUID), study));
        }
        if (context.GetRouteValue("series") is string series)
        {
            keys.Add((nameof(DicomTags.SeriesInstanceUID), series));
        }
        // Dates and times are always combined here: there is nothing to negotiate (PS3.18 8.3.4.1.1).
        var manner = new QueryManner(
            context.Request.Query["fuzzymatching"].ToString().Equals("true", StringComparison.OrdinalIgnoreCase),
            CombinesDateAndTime: true
        );
        return new QueryConditions(
            context.RequestServices.GetRequiredService<ArchiveIndex>().Dialect,
            level,
            keys,
            manner
        );
    }

    /// <summary>One answer more than the limit, when there is one.</summary>
    private static async Task<List<(DicomDataSet Answer, StudyAccess Access)>> FindAsync(
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
        var mayRead = new Dictionary<string, StudyAccess>(StringComparer.Ordinal);
        var answers = new List<(DicomDataSet, StudyAccess)>();
        // Page by page, because the gate may hide any of them from the count.
        for (var page = 0; answers.Count <= limit; page++)
        {
            var rows = index.Read(c => SearchRows.Read(c, level, conditions, limit + 1, page * (limit + 1L)));
            foreach (var row in rows)
            {
                if (!mayRead.TryGetValue(row.StudyInstanceUid, out var access))
                {
                    mayRead[row.StudyInstanceUid] = access = await gate.MayFindAsync(context, row.StudyInstanceUid, ct);
                }
                if (row.For(access) is { } answer && offset-- <= 0)
                {
                    answers.Add((answer, access));
                }
            }
            if (rows.Count <= limit)
            {
                break;
            }
        }
        return answers;
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

    private static IEnumerable<string> Warnings(bool isCut, QueryConditions conditions, IncludedFields fields)
    {
        if (isCut)
        {
            yield return "There are more results than were returned.";
        }
        if (conditions.Ignored.Count > 0)
        {
            yield return "Some search keys are not supported and were ignored.";
        }
        if (!fields.IsUnderstood)
        {
            yield return "Some included fields do not exist and were ignored.";
        }
    }

    private static bool TryNumber(string? text, int otherwise, out int number)
    {
        number = otherwise;
        return string.IsNullOrEmpty(text)
            || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
