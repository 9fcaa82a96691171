using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ReadingRoom.Storage;

/// <summary>The reading room's tables.</summary>
internal sealed class ReadingRoomModel : IModelPart
{
    public void Configure(ModelBuilder model)
    {
        model.Entity<DisplaySet>(e =>
        {
            e.ToTable("display_sets");
            e.HasKey(x => x.Id);
        });
        model.Entity<CoverageRecord>(e =>
        {
            e.ToTable("coverage");
            e.HasKey(x => x.Id);
            e.HasIndex(x => new
                {
                    x.ExamId,
                    x.ReaderId,
                    x.SopInstanceUid,
                })
                .IsUnique();
        });
    }
}
