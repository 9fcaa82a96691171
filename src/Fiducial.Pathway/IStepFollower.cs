using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Ledger;

namespace Fiducial.Pathway;

/// <summary>
/// What follows by itself after a step was taken (a verified set is listed for reading; a signed report is sent). The message is
/// written in the step's transaction; the follower may run twice and must then find its work done.
/// Registered with <see cref="Services.AddFollower{T}"/>.
/// </summary>
public interface IStepFollower
{
    Task FollowAsync(ExamRecord exam, LedgerEntry entry, CancellationToken ct);
}
