using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Guards;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Exams;

/// <summary>
/// What the order says beyond the exam's row: safety answers and guidance for the acquisition (C1), from the evidence of O1, O5 and O6,
/// and what the booking agreed (C0), from O7. Nobody may read it to whom the matrix does not open that class.
/// </summary>
public sealed record OrderDetails(
    IReadOnlyDictionary<string, string> Safety,
    string Guidance,
    string Leaflet,
    string AccessNeeds
)
{
    /// <summary>Every safety question is answered; whether with yes or no is not said.</summary>
    public bool SafetyAsked => OrderGuards.SafetyQuestions.All(Safety.ContainsKey);

    public static async Task<OrderDetails> OfAsync(ClinicDb db, Guid examId, CancellationToken ct = default)
    {
        var steps = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e =>
                e.ExamId == examId && e.Taken && (e.Step == "O1" || e.Step == "O5" || e.Step == "O6" || e.Step == "O7")
            )
            .OrderBy(e => e.Sequence)
            .Select(e => e.Evidence)
            .ToListAsync(ct);
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in steps.SelectMany(e => JsonNode.Parse(e)!.AsObject()))
        {
            if (value is JsonValue v && v.TryGetValue<string>(out var text) && text.Length > 0)
            {
                // What was said later holds.
                said[key] = text;
            }
        }
        return new OrderDetails(
            said.Where(s => OrderGuards.SafetyQuestions.Contains(s.Key, StringComparer.Ordinal))
                .ToDictionary(StringComparer.Ordinal),
            said.GetValueOrDefault("guidance", ""),
            said.GetValueOrDefault("leaflet", ""),
            said.GetValueOrDefault("accessNeeds", "")
        );
    }
}
