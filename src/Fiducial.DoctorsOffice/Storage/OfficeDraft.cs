using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.DoctorsOffice.Storage;

/// <summary>What a doctor has typed into a form of this office and not sent yet. It goes when the step is taken.</summary>
public sealed class OfficeDraft
{
    public long Id { get; init; }
    public required string DoctorId { get; init; }

    /// <summary>Empty for a referral, which has no exam yet.</summary>
    public required Guid ExamId { get; init; }

    /// <summary>review, discussion, release or refer.</summary>
    public required string Form { get; init; }

    /// <summary>Field to text, as JSON.</summary>
    public required string Sections { get; set; }

    /// <summary>Counts the saves: a save that was made on an older draft is refused, so that a second window overwrites nothing.</summary>
    public int Revision { get; set; }
    public DateTimeOffset SavedAt { get; set; }
}

/// <summary>The doctor's office's tables.</summary>
internal sealed class OfficeModel : IModelPart
{
    public void Configure(ModelBuilder model) =>
        model.Entity<OfficeDraft>(e =>
        {
            e.ToTable("office_drafts");
            e.HasKey(x => x.Id);
            e.Property(x => x.Revision).IsConcurrencyToken();
            e.HasIndex(x => new
                {
                    x.ExamId,
                    x.DoctorId,
                    x.Form,
                })
                .IsUnique();
        });
}
