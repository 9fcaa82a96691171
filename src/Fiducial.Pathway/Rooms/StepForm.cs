using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Pathway.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fiducial.Pathway.Rooms;

/// <summary>A form that takes one step: which of its fields become evidence, and as what. Whatever else is sent is not looked at.</summary>
public sealed record StepForm(string Step)
{
    /// <summary>Fields that are said as text, and stand in the ledger.</summary>
    public IReadOnlyList<string> Says { get; init; } = [];

    /// <summary>Boxes that are ticked.</summary>
    public IReadOnlyList<string> Ticks { get; init; } = [];

    /// <summary>Whole numbers.</summary>
    public IReadOnlyList<string> Counts { get; init; } = [];

    /// <summary>Moments of the site's clock, to the minute.</summary>
    public IReadOnlyList<string> Moments { get; init; } = [];

    /// <summary>Fields of which the ledger keeps the hash alone: reasons, messages, letters.</summary>
    public IReadOnlyList<string> Writes { get; init; } = [];

    /// <summary>What the server adds of its own knowledge.</summary>
    public IReadOnlyDictionary<string, JsonNode> Adds { get; init; } = new Dictionary<string, JsonNode>();

    public StepRequest Request(
        Guid exam,
        Actor actor,
        IFormCollection form,
        BusinessCalendar calendar,
        IWordKeeper keeper
    )
    {
        var typed = Foundation.Web.TypedForm.Of(form);
        var evidence = new JsonObject();
        foreach (var field in Says.Where(f => typed[f].Length > 0))
        {
            evidence[field] = typed[field];
        }
        foreach (var field in Ticks.Where(form.ContainsKey))
        {
            evidence[field] = true;
        }
        foreach (var field in Counts)
        {
            if (int.TryParse(typed[field], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                evidence[field] = count;
            }
        }
        foreach (var field in Moments)
        {
            if (Moment(typed[field], calendar) is { } at)
            {
                evidence[field] = at.ToString("O", CultureInfo.InvariantCulture);
            }
        }
        foreach (var (field, value) in Adds)
        {
            evidence[field] = value.DeepClone();
        }
        if (Writes.Count == 0)
        {
            return new StepRequest(exam, Step, actor, evidence);
        }
        var words = new JsonObject();
        foreach (var field in Writes)
        {
            words[field] = typed[field];
        }
        return new StepRequest(exam, Step, actor, evidence) { Words = words, Within = keeper.Keep(words) };
    }

    /// <summary>A moment as a datetime-local field sends it, in the site's time zone; null when it is none.</summary>
    public static DateTimeOffset? Moment(string text, BusinessCalendar calendar) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, out var local) && local.Year is >= 1900 and < 3000
            ? calendar.At(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local))
            : null;
}

public static class StepForms
{
    /// <summary>Maps the form to <paramref name="pattern"/>, which has the route value <c>exam</c>; the answer leads back to <paramref name="page"/>.</summary>
    /// <param name="page">The page of the form; <c>{exam}</c> in it is the exam.</param>
    public static void MapStep(
        this IEndpointRouteBuilder routes,
        string pattern,
        string page,
        AccessAttribute access,
        StepForm step
    ) =>
        routes
            .MapPost(
                pattern,
                async (
                    Guid exam,
                    IFormCollection form,
                    HttpContext http,
                    PathwayEngine pathway,
                    BusinessCalendar calendar,
                    IWordKeeper keeper,
                    CancellationToken ct
                ) =>
                    Refusals.Back(
                        page.Replace("{exam}", exam.ToString("D"), StringComparison.Ordinal),
                        await pathway.TakeAsync(step.Request(exam, http.Actor(), form, calendar, keeper), ct),
                        http,
                        form
                    )
            )
            .WithMetadata(access, new StepAttribute(step.Step));
}
