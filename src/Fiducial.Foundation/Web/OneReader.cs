namespace Fiducial.Foundation.Web;

/// <summary>Whose turn it is to read within one request.</summary>
public sealed class OneReader : IDisposable
{
    public SemaphoreSlim Turn { get; } = new(1);

    public void Dispose() => Turn.Dispose();
}
