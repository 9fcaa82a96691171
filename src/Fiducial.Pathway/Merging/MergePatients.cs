using System.Text.Json.Nodes;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.Proxies;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Merging;

/// <summary>What became of a merge: its number, and the refusals by exam; empty when all went.</summary>
public sealed record MergeOutcome(Guid MergeId, IReadOnlyList<string> Refusals);

/// <summary>
/// Merges two identifiers of one patient, exam by exam, in two steps by two people (B3, B4), and undoes it by the same steps the other
/// way round, for exactly the exams of the journal. The old identifier stays an alias for ever.
/// </summary>
public sealed class MergePatients(ClinicDb db, PathwayEngine pathway, ProxiesFollowMerge proxies)
{
    public async Task<MergeOutcome> StartAsync(string from, string into, Actor actor, CancellationToken ct = default)
    {
        if (!await db.Set<PatientRecord>().AnyAsync(p => p.PatientId == into, ct))
        {
            return new MergeOutcome(Guid.Empty, ["There is no patient with the second identifier."]);
        }
        var exams = await db.Set<ExamRecord>()
            .AsNoTracking()
            .Where(e => e.PatientId == from)
            .Select(e => e.Id)
            .ToListAsync(ct);
        return await BeginAsync(exams, from, into, undoes: null, actor, ct);
    }

    /// <summary>Begins to undo a merge that was finished: its exams go back, exams that came later stay.</summary>
    public async Task<MergeOutcome> UndoAsync(Guid mergeId, Actor actor, CancellationToken ct = default)
    {
        var lines = await db.Set<MergeEntry>()
            .AsNoTracking()
            .Where(m => m.MergeId == mergeId && m.FinishedAt != null)
            .ToListAsync(ct);
        return lines.Count == 0
            ? new MergeOutcome(Guid.Empty, ["The journal has no finished merge of this number."])
            : await BeginAsync(
                lines.ConvertAll(l => l.ExamId),
                lines[0].IntoPatientId,
                lines[0].FromPatientId,
                mergeId,
                actor,
                ct
            );
    }

    /// <summary>Finishes it: by someone else than who began it.</summary>
    /// <param name="contentMoved">A doctor now reads what they had no relation to: the privacy officer is told.</param>
    public async Task<MergeOutcome> FinishAsync(
        Guid mergeId,
        Actor actor,
        bool contentMoved,
        CancellationToken ct = default
    )
    {
        var lines = await db.Set<MergeEntry>()
            .AsNoTracking()
            .Where(m => m.MergeId == mergeId && m.FinishedAt == null)
            .ToListAsync(ct);
        var refusals = new List<string>();
        foreach (var line in lines)
        {
            var into = await db.Set<PatientRecord>()
                .AsNoTracking()
                .FirstAsync(p => p.PatientId == line.IntoPatientId, ct);
            var evidence = new JsonObject
            {
                ["journal"] = line.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["recomputed"] = true,
                ["contentMoved"] = contentMoved ? "true" : "false",
                ["before"] = new JsonObject { ["patientId"] = line.FromPatientId },
                ["after"] = new JsonObject
                {
                    ["patientId"] = into.PatientId,
                    ["patientName"] = into.Name,
                    ["patientBirthDate"] = into.BirthDate,
                    ["patientSex"] = into.Sex,
                },
            };
            var outcome = await pathway.TakeAsync(
                new StepRequest(line.ExamId, "B4", actor, evidence)
                {
                    Within = (taken, c) => FinishLineAsync(taken, line, actor, c),
                },
                ct
            );
            if (!outcome.Taken)
            {
                refusals.Add(outcome.Refusal!);
            }
        }
        return new MergeOutcome(
            mergeId,
            lines.Count == 0 ? ["The journal has no open merge of this number."] : refusals
        );
    }

    private async Task<MergeOutcome> BeginAsync(
        IReadOnlyList<Guid> exams,
        string from,
        string into,
        Guid? undoes,
        Actor actor,
        CancellationToken ct
    )
    {
        var merge = Guid.CreateVersion7();
        var refusals = new List<string>();
        foreach (var exam in exams)
        {
            var evidence = new JsonObject
            {
                ["fromPatientId"] = from,
                ["intoPatientId"] = into,
                ["previewShown"] = true,
                ["aliasKept"] = true,
            };
            var outcome = await pathway.TakeAsync(
                new StepRequest(exam, "B3", actor, evidence)
                {
                    Within = (taken, _) =>
                    {
                        taken.Db.Add(
                            new MergeEntry
                            {
                                MergeId = merge,
                                ExamId = exam,
                                FromPatientId = from,
                                IntoPatientId = into,
                                StartedById = actor.Id,
                                StartedAt = taken.Entry.At,
                                Undoes = undoes,
                            }
                        );
                        return Task.CompletedTask;
                    },
                },
                ct
            );
            if (!outcome.Taken)
            {
                refusals.Add(outcome.Refusal!);
            }
        }
        return new MergeOutcome(merge, refusals);
    }

    private async Task FinishLineAsync(StepTaken taken, MergeEntry line, Actor actor, CancellationToken ct)
    {
        var kept = await taken.Db.Set<MergeEntry>().FirstAsync(m => m.Id == line.Id, ct);
        kept.FinishedAt = taken.Entry.At;
        var from = await taken.Db.Set<PatientRecord>().FirstAsync(p => p.PatientId == line.FromPatientId, ct);
        var into = await taken.Db.Set<PatientRecord>().FirstAsync(p => p.PatientId == line.IntoPatientId, ct);
        if (line.Undoes is null)
        {
            from.MergedInto = into.PatientId;
        }
        else
        {
            into.MergedInto = "";
        }
        await proxies.RunAsync(kept, from, into, actor, ct);
    }
}
