using Fiducial.Foundation.Storage;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.People;

/// <summary>The tables of what people may do here, and for whom.</summary>
internal sealed class PeopleModel : IModelPart
{
    public void Configure(ModelBuilder model)
    {
        model.Entity<Credential>(e =>
        {
            e.ToTable("credentials");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.PersonId);
            e.Ignore(x => x.Name);
        });
        model.Entity<Relationship>(e =>
        {
            e.ToTable("relationships");
            e.HasKey(x => x.Id);
            e.HasIndex(x => new { x.ExamId, x.DoctorId });
            e.HasIndex(x => x.DoctorId);
            e.HasIndex(x => x.PatientId);
        });
        model.Entity<Delegation>(e =>
        {
            e.ToTable("delegations");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.DelegateId);
            e.HasIndex(x => x.DoctorId);
        });
        model.Entity<PersonNotice>(e =>
        {
            e.ToTable("person_notices");
            e.HasKey(x => x.Id);
            // Nobody is told the same thing twice.
            e.HasIndex(x => new
                {
                    x.Kind,
                    x.About,
                    x.PersonId,
                    x.Role,
                })
                .IsUnique();
        });
    }
}
