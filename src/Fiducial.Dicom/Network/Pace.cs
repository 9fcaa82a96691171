namespace Fiducial.Dicom.Network;

/// <summary>
/// What a sender must keep up with from a moment on: some time is free, then a rate in the mean. Without it a peer that
/// drips a byte now and then holds an association for ever.
/// </summary>
/// <param name="clock">Tells the time.</param>
/// <param name="grace">For which nothing is asked.</param>
/// <param name="bytesPerSecond">After it, in the mean from the start on; 0 makes the grace all the time that there is.</param>
internal sealed class Pace(TimeProvider clock, TimeSpan grace, int bytesPerSecond)
{
    private readonly long _start = clock.GetTimestamp();
    private long _received;

    /// <summary>Until the peer is too slow if nothing more comes.</summary>
    public TimeSpan Left =>
        grace
        + (bytesPerSecond > 0 ? TimeSpan.FromSeconds((double)_received / bytesPerSecond) : TimeSpan.Zero)
        - clock.GetElapsedTime(_start);

    /// <exception cref="TimeoutException">The peer is too slow.</exception>
    public void Received(int bytes)
    {
        _received += bytes;
        if (Left < TimeSpan.Zero)
        {
            throw new TimeoutException("The peer sends too slowly.");
        }
    }
}
