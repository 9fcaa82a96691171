using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Server.Bridges.Modalities;

/// <summary>A modality's request that the archive take responsibility for its images (PS3.4 J).</summary>
internal sealed class Commitment
{
    public long Id { get; init; }
    public required string TransactionUid { get; init; }
    public required string AETitle { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When each image was read, hashed and judged.</summary>
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>When the modality took the answer.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }
}

/// <summary>An image of such a request.</summary>
internal sealed class CommittedImage
{
    public long Id { get; init; }
    public required long CommitmentId { get; set; }
    public required string SopClassUid { get; init; }
    public required string SopInstanceUid { get; init; }

    /// <summary>Failure Reason (0008,1197): 0 when it is committed, null until it was judged.</summary>
    public int? FailureReason { get; set; }
}

internal sealed class CommitmentModel : IModelPart
{
    public void Configure(ModelBuilder model)
    {
        model.Entity<Commitment>(e =>
        {
            e.ToTable("commitments");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.TransactionUid);
        });
        model.Entity<CommittedImage>(e =>
        {
            e.ToTable("committed_images");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.CommitmentId);
            e.HasIndex(x => x.SopInstanceUid);
        });
    }
}

/// <summary>What was asked and answered about the images of an exam, for the evidence of I6.</summary>
internal static class Commitments
{
    /// <summary>A sentence that says no more than what happened.</summary>
    /// <param name="images">SOP Instance UIDs of the exam.</param>
    public static async Task<string> SayAsync(ClinicDb db, IReadOnlyCollection<string> images, CancellationToken ct)
    {
        var asked = await db.Set<CommittedImage>()
            .AsNoTracking()
            .Where(i => images.Contains(i.SopInstanceUid))
            .ToListAsync(ct);
        if (asked.Count == 0)
        {
            return "not requested by the modality";
        }
        var ids = asked.Select(a => a.CommitmentId).Distinct().ToList();
        var requests = await db.Set<Commitment>().AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(ct);
        var committed = asked.Where(a => a.FailureReason == 0).Select(a => a.SopInstanceUid).Distinct().Count();
        var titles = string.Join(", ", requests.Select(r => r.AETitle).Distinct(StringComparer.Ordinal));
        return FormattableString.Invariant(
            $"requested by {titles}: {committed} of {images.Count} images committed; {requests.Count(r => r.AnsweredAt is not null)} of {requests.Count} requests answered"
        );
    }
}
