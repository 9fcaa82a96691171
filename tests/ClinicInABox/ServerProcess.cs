using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Fiducial.Tests;

/// <summary>The real program in a process of its own: started as an operator starts it, ended by a signal or killed.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<string> _isOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(IEnumerable<string> words, IReadOnlyDictionary<string, string>? secrets = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Fiducial.Server"), words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A clinic takes images from registered devices only: this is the modality of the tests.
        start.Environment["FIDUCIAL__DEVICES__0__AETITLE"] = Modality.AETitle;
        start.Environment["FIDUCIAL__DEVICES__0__HOST"] = "127.0.0.1";
        start.Environment["FIDUCIAL__DEVICES__0__ROLE"] = "modality";
        foreach (var (name, value) in secrets ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; private set; } = null!;
    public int DicomPort { get; private set; }

    /// <summary>Everything that it has printed.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Bytes: the most that it has held so far (proc_pid_status(5), VmHWM).</summary>
    public long PeakMemory =>
        1024
        * long.Parse(
            File.ReadLines($"/proc/{_process.Id}/status")
                .First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            System.Globalization.CultureInfo.InvariantCulture
        );

    /// <summary>Starts <c>fiducial command</c> on free ports and waits until it says that it is open.</summary>
    public static async Task<ServerProcess> OpenAsync(string command, string data, params string[] options)
    {
        var server = Start(command, data, options);
        await server.OpensAsync();
        return server;
    }

    /// <summary>Starts it, and does not wait.</summary>
    /// <param name="secrets">What stands in its environment, such as the keys of an object storage.</param>
    public static ServerProcess Start(
        string command,
        string data,
        IReadOnlyList<string> options,
        IReadOnlyDictionary<string, string>? secrets = null
    )
    {
        CompiledCodecs.Lend(Path.Combine(data, "archive"));
        return new ServerProcess([command, "--data", data, "--http", "0", "--dicom", "0", .. options], secrets);
    }

    /// <summary>Waits until it says that it is open.</summary>
    public async Task OpensAsync()
    {
        var opened = await Task.WhenAny(_isOpen.Task, _process.WaitForExitAsync(), Task.Delay(TimeSpan.FromMinutes(2)));
        if (opened != _isOpen.Task)
        {
            throw new InvalidOperationException($"fiducial did not open: {Said}");
        }
        var words = OpenLine().Match(await _isOpen.Task);
        Address = new Uri(words.Groups["http"].Value);
        DicomPort = int.Parse(words.Groups["dicom"].ValueSpan, null);
    }

    /// <summary>Runs <c>fiducial command</c> to its end.</summary>
    /// <returns>Exit code and what it printed.</returns>
    public static Task<(int ExitCode, string Said)> RunAsync(params string[] words) => RunAsync(words, secrets: null);

    public static async Task<(int ExitCode, string Said)> RunAsync(
        string[] words,
        IReadOnlyDictionary<string, string>? secrets
    )
    {
        await using var server = new ServerProcess(words, secrets);
        await server._process.WaitForExitAsync();
        return (server._process.ExitCode, server.Said);
    }

    /// <summary>Sends a signal and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync(int signal)
    {
        if (Signal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException("The signal could not be sent.");
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }
        lock (_said)
        {
            _said.AppendLine(line);
        }
        if (OpenLine().IsMatch(line))
        {
            _isOpen.TrySetResult(line);
        }
    }

    [GeneratedRegex(
        @"is open at (?<http>https?://[\d.]+:\d+).*DICOM: FIDUCIAL at [\d.]+:(?<dicom>\d+)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex OpenLine();

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int process, int signal);
}
