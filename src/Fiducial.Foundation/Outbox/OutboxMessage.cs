using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Foundation.Outbox;

/// <summary>Work that a step caused. It is written in the step's own transaction, so it is neither lost nor done for a step that was not taken.</summary>
public sealed class OutboxMessage
{
    public long Id { get; init; }
    public required string Topic { get; init; }
    public required string Body { get; init; }
    public required DateTimeOffset DueAt { get; set; }
    public int Attempts { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }
    public DateTimeOffset? DoneAt { get; set; }
    public string? LastError { get; set; }
}

internal sealed class OutboxModel : IModelPart
{
    public void Configure(ModelBuilder model) =>
        model.Entity<OutboxMessage>(m =>
        {
            m.ToTable("outbox");
            m.HasKey(x => x.Id);
            m.Property(x => x.Topic).HasMaxLength(100);
            m.HasIndex(x => new { x.DoneAt, x.DueAt });
        });
}
