using System.Collections.Concurrent;
using Fiducial.Dicom;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Codecs;

/// <summary>Sandboxes ready for use, as many at once as there are processors: a frame that is damaged costs its sandbox and nothing else.</summary>
internal sealed class CodecPool(string cacheFolder, ILogger log) : IDisposable
{
    private readonly Lazy<CodecModule> _module = new(() => new CodecModule(cacheFolder, log));
    private readonly ConcurrentBag<CodecSandbox> _free = [];
    private readonly SemaphoreSlim _places = new(Math.Max(2, Environment.ProcessorCount));

    /// <summary>Compiles the codecs and makes the first sandbox, so that the first image does not wait for it.</summary>
    public void Warm() => _free.Add(new CodecSandbox(_module.Value));

    /// <inheritdoc cref="CodecSandbox.Decode"/>
    public (byte[] Samples, ImageDescription Image) Decode(
        string function,
        ReadOnlySpan<byte> encoded,
        ImageDescription image
    )
    {
        _places.Wait();
        try
        {
            var sandbox = _free.TryTake(out var free) ? free : new CodecSandbox(_module.Value);
            var isGood = false;
            try
            {
                var decoded = sandbox.Decode(function, encoded, image);
                isGood = sandbox.IsWorthKeeping;
                return decoded;
            }
            finally
            {
                if (isGood)
                {
                    _free.Add(sandbox);
                }
                else
                {
                    sandbox.Dispose();
                }
            }
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose()
    {
        while (_free.TryTake(out var sandbox))
        {
            sandbox.Dispose();
        }
        if (_module.IsValueCreated)
        {
            _module.Value.Dispose();
        }
        _places.Dispose();
    }
}
