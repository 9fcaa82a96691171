using System.Security.Claims;
using Fiducial.Pathway.Law;
using Microsoft.AspNetCore.Http;

namespace Fiducial.Pathway.Access;

/// <summary>The actor of a request, from the claims that sign-in wrote: one person in the one role of this session.</summary>
public static class SignedIn
{
    public const string RoleClaim = "fiducial:role";
    public const string JobClaim = "fiducial:job";
    public const string NameClaim = "fiducial:name";

    /// <summary>The workstation at which the request was made, and that it stands in an exam room: written at each request, kept in no session.</summary>
    public const string DeviceClaim = "fiducial:device";
    public const string ExamRoomClaim = "fiducial:exam-room";

    /// <summary>What was shown at sign-in beside the password: <see cref="MissingFactor"/> when the role needs one and none was.</summary>
    public const string SecondFactorClaim = "fiducial:second-factor";
    public const string MissingFactor = "missing";

    /// <summary>Null when nobody is signed in.</summary>
    public static Actor? Actor(this ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true, Name: { } id }
        && Enum.TryParse<Role>(principal.FindFirstValue(RoleClaim), out var role)
            ? new Actor
            {
                Id = id,
                Name = principal.FindFirstValue(NameClaim) ?? id,
                Role = role,
                OtherJobs =
                [
                    .. principal.FindAll(JobClaim).Select(c => Enum.Parse<Role>(c.Value)).Where(j => j != role),
                ],
                Device = principal.FindFirstValue(DeviceClaim) ?? "",
                IsInExamRoom = principal.HasClaim(c => c.Type == ExamRoomClaim),
                LacksSecondFactor = principal.FindFirstValue(SecondFactorClaim) is MissingFactor,
            }
            : null;

    /// <summary>The actor of a request to a route that is not public.</summary>
    /// <exception cref="InvalidOperationException">Nobody is signed in: the route was left open.</exception>
    public static Actor Actor(this HttpContext http) =>
        http.User.Actor() ?? throw new InvalidOperationException("This route needs a signed-in person.");
}
