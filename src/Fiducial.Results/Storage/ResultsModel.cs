using Fiducial.Foundation.Storage;
using Fiducial.Results.Delivery;
using Fiducial.Results.Duty;
using Fiducial.Results.Release;
using Fiducial.Results.Reports;
using Fiducial.Results.Words;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.Results.Storage;

/// <summary>The tables of what the images mean.</summary>
internal sealed class ResultsModel : IModelPart
{
    public void Configure(ModelBuilder model)
    {
        model.Entity<ReportDraft>(e =>
        {
            e.ToTable("report_drafts");
            e.HasKey(x => x.ExamId);
            e.Property(x => x.Revision).IsConcurrencyToken();
            e.ComplexProperty(x => x.Sections, s => s.Ignore(x => x.RecommendationList).Ignore(x => x.AllText));
        });
        model.Entity<ReportVersion>(e =>
        {
            e.ToTable("report_versions");
            e.HasKey(x => x.Id);
            e.HasIndex(x => new { x.ExamId, x.Version }).IsUnique();
            e.ComplexProperty(x => x.Sections, s => s.Ignore(x => x.RecommendationList).Ignore(x => x.AllText));
        });
        model.Entity<PreliminaryReport>(e =>
        {
            e.ToTable("preliminary_reports");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.ExamId);
            e.ComplexProperty(x => x.Sections, s => s.Ignore(x => x.RecommendationList).Ignore(x => x.AllText));
        });
        model.Entity<StepWords>(e =>
        {
            e.ToTable("step_words");
            e.HasKey(x => x.Id);
            e.HasIndex(x => new { x.ExamId, x.Sequence }).IsUnique();
        });
        model.Entity<Cover>(e =>
        {
            e.ToTable("cover");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.DoctorId);
        });
        model.Entity<Successor>(e =>
        {
            e.ToTable("successors");
            e.HasKey(x => x.DoctorId);
        });
        model.Entity<ContactAttempt>(e =>
        {
            e.ToTable("contact_attempts");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.ExamId);
        });
        model.Entity<InboxItem>(e =>
        {
            e.ToTable("inbox");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.DoctorId);
        });
        model.Entity<Review>(e =>
        {
            e.ToTable("reviews");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.ExamId);
        });
        model.Entity<Discussion>(e =>
        {
            e.ToTable("discussions");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.ExamId);
        });
        model.Entity<PatientNote>(e =>
        {
            e.ToTable("patient_notes");
            e.HasKey(x => x.Id);
            e.HasIndex(x => x.ExamId);
        });
    }
}
