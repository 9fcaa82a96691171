using System.Globalization;
using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Patients;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Proxies;

/// <summary>
/// Who acts for a patient acts for them under the identifier under which they are kept after a merge (B4). What is carried over is an entry that
/// names the merge; the first identifier's own chain stays as it was, so that an undone merge finds it, with what was changed meanwhile.
/// A death is not carried: the privacy officer records it where it belongs.
/// </summary>
public sealed class ProxiesFollowMerge(ClinicDb db, ProxyChain chain)
{
    /// <summary>Takes part in the step that finishes a line of the journal; the first line of a merge carries, the others find it done.</summary>
    public async Task RunAsync(MergeEntry line, PatientRecord from, PatientRecord into, Actor by, CancellationToken ct)
    {
        var mark = line.MergeId.ToString("D");
        var written = await db.Set<ProxyEntry>()
            .AsNoTracking()
            .Where(e => e.PatientId == from.PatientId || e.PatientId == into.PatientId)
            .OrderBy(e => e.Sequence)
            .ToListAsync(ct);
        if (written.Exists(e => (string?)e.Said["merge"] == mark))
        {
            return;
        }
        if (line.Undoes is { } undone)
        {
            var carried = written.FindAll(e =>
                e.PatientId == from.PatientId && e.Act is ProxyAct.Recorded && (string?)e.Said["merge"] == $"{undone:D}"
            );
            await BringBackAsync(carried, mark, from, into, by, ct);
        }
        else
        {
            await CarryAsync(mark, from, into, by, ct);
        }
    }

    private async Task CarryAsync(string mark, PatientRecord from, PatientRecord into, Actor by, CancellationToken ct)
    {
        var there = await OpenAsync(into.PatientId, ct);
        var isDisputed = there.Exists(p => p.Disputed);
        foreach (var proxy in await OpenAsync(from.PatientId, ct))
        {
            if (
                proxy.PersonId == into.PersonId
                || (into.DeceasedOn.Length > 0 && proxy.Basis is not ProxyBasis.Estate)
                || there.Exists(p =>
                    (p.PersonId, p.Basis, p.Exams, p.Sees) == (proxy.PersonId, proxy.Basis, proxy.Exams, proxy.Sees)
                )
            )
            {
                continue;
            }
            var entry = await chain.AppendAsync(
                into,
                ProxyAct.Recorded,
                new JsonObject
                {
                    ["personId"] = proxy.PersonId,
                    ["personName"] = proxy.PersonName,
                    ["basis"] = proxy.Basis,
                    ["document"] = proxy.Document,
                    ["from"] = Iso(proxy.From),
                    ["until"] = proxy.Until is { } until ? Iso(until) : "",
                    ["sees"] = proxy.Sees,
                    ["exams"] = proxy.Exams,
                    ["merge"] = mark,
                    ["carried"] = proxy.Entry,
                },
                by,
                ct
            );
            if (proxy.RestrictedTo is not ProxySight.All)
            {
                await RestrictAsync(into, entry.Sequence, proxy.RestrictedTo, mark, by, ct);
            }
            if (proxy.Disputed && !isDisputed)
            {
                await DisputeAsync(into, from, mark, by, ct);
                isDisputed = true;
            }
        }
    }

    private async Task BringBackAsync(
        IReadOnlyList<ProxyEntry> carried,
        string mark,
        PatientRecord from,
        PatientRecord into,
        Actor by,
        CancellationToken ct
    )
    {
        var merged = await AllAsync(from.PatientId, ct);
        var isDisputed = merged.Exists(p => p.Disputed);
        var wasDisputed = (await OpenAsync(into.PatientId, ct)).Exists(p => p.Disputed);
        foreach (var entry in carried)
        {
            var meanwhile = merged.Single(p => p.Entry == entry.Sequence);
            var first = (await OpenAsync(into.PatientId, ct)).Find(p => p.Entry == (int)entry.Said["carried"]!);
            if (first is not null && meanwhile.EndedAt is not null)
            {
                await EndAsync(into, first.Entry, meanwhile.EndReason, mark, by, ct);
            }
            else if (first is not null && first.RestrictedTo != meanwhile.RestrictedTo)
            {
                await RestrictAsync(into, first.Entry, meanwhile.RestrictedTo, mark, by, ct);
            }
            if (meanwhile.EndedAt is null)
            {
                await EndAsync(from, entry.Sequence, "the merge was undone", mark, by, ct);
            }
        }
        if (carried.Count > 0 && wasDisputed && !isDisputed)
        {
            var stays = (await OpenAsync(into.PatientId, ct)).Select(p => JsonValue.Create(p.Entry));
            await chain.AppendAsync(
                into,
                ProxyAct.Decided,
                new JsonObject
                {
                    ["stays"] = new JsonArray([.. stays]),
                    ["document"] = $"as decided under {from.PatientId}",
                    ["merge"] = mark,
                },
                by,
                ct
            );
        }
        else if (carried.Count > 0 && isDisputed && !wasDisputed)
        {
            await DisputeAsync(into, from, mark, by, ct);
        }
    }

    private Task<List<Proxy>> AllAsync(string patient, CancellationToken ct) =>
        db.Set<Proxy>().AsNoTracking().Where(p => p.PatientId == patient).OrderBy(p => p.Entry).ToListAsync(ct);

    private async Task<List<Proxy>> OpenAsync(string patient, CancellationToken ct) =>
        (await AllAsync(patient, ct)).FindAll(p => p.EndedAt is null);

    private Task RestrictAsync(
        PatientRecord patient,
        int entry,
        string sees,
        string mark,
        Actor by,
        CancellationToken ct
    ) =>
        chain.AppendAsync(
            patient,
            ProxyAct.Restricted,
            new JsonObject
            {
                ["entry"] = entry,
                ["sees"] = sees,
                ["merge"] = mark,
            },
            by,
            ct
        );

    private Task EndAsync(
        PatientRecord patient,
        int entry,
        string reason,
        string mark,
        Actor by,
        CancellationToken ct
    ) =>
        chain.AppendAsync(
            patient,
            ProxyAct.Ended,
            new JsonObject
            {
                ["entry"] = entry,
                ["reason"] = reason,
                ["merge"] = mark,
            },
            by,
            ct
        );

    private Task DisputeAsync(
        PatientRecord patient,
        PatientRecord other,
        string mark,
        Actor by,
        CancellationToken ct
    ) =>
        chain.AppendAsync(
            patient,
            ProxyAct.Disputed,
            new JsonObject { ["what"] = $"as under {other.PatientId}", ["merge"] = mark },
            by,
            ct
        );

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
