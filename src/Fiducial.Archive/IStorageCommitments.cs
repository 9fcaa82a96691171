namespace Fiducial.Archive;

/// <summary>What devices asked the archive to take responsibility for (PS3.4 J), and what they were answered.</summary>
public interface IStorageCommitments
{
    CommitmentsOfStudy About(string studyInstanceUid);
}

/// <param name="AETitles">Of those that asked.</param>
/// <param name="Requests">How many name an object of the study.</param>
/// <param name="Answered">How many of these the device has taken the answer to.</param>
/// <param name="Committed">Objects of the study that the archive answers for.</param>
public sealed record CommitmentsOfStudy(IReadOnlyList<string> AETitles, int Requests, int Answered, int Committed);
