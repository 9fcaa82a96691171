using Fiducial.Archive.Previews;
using Fiducial.Foundation.Storage;
using Fiducial.Pathway.Exams;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Fiducial.ExamRoom;

/// <summary>One preview of one exam: the only picture that this room has.</summary>
internal static class ShowPreview
{
    public static async Task<IResult> RunAsync(
        Guid exam,
        long image,
        HttpContext http,
        ClinicDb db,
        IPreviewDoor previews,
        CancellationToken ct
    )
    {
        var uid = await db.Set<ImageRecord>()
            .Where(i => i.ExamId == exam && i.Id == image)
            .Select(i => i.SopInstanceUid)
            .FirstOrDefaultAsync(ct);
        if (uid is null || await previews.OpenAsync(uid, ct) is not { } preview)
        {
            return TypedResults.NotFound();
        }
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(preview.Jpeg, "image/jpeg");
    }
}
