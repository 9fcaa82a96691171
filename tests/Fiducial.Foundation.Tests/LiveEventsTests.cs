using Fiducial.Foundation.Live;

namespace Fiducial.Foundation.Tests;

public sealed class LiveEventsTests
{
    [Fact]
    public async Task A_listener_hears_its_channel_and_no_other()
    {
        var live = new LiveEvents();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var listener = live.ListenAsync("exam:1", end.Token).GetAsyncEnumerator(end.Token);
        var first = listener.MoveNextAsync();
        live.Publish("exam:2", new LiveEvent("images", ""));
        live.Publish("exam:1", new LiveEvent("exam", ""));
        (await first).Should().BeTrue();
        listener.Current.Kind.Should().Be("exam");
    }

    [Fact]
    public async Task A_listener_that_is_slow_loses_the_oldest_and_sees_the_newest()
    {
        var live = new LiveEvents();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var listener = live.ListenAsync("c", end.Token).GetAsyncEnumerator(end.Token);
        var first = listener.MoveNextAsync();
        for (var i = 0; i < 1000; i++)
        {
            live.Publish("c", new LiveEvent($"{i}", ""));
        }
        await first;
        var heard = new List<string> { listener.Current.Kind };
        while (heard[^1] is not "999")
        {
            await listener.MoveNextAsync();
            heard.Add(listener.Current.Kind);
        }
        heard.Count.Should().BeLessThanOrEqualTo(257);
    }

    [Fact]
    public async Task What_happens_between_listening_and_the_first_wait_is_heard()
    {
        var live = new LiveEvents();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var changes = live.ListenAsync("exam:1", end.Token);
        live.Publish("exam:1", new LiveEvent("images", ""));
        await using var listener = changes.GetAsyncEnumerator(end.Token);
        (await listener.MoveNextAsync()).Should().BeTrue();
        listener.Current.Kind.Should().Be("images");
    }
}
