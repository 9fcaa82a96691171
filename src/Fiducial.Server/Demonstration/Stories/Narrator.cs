using System.Globalization;
using Fiducial.Foundation.Calendar;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Timers;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Demonstration.Stories;

/// <summary>Prints what happened to an exam, and turns the clock on to what is due next.</summary>
internal sealed class Narrator(
    ClinicDb db,
    LedgerVerifier verifier,
    TimerWorker worker,
    BusinessCalendar calendar,
    TimeProvider clock,
    Action<TimeSpan> turn,
    TextWriter output
)
{
    public Task HeadAsync(string title) => output.WriteLineAsync($"\n{title}\n{new string('-', title.Length)}");

    public Task SayAsync(string line) => output.WriteLineAsync($"     {line}");

    public async Task TurnAsync(TimeSpan by)
    {
        turn(by);
        await worker.FireDueAsync();
    }

    /// <summary>Turns the clock to when this timer of the exam is due, lets it fire, and says so.</summary>
    public async Task TurnToAsync(Guid exam, string timer)
    {
        // It may have fired with another that was due at the same hour.
        var timers = db.Set<StepTimer>().AsNoTracking().Where(t => t.ExamId == exam && t.Name == timer);
        var due = await timers.OrderByDescending(t => t.Id).Select(t => t.DueAt).FirstAsync();
        var wait = due - clock.GetUtcNow();
        await TurnAsync((wait > TimeSpan.Zero ? wait : TimeSpan.Zero) + TimeSpan.FromSeconds(1));
        while (await timers.AnyAsync(t => t.EndedAt == null))
        {
            await Task.Delay(25);
        }
        var told = await db.Set<Notice>()
            .AsNoTracking()
            .Where(n => n.ExamId == exam && n.Kind == timer)
            .OrderBy(n => n.Id)
            .Select(n => n.Role == "" ? n.PersonId : n.Role)
            .ToListAsync();
        await SayAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{calendar.Local(due):ddd yyyy-MM-dd HH:mm}: {timer}{(told.Count > 0 ? $" -> {string.Join(", ", told)}" : "")}"
            )
        );
    }

    /// <summary>Every entry of the exam's ledger, then whether the chain verifies.</summary>
    public async Task<bool> LedgerAsync(Guid exam)
    {
        var entries = await db.Set<LedgerEntry>()
            .AsNoTracking()
            .Where(e => e.ExamId == exam)
            .OrderBy(e => e.Sequence)
            .ToListAsync();
        var format = entries[0].At.Date == entries[^1].At.Date ? "HH:mm:ss.fff" : "MM-dd HH:mm:ss";
        foreach (var e in entries)
        {
            var at = e.At.ToString(format, CultureInfo.InvariantCulture);
            await output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{e.Sequence, 3}  {at}  {e.Step, -3} {e.Event, -18} {e.From} -> {e.To}   {e.ActorName} ({e.Role})   {e.Hash[..12]}"
                )
            );
        }
        var faults = await verifier.FaultsAsync(exam, CancellationToken.None);
        await output.WriteLineAsync(faults.Count == 0 ? "The chain verifies." : string.Join('\n', faults));
        return faults.Count == 0;
    }
}
