using System.Text.Json.Nodes;
using Fiducial.Pathway;
using Fiducial.Pathway.Access;
using Fiducial.Pathway.Exams;
using Fiducial.Pathway.Guards;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ExamRoom;

/// <summary>Rejects an image for a technical reason (E4): it is kept and read, but fills no required view.</summary>
public sealed class RejectImage(PathwayEngine pathway)
{
    /// <summary>The categories of AAPM TG-305.</summary>
    public static IReadOnlyList<string> Reasons => RejectReasons.All;

    public Task<StepOutcome> RunAsync(
        Guid exam,
        Actor technologist,
        string sopInstanceUid,
        string reason,
        CancellationToken ct = default
    ) =>
        pathway.TakeAsync(
            new StepRequest(
                exam,
                "E4",
                technologist,
                new JsonObject { ["sopInstanceUid"] = sopInstanceUid, ["reason"] = reason }
            )
            {
                Within = async (taken, c) =>
                {
                    var image = await taken
                        .Db.Set<ImageRecord>()
                        .FirstAsync(i => i.ExamId == exam && i.SopInstanceUid == sopInstanceUid, c);
                    image.RejectReason = reason;
                },
            },
            ct
        );

    internal static async Task<IResult> FromFormAsync(
        Guid exam,
        IFormCollection form,
        HttpContext http,
        RejectImage reject,
        CancellationToken ct
    ) =>
        Refusals.Back(
            $"/exam-room/exams/{exam}",
            await reject.RunAsync(exam, http.Actor(), form["image"].ToString(), form["reason"].ToString(), ct)
        );
}
