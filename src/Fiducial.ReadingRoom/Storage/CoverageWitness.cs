using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ReadingRoom.Storage;

/// <summary>Compares what the signer had on the screen with the hash of it that the signature's ledger entry holds.</summary>
internal sealed class CoverageWitness(ClinicDb db) : ILedgerWitness
{
    public async Task<IReadOnlyList<string>> ContradictionsAsync(
        Guid examId,
        IReadOnlyList<LedgerEntry> ledger,
        CancellationToken ct
    )
    {
        if (ledger.LastOrDefault(e => e is { Taken: true, Step: "R6" or "R9" }) is not { } signature)
        {
            return [];
        }
        var seen = await db.Set<CoverageRecord>()
            .AsNoTracking()
            .Where(r => r.ExamId == examId && r.ReaderId == signature.ActorId)
            .ToListAsync(ct);
        return (string?)JsonNode.Parse(signature.Evidence)!["coverageHash"] == CoverageRecord.HashOf(seen)
            ? []
            : [$"Exam {examId}: the coverage of the images differs from its ledger."];
    }
}
