using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Fiducial.Archive.Tests;

/// <summary>
/// Some peers listen on every address of the machine and cannot be told otherwise: a test with one of them is run again in a network of its
/// own, by this program in a namespace of Linux, where nobody else can reach it.
/// </summary>
internal static class PrivateNetwork
{
    private const string Mark = "FIDUCIAL_TEST_PRIVATE_NETWORK";

    /// <param name="test">What is tested, within the private network.</param>
    /// <param name="tools">Programs without which it is skipped.</param>
    public static async Task RunAsync(
        Type of,
        Func<Task> test,
        IReadOnlyList<string> tools,
        [CallerMemberName] string name = ""
    )
    {
        foreach (var tool in tools)
        {
            Assert.SkipUnless(IsThere(tool), $"{tool} is not installed.");
        }
        if (Environment.GetEnvironmentVariable(Mark) is not null)
        {
            await test();
            return;
        }
        Assert.SkipUnless(await TryAsync(), "Private networks (unshare -n) are not allowed here.");
        var start = new ProcessStartInfo(
            "unshare",
            [
                "-n",
                "bash",
                "-c",
                "ip link set lo up 2>/dev/null || ifconfig lo up; exec \"$0\" -method \"$1\"",
                Environment.ProcessPath!,
                $"{of.FullName}.{name}",
            ]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [Mark] = "1" },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, output + await error);
    }

    public static bool IsThere(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin")
            .Split(':')
            .Any(folder => File.Exists(Path.Combine(folder, tool)));

    private static async Task<bool> TryAsync()
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo("unshare", ["-n", "true"])
                {
                    UseShellExecute = false,
                    RedirectStandardError = true,
                }
            )!;
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A program that runs beside a test and ends with it.</summary>
internal sealed class Tool : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;

    private Tool(Process process)
    {
        _process = process;
        _output = Task.Run(async () =>
        {
            var error = process.StandardError.ReadToEndAsync();
            return await process.StandardOutput.ReadToEndAsync() + await error;
        });
    }

    /// <summary>Starts it and waits until something listens on the port.</summary>
    public static async Task<Tool> ListeningAsync(int port, string program, params IEnumerable<string> arguments)
    {
        var tool = new Tool(Start(program, arguments));
        for (var tries = 0; tries < 1200; tries++)
        {
            using var socket = new System.Net.Sockets.TcpClient();
            try
            {
                await socket.ConnectAsync(System.Net.IPAddress.Loopback, port);
                return tool;
            }
            catch (System.Net.Sockets.SocketException)
            {
                await Task.Delay(50);
            }
        }
        await tool.DisposeAsync();
        throw new InvalidOperationException($"{program} does not listen on {port}: {await tool._output}");
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        params IEnumerable<string> arguments
    )
    {
        Assert.SkipUnless(PrivateNetwork.IsThere(program), $"{program} is not installed.");
        await using var tool = new Tool(Start(program, arguments));
        await tool._process.WaitForExitAsync();
        return (tool._process.ExitCode, await tool._output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
        await _process.WaitForExitAsync();
        await _output;
        _process.Dispose();
    }

    private static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                // DCMTK leaves Nagle's algorithm on otherwise.
                Environment = { ["TCP_NODELAY"] = "1" },
            }
        )!;
}
