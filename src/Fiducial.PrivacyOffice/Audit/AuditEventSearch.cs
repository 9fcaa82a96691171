using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace Fiducial.PrivacyOffice.Audit;

/// <summary><c>GET /fhir/AuditEvent</c>: the audit chain by patient, agent and date, the newest first, for the privacy officer.</summary>
internal static class AuditEventSearch
{
    private const int Most = 500;

    public static async Task<IResult> RunAsync(HttpContext http, ClinicDb db, CancellationToken ct)
    {
        var rows = db.Set<AuditEntry>().AsNoTracking();
        var count = 50;
        foreach (var (name, values) in http.Request.Query)
        {
            foreach (var value in values.Select(v => v ?? ""))
            {
                switch (name)
                {
                    case "patient" or "patient.identifier":
                        var patient = Bare(value, "Patient/");
                        rows = rows.Where(e => e.PatientId == patient);
                        break;
                    case "agent" or "agent.identifier":
                        rows = rows.Where(e => e.ActorId == value);
                        break;
                    case "date":
                        if (Dated(rows, value) is not { } dated)
                        {
                            return Refuse($"'{value}' is no date: write ge2026-11-24 or lt2026-11-24T12:00:00Z.");
                        }
                        rows = dated;
                        break;
                    case "outcome":
                        var allowed = value is "0";
                        rows = rows.Where(e => e.Allowed == allowed);
                        break;
                    case "_count" when int.TryParse(value, CultureInfo.InvariantCulture, out var n) && n >= 0:
                        count = Math.Min(n, Most);
                        break;
                    case "_before" when long.TryParse(value, CultureInfo.InvariantCulture, out var before):
                        rows = rows.Where(e => e.Sequence < before);
                        break;
                    case "_format":
                        break;
                    default:
                        return Refuse(
                            $"AuditEvent is searched by patient, agent, date, outcome and _count; '{name}={value}' is none of them."
                        );
                }
            }
        }
        var found = await rows.OrderByDescending(e => e.Sequence).Take(count + 1).ToListAsync(ct);
        var shown = found.Take(count).ToList();
        var links = new JsonArray(Link("self", http.Request.QueryString.Value ?? ""));
        if (found.Count > count && count > 0)
        {
            links.Add(Link("next", Next(http.Request.Query, shown[^1].Sequence)));
        }
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "searchset",
            ["link"] = links,
            ["entry"] = new JsonArray([
                .. shown.Select(e => new JsonObject
                {
                    ["fullUrl"] = $"{Base(http)}/{AuditEventJson.Id(e)}",
                    ["resource"] = AuditEventJson.Of(e),
                    ["search"] = new JsonObject { ["mode"] = "match" },
                }),
            ]),
        };
        if (shown.Count == 0)
        {
            bundle.Remove("entry"); // FHIR has no empty lists
        }
        return Fhir(bundle, StatusCodes.Status200OK);

        JsonObject Link(string relation, string query) =>
            new() { ["relation"] = relation, ["url"] = $"{Base(http)}{query}" };
    }

    public static async Task<IResult> OneAsync(long id, ClinicDb db, CancellationToken ct) =>
        await db.Set<AuditEntry>().AsNoTracking().FirstOrDefaultAsync(e => e.Sequence == id, ct) is { } entry
            ? Fhir(AuditEventJson.Of(entry), StatusCodes.Status200OK)
            : Results.NotFound();

    private static string Base(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}/fhir/AuditEvent";

    private static string Next(IQueryCollection query, long before) =>
        QueryString
            .Create(
                query
                    .Where(q => q.Key is not "_before")
                    .Append(
                        KeyValuePair.Create("_before", new StringValues(before.ToString(CultureInfo.InvariantCulture)))
                    )
            )
            .Value!;

    // FHIR R4 3.1.1.4.5: a prefix and a date, whose span is the day when it has no time.
    private static IQueryable<AuditEntry>? Dated(IQueryable<AuditEntry> rows, string text)
    {
        var prefix = text.Length > 2 && char.IsAsciiLetter(text[0]) ? text[..2] : "eq";
        var rest = text.StartsWith(prefix, StringComparison.Ordinal) ? text[2..] : text;
        DateTimeOffset from;
        TimeSpan span;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(rest, "yyyy-MM-dd", CultureInfo.InvariantCulture, utc, out from))
        {
            span = TimeSpan.FromDays(1);
        }
        else if (DateTimeOffset.TryParse(rest, CultureInfo.InvariantCulture, utc, out from))
        {
            span = TimeSpan.FromSeconds(1);
        }
        else
        {
            return null;
        }
        var until = from + span;
        return prefix switch
        {
            "eq" => rows.Where(e => e.At >= from && e.At < until),
            "ge" => rows.Where(e => e.At >= from),
            "gt" or "sa" => rows.Where(e => e.At >= until),
            "le" => rows.Where(e => e.At < until),
            "lt" or "eb" => rows.Where(e => e.At < from),
            _ => null,
        };
    }

    private static string Bare(string value, string type) =>
        value.StartsWith(type, StringComparison.Ordinal) ? value[type.Length..] : value;

    private static IResult Refuse(string sentence) =>
        Fhir(
            new JsonObject
            {
                ["resourceType"] = "OperationOutcome",
                ["issue"] = new JsonArray(
                    new JsonObject
                    {
                        ["severity"] = "error",
                        ["code"] = "invalid",
                        ["diagnostics"] = sentence,
                    }
                ),
            },
            StatusCodes.Status400BadRequest
        );

    private static IResult Fhir(JsonObject resource, int status) =>
        Results.Text(resource.ToJsonString(), "application/fhir+json", statusCode: status);
}
