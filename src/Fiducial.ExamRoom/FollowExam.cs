using Fiducial.Foundation.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Fiducial.ExamRoom;

/// <summary>Tells the open page that something has changed, as server-sent events: which region, and nothing more.</summary>
internal static class FollowExam
{
    public static async Task RunAsync(Guid exam, HttpContext http, LiveEvents live, IHostApplicationLifetime house)
    {
        // A house that closes does not wait for pages that listen; they come back by themselves when it opens again.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted,
            house.ApplicationStopping
        );
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        // Before the page is told that it is open: nothing that happens after that may be lost to it.
        var changes = live.ListenAsync($"exam:{exam:D}", ends.Token);
        try
        {
            await http.Response.WriteAsync(": open\n\n", ends.Token);
            await http.Response.Body.FlushAsync(ends.Token);
            await foreach (var change in changes)
            {
                // This room learns of its own regions alone: that a report moved is not its business.
                if (change.Kind is "exam" or "images" or "concern")
                {
                    await http.Response.WriteAsync($"event: {change.Kind}\ndata: \n\n", ends.Token);
                    await http.Response.Body.FlushAsync(ends.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the house.
        }
    }
}
