using System.Data.Common;

namespace Fiducial.Archive.Index;

/// <summary>The index can be neither read nor written now: its database is away, or its disk is full. Later it may be.</summary>
internal sealed class IndexUnavailableException(DbException reason, bool isRolledBack = true)
    : Exception("The archive's index is out of reach: " + reason.Message, reason)
{
    /// <summary>True when nothing of it can have been committed; else the connection was lost while it was, and nobody knows.</summary>
    public bool IsRolledBack => isRolledBack;
}
