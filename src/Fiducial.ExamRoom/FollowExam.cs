using Fiducial.Foundation.Live;
using Microsoft.AspNetCore.Http;

namespace Fiducial.ExamRoom;

/// <summary>Tells the open page that something has changed, as server-sent events: which region, and nothing more.</summary>
internal static class FollowExam
{
    public static async Task RunAsync(Guid exam, HttpContext http, LiveEvents live)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(": open\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
        try
        {
            await foreach (var change in live.ListenAsync($"exam:{exam:D}", http.RequestAborted))
            {
                // This room learns of its own regions alone: that a report moved is not its business.
                if (change.Kind is "exam" or "images" or "concern")
                {
                    await http.Response.WriteAsync($"event: {change.Kind}\ndata: \n\n", http.RequestAborted);
                    await http.Response.Body.FlushAsync(http.RequestAborted);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed.
        }
    }
}
