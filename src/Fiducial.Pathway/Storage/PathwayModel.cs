using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;
using Fiducial.Pathway.Patients;
using Fiducial.Pathway.Proxies;
using Fiducial.Pathway.Timers;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Pathway.Storage;

/// <summary>The pathway's tables: the ledger, and the rows that are its fold.</summary>
internal sealed class PathwayModel : IModelPart
{
    public void Configure(ModelBuilder model)
    {
        model.Entity<LedgerEntry>(e =>
        {
            e.ToTable("ledger");
            e.HasKey(x => x.Id);
            // Two nodes can never write the same place of one ledger: the ledger does not fork.
            e.HasIndex(x => new { x.ExamId, x.Sequence }).IsUnique();
        });
        model.Entity<ExamRecord>(e =>
        {
            e.ToTable("exams");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.AccessionNumber);
            e.HasIndex(x => x.StudyInstanceUid);
            e.HasIndex(x => x.PatientId);
            e.HasIndex(x => x.Report);
            e.HasIndex(x => x.Exam);
            e.Ignore(x => x.Phase);
        });
        model.Entity<ImageRecord>(e =>
        {
            e.ToTable("images");
            e.HasKey(x => x.Id);
            e.HasIndex(x => new { x.ExamId, x.SopInstanceUid }).IsUnique();
        });
        model.Entity<StepTimer>(e =>
        {
            e.ToTable("timers");
            e.HasKey(x => x.Id);
            e.Property(x => x.Name).HasMaxLength(40);
            e.HasIndex(x => x.ExamId);
            e.HasIndex(x => new { x.EndedAt, x.DueAt });
        });
        model.Entity<Notice>(e =>
        {
            e.ToTable("notices");
            e.HasKey(x => x.Id);
            // A timer tells each of its audience once, whatever happens.
            e.HasIndex(x => new
                {
                    x.TimerId,
                    x.Role,
                    x.PersonId,
                })
                .IsUnique();
            e.HasIndex(x => new { x.Role, x.PersonId });
        });
        model.Entity<Proxy>(e =>
        {
            e.ToTable("proxies");
            e.HasKey(x => x.Id);
            e.HasIndex(x => new { x.PatientId, x.Entry }).IsUnique();
            e.HasIndex(x => x.PersonId);
            e.Ignore(x => x.Sight);
        });
        model.Entity<ProxyEntry>(e =>
        {
            e.ToTable("proxy_entries");
            e.HasKey(x => x.Id);
            // The chain of a patient does not fork.
            e.HasIndex(x => new { x.PatientId, x.Sequence }).IsUnique();
            e.Ignore(x => x.Said);
        });
        model.Entity<Mask>(e =>
        {
            e.ToTable("masks");
            e.HasKey(x => x.Id);
            e.HasIndex(x => new { x.PatientId, x.PersonId }).IsUnique();
        });
        model.Entity<MergeEntry>(e =>
        {
            e.ToTable("merges");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.MergeId);
            e.HasIndex(x => x.ExamId);
        });
        model.Entity<PerformedStep>(e =>
        {
            e.ToTable("performed_steps");
            e.HasKey(x => x.Uid);
            e.Ignore(x => x.IsFinal);
        });
        model.Entity<PerformedStepExam>(e =>
        {
            e.ToTable("performed_step_exams");
            e.HasKey(x => new { x.StepUid, x.ExamId });
            e.HasIndex(x => x.ExamId);
        });
        model.Entity<PatientRecord>(e =>
        {
            e.ToTable("patients");
            e.HasKey(x => x.PatientId);
            e.HasIndex(x => x.PersonId);
        });
    }
}
