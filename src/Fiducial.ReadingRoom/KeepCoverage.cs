using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.ReadingRoom.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ReadingRoom;

/// <summary>What the viewer reports to have shown: <c>{"instances":[{"sopInstanceUid","frames","framesSeen","share"}]}</c>.</summary>
internal sealed record CoverageReport(IReadOnlyList<CoverageReport.Instance> Instances)
{
    internal sealed record Instance(string SopInstanceUid, int Frames, int FramesSeen, double Share);
}

/// <summary>Keeps the reader's coverage of an exam: it only ever grows.</summary>
internal static class KeepCoverage
{
    /// <summary>As many as there can be windows that write at one moment, and some more.</summary>
    private const int MostAttempts = 10;

    public static async Task<IResult> ShowAsync(Guid exam, HttpContext http, ClinicDb db, CancellationToken ct)
    {
        var reader = http.Actor().Id;
        var kept = await db.Set<CoverageRecord>()
            .AsNoTracking()
            .Where(r => r.ExamId == exam && r.ReaderId == reader)
            .ToListAsync(ct);
        return TypedResults.Json(
            new CoverageReport([
                .. kept.Select(r => new CoverageReport.Instance(r.SopInstanceUid, r.FramesSeen, r.FramesSeen, r.Share)),
            ]),
            ReadJson.Web
        );
    }

    public static async Task<IResult> RunAsync(
        Guid exam,
        HttpContext http,
        ClinicDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (await ReadJson.AsAsync<CoverageReport>(http.Request, ct) is not { Instances: { } instances })
        {
            return TypedResults.BadRequest();
        }
        // What was seen is what the signature rested on: after it the record stays as it was.
        if (
            await db.Set<ExamRecord>()
                .AnyAsync(e => e.Id == exam && e.SignedAt != null && e.Report != "addendum_draft", ct)
        )
        {
            return TypedResults.NoContent();
        }
        var reader = http.Actor().Id;
        var known = await db.Set<ImageRecord>()
            .Where(i => i.ExamId == exam)
            .Select(i => i.SopInstanceUid)
            .ToHashSetAsync(ct);
        var seen = instances.Where(i => i?.SopInstanceUid is { } uid && known.Contains(uid)).ToList();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await KeepAsync(exam, reader, seen, db, clock, ct);
                return TypedResults.NoContent();
            }
            catch (DbUpdateException) when (attempt < MostAttempts)
            {
                // Another window of this reader wrote the first row of an image at the same moment: now it is there.
                db.ChangeTracker.Clear();
            }
        }
    }

    private static async Task KeepAsync(
        Guid exam,
        string reader,
        IReadOnlyList<CoverageReport.Instance> instances,
        ClinicDb db,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        var kept = await db.Set<CoverageRecord>()
            .Where(r => r.ExamId == exam && r.ReaderId == reader)
            .ToDictionaryAsync(r => r.SopInstanceUid, StringComparer.Ordinal, ct);
        foreach (var seen in instances)
        {
            if (!kept.TryGetValue(seen.SopInstanceUid, out var record))
            {
                record = new CoverageRecord
                {
                    ExamId = exam,
                    ReaderId = reader,
                    SopInstanceUid = seen.SopInstanceUid,
                    FramesSeen = 0,
                    Share = 0,
                    At = clock.GetUtcNow(),
                };
                kept[seen.SopInstanceUid] = record;
                db.Add(record);
            }
            record.FramesSeen = Math.Max(record.FramesSeen, seen.FramesSeen);
            record.Share = Math.Clamp(Math.Max(record.Share, seen.Share), 0, 1);
            record.At = clock.GetUtcNow();
        }
        await db.SaveChangesAsync(ct);
    }
}
