using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fiducial.Archive.Codecs;

/// <summary>Compiles the codecs as soon as the program runs, so that the first compressed image does not wait for it.</summary>
internal sealed partial class CodecWarmer(CodecPool codecs, ILogger<CodecWarmer> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Run(
            () =>
            {
                try
                {
                    codecs.Warm();
                }
                catch (Exception e) when (e is CodecException or IOException or Wasmtime.WasmtimeException)
                {
                    LogNoCodecs(e);
                }
            },
            stoppingToken
        );

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The codecs cannot be used: compressed images are stored and served, but not drawn."
    )]
    private partial void LogNoCodecs(Exception e);
}
