using Fiducial.Archive.Index;
using Fiducial.Archive.Retention;
using Fiducial.Archive.Tokens;

namespace Fiducial.Archive.Devices;

/// <summary>
/// Who may come to an archive, and what it keeps: its devices and tokens, legal holds and deletions, for who administers it. It is opened
/// beside an archive that is open, or while that is closed.
/// </summary>
public sealed class ArchiveRegister : IDisposable
{
    private readonly ArchiveIndex _index;
    private readonly RegisterChanges _changes;

    /// <exception cref="IOException">The archive's database is elsewhere, or out of reach.</exception>
    public ArchiveRegister(ArchiveOptions options, TimeProvider clock)
    {
        _index = IndexPlace.OpenBeside(options);
        var transaction = new IndexTransaction(_index);
        _changes = new RegisterChanges(_index, transaction, clock);
        Devices = new RegisteredDevices(_index, _changes);
        Tokens = new AccessTokens(_index, _changes, clock);
        Holds = new LegalHolds(_index, transaction, clock);
        Deletions = new Deletions(_index, transaction, clock);
        Schedule = new RetentionSchedule(_index, options.Retention, new NothingElseKnown(), clock);
    }

    public RegisteredDevices Devices { get; }
    public AccessTokens Tokens { get; }
    public LegalHolds Holds { get; }
    public Deletions Deletions { get; }

    /// <summary>By the index alone: for an archive without a clinic.</summary>
    public RetentionSchedule Schedule { get; }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<RegisterChange> Changes => _changes.List();

    public void Dispose() => _index.Dispose();
}
