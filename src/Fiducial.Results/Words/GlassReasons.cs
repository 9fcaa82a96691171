using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Rooms;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Words;

internal sealed class GlassReasons(ClinicDb db) : IGlassReasons
{
    public async Task<IReadOnlyDictionary<(Guid ExamId, int Sequence), string>> OfAsync(
        IReadOnlyCollection<Guid> exams,
        CancellationToken ct
    ) =>
        await db.Set<StepWords>()
            .AsNoTracking()
            .Where(w => (w.Step == "B1" || w.Step == "B8") && exams.Contains(w.ExamId))
            .ToDictionaryAsync(
                w => (w.ExamId, w.Sequence),
                w => (string?)JsonNode.Parse(w.Words)![w.Step == "B1" ? "reason" : "finding"] ?? "",
                ct
            );
}
