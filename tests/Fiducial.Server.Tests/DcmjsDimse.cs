using System.Text.Json;

namespace Fiducial.Server.Tests;

/// <summary>Devices of another make.</summary>
internal static class DcmjsDimse
{
    private static readonly NodeScripts Scripts = new("Fiducial.Server.Tests/dcmjs-dimse", "dcmjs-dimse");

    /// <summary>Skips the test where the library cannot be had.</summary>
    public static Task InstalledAsync() => Scripts.InstalledAsync();

    /// <summary>Runs a script to its end.</summary>
    /// <returns>What it was told by us, as it printed it.</returns>
    public static Task<JsonDocument> RunAsync(string script, params string[] words) =>
        Scripts.RunAsync(script, "", words);
}
