using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Wasmtime;

namespace Fiducial.Archive.Codecs;

/// <summary>
/// The compiled codecs. Compiling takes about two seconds, so the result is kept in the archive's folder under a hash of the
/// module and of the compiler's version.
/// </summary>
internal sealed partial class CodecModule : IDisposable
{
    /// <summary>How often running codecs are asked whether their time is over.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Timer _ticks;

    public CodecModule(string cacheFolder, ILogger log)
    {
        Engine = new Engine(new Config().WithEpochInterruption(true));
        Module = Load(Engine, cacheFolder, log);
        _ticks = new Timer(_ => Engine.IncrementEpoch(), state: null, Tick, Tick);
    }

    public Engine Engine { get; }
    public Module Module { get; }

    public void Dispose()
    {
        // No tick may come after the engine is gone.
        using var last = new ManualResetEvent(initialState: false);
        _ticks.Dispose(last);
        last.WaitOne();
        Module.Dispose();
        Engine.Dispose();
    }

    private static Module Load(Engine engine, string cacheFolder, ILogger log)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "codecs", "dcmjs-native-codecs.wasm");
        if (!File.Exists(path))
        {
            throw new CodecException(
                $"The image codecs are missing: {path} is not there. Build Fiducial.Archive again."
            );
        }
        var code = File.ReadAllBytes(path);
        var version = typeof(Engine).Assembly.GetName().Version;
        var hash = Convert.ToHexStringLower(SHA256.HashData(code).AsSpan(0, 8));
        var compiled = Path.Combine(cacheFolder, $"codecs-{hash}-{version}.cwasm");
        if (File.Exists(compiled))
        {
            try
            {
                return Module.DeserializeFile(engine, "codecs", compiled);
            }
            catch (WasmtimeException e)
            {
                LogNotUsable(log, e, compiled);
            }
        }
        var module = Module.FromBytes(engine, "codecs", code);
        Directory.CreateDirectory(cacheFolder);
        // Also of this process there may be another that compiles.
        var beside = $"{compiled}.{Guid.NewGuid():N}";
        File.WriteAllBytes(beside, module.Serialize());
        File.Move(beside, compiled, overwrite: true);
        return module;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{path} is of another machine or version; the codecs are compiled again."
    )]
    private static partial void LogNotUsable(ILogger log, Exception e, string path);
}
