using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fiducial.Benchmarks.Clients;

namespace Fiducial.Benchmarks.Peers;

/// <summary>A program that runs until it is stopped; what it says goes into a file.</summary>
internal sealed partial class ServerProcess
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _log;

    private ServerProcess(Process process, string log) => (_process, _log) = (process, log);

    public int Id => _process.Id;

    /// <summary>Starts it and waits until something listens on its ports.</summary>
    public static async Task<ServerProcess> StartAsync(
        string log,
        string program,
        IEnumerable<string> arguments,
        params int[] ports
    )
    {
        // The shell only opens the log and becomes the program.
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", """log=$1; shift; exec "$@" >"$log" 2>&1 </dev/null""", "sh", log, program, .. arguments]
        )
        {
            WorkingDirectory = Path.GetDirectoryName(log),
        };
        start.Environment[Tool.NoDelay] = "1";
        var server = new ServerProcess(Process.Start(start)!, log);
        foreach (var port in ports)
        {
            await server.ListensAsync(port);
        }
        return server;
    }

    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            if (Kill(_process.Id, Terminate) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }
            using var patience = new CancellationTokenSource(Patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        _process.Dispose();
    }

    private async Task ListensAsync(int port)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(begun) > Patience)
            {
                throw new InvalidOperationException(
                    $"Nothing listens on port {port}; {_log} says:\n{File.ReadAllText(_log)}"
                );
            }
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
