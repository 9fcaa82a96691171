using System.Globalization;
using Fiducial.Foundation.Outbox;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Law;
using Fiducial.Pathway.Ledger;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Audit;

/// <summary>
/// Seals the chains every hour. The timer is a row of the outbox that names the next seal: written in the transaction of the seal before
/// it, worked once however many servers there are, and still due after a stop.
/// </summary>
[Access(DataClass.AUD, Verb.Write, Role.SYS)]
public sealed class SealAudit(ClinicDb db, SealKey key, TimeProvider clock) : IOutboxHandler
{
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    public string Topic => "audit-seal";

    /// <summary>Starts the timer when it does not run: at the opening of the house.</summary>
    public async Task BeginAsync(CancellationToken ct = default)
    {
        if (!await db.Set<OutboxMessage>().AnyAsync(m => m.Topic == Topic && m.DoneAt == null, ct))
        {
            var last = await db.Set<AuditSeal>().MaxAsync(s => (long?)s.Number, ct) ?? 0;
            db.Add(Next(last + 1));
            await db.SaveChangesAsync(ct);
        }
    }

    public async Task HandleAsync(string body, CancellationToken ct)
    {
        var number = long.Parse(body, CultureInfo.InvariantCulture);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await AuditTrail.HoldChainAsync(db);
        var last = await db.Set<AuditSeal>().AsNoTracking().OrderByDescending(s => s.Number).FirstOrDefaultAsync(ct);
        if (last?.Number >= number)
        {
            return; // made before a crash, together with the next timer
        }
        var made = await SealAsync(last, number, ct);
        db.Add(Next(number + 1));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        key.Remember(made);
    }

    private async Task<AuditSeal> SealAsync(AuditSeal? last, long number, CancellationToken ct)
    {
        var row = await db.Set<AuditEntry>().AsNoTracking().OrderByDescending(e => e.Sequence).FirstOrDefaultAsync(ct);
        var heads = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e =>
                e.HeadSequence > 0 && !db.Set<SealedHead>().Any(h => h.ExamId == e.Id && h.Sequence >= e.HeadSequence)
            )
            .Select(e => new SealedHead
            {
                SealNumber = number,
                ExamId = e.Id,
                Sequence = e.HeadSequence,
                Hash = e.HeadHash,
            })
            .ToListAsync(ct);
        var at = clock.GetUtcNow();
        var seal = new AuditSeal
        {
            Number = number,
            At = at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMicrosecond)),
            AuditSequence = row?.Sequence ?? 0,
            AuditHash = row?.Hash ?? HashChain.Start,
            HeadsHash = AuditSeal.HashOf(heads),
            PreviousHash = last?.Hash ?? HashChain.Start,
            Hash = "",
            Signature = "",
        };
        seal = seal with { Hash = AuditSeal.HashOf(seal) };
        seal = seal with { Signature = key.Sign(seal.Hash) };
        db.Add(seal);
        db.AddRange(heads);
        return seal;
    }

    private OutboxMessage Next(long number) =>
        new()
        {
            Topic = Topic,
            Body = number.ToString(CultureInfo.InvariantCulture),
            DueAt = clock.GetUtcNow() + Every,
        };
}
