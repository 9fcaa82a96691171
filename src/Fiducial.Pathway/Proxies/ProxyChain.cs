using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Proxies;

/// <summary>The chain of a patient's entries: an entry is written with the rows that it makes, within the transaction of whoever asks.</summary>
public sealed class ProxyChain(ClinicDb db, BusinessCalendar calendar, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <returns>The entry, which is saved.</returns>
    /// <exception cref="DbUpdateException">Somebody else has written the same place of the chain.</exception>
    public async Task<ProxyEntry> AppendAsync(
        PatientRecord patient,
        string act,
        JsonObject evidence,
        Actor actor,
        CancellationToken ct
    )
    {
        var last = await db.Set<ProxyEntry>()
            .AsNoTracking()
            .Where(e => e.PatientId == patient.PatientId)
            .OrderByDescending(e => e.Sequence)
            .FirstOrDefaultAsync(ct);
        // Microseconds: what PostgreSQL keeps.
        var at = clock.GetUtcNow();
        at = at.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerMicrosecond));
        var entry = new ProxyEntry
        {
            PatientId = patient.PatientId,
            Sequence = (last?.Sequence ?? 0) + 1,
            Act = act,
            Evidence = evidence.ToJsonString(Plain),
            ActorId = actor.Id,
            ActorName = actor.Name,
            Role = actor.Role.ToString(),
            At = at,
            PreviousHash = last?.Hash ?? HashChain.Start,
            Hash = "",
        };
        entry = entry with { Hash = ProxyEntry.HashOf(entry) };
        var rows = await db.Set<Proxy>()
            .Where(p => p.PatientId == patient.PatientId)
            .OrderBy(p => p.Entry)
            .ToListAsync(ct);
        var known = rows.Count;
        patient.DeceasedOn = ProxyFold.Apply(rows, entry) ?? patient.DeceasedOn;
        patient.ProxyHead = entry.Hash;
        db.Add(entry);
        db.AddRange(rows.Skip(known));
        foreach (var added in rows.Skip(known).Where(p => p.Until is not null))
        {
            db.Add(EndProxies.Message(added, calendar));
        }
        if (act is ProxyAct.Disputed)
        {
            db.AddRange(RemindOfDispute.Messages(entry, calendar));
        }
        await db.SaveChangesAsync(ct);
        return entry;
    }
}
