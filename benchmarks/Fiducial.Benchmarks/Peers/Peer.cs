using Fiducial.Benchmarks.Clients;
using Fiducial.Benchmarks.Workloads;

namespace Fiducial.Benchmarks.Peers;

/// <summary>A server that is measured. Each start is a fresh, empty one in a folder of its own.</summary>
internal abstract class Peer
{
    private string? _folder;

    /// <summary>As the table names it.</summary>
    public abstract string Name { get; }
    public abstract string AETitle { get; }
    public abstract int DicomPort { get; }

    /// <summary>Base address of DICOMweb, without a slash at its end; null when it has none.</summary>
    public virtual string? Web => null;

    /// <summary>Answers C-FIND, C-GET and C-MOVE, or should.</summary>
    public virtual bool Queries => true;

    /// <summary>Process ids; their descendants belong to them.</summary>
    public abstract IReadOnlyList<int> Processes { get; }

    /// <summary>All that this server keeps.</summary>
    public string Folder => _folder ?? throw new InvalidOperationException($"{Name} is not running.");

    public async Task StartAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        _folder = folder;
        await OpenAsync(folder);
    }

    public async Task StopAsync()
    {
        await CloseAsync();
        _folder = null;
    }

    /// <summary>How many instances of a study it holds, by its own word.</summary>
    public virtual Task<int> CountAsync(Study study) => WebClient.CountInstancesAsync(Web!, study.StudyInstanceUid);

    /// <summary>Its version in one line.</summary>
    public abstract Task<string> VersionAsync();

    protected abstract Task OpenAsync(string folder);
    protected abstract Task CloseAsync();

    protected static async Task<string> DebianVersionAsync(string package)
    {
        var found = await Tool.RunAsync("dpkg-query", ["-W", "-f", "${Package} ${Version}", package]);
        return found.ExitCode == 0 ? found.Output.Trim() : $"{package} (not from Debian)";
    }
}
