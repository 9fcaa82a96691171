using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Audit;

/// <summary>The tables of who looked.</summary>
internal sealed class AuditModel : IModelPart
{
    public void Configure(ModelBuilder model)
    {
        model.Entity<AuditEntry>(e =>
        {
            e.ToTable("audit");
            e.HasKey(x => x.Sequence);
            e.Property(x => x.Sequence).ValueGeneratedNever();
            e.HasIndex(x => x.PatientId);
            e.HasIndex(x => x.ActorId);
            e.HasIndex(x => x.At);
        });
        model.Entity<AuditSeal>(e =>
        {
            e.ToTable("audit_seals");
            e.HasKey(x => x.Number);
            e.Property(x => x.Number).ValueGeneratedNever();
        });
        model.Entity<SealedHead>(e =>
        {
            e.ToTable("audit_seal_heads");
            e.HasKey(x => x.Id);
            e.HasIndex(x => new { x.ExamId, x.Sequence });
            e.HasIndex(x => x.SealNumber);
        });
        model.Entity<AuditFeed>(e =>
        {
            e.ToTable("audit_feeds");
            e.HasKey(x => x.Destination);
        });
    }
}

/// <summary>How far the chain was sent to an outside repository: nothing is lost while that is down.</summary>
public sealed class AuditFeed
{
    public required string Destination { get; init; }

    /// <summary>Last row that was sent.</summary>
    public long Sequence { get; set; }

    /// <summary>Until when one server process sends.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }
}
