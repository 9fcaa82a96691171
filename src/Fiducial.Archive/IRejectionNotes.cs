namespace Fiducial.Archive;

/// <summary>Writes down in DICOM that images were rejected, by whom it may be decided (docs/decisions/0021).</summary>
public interface IRejectionNotes
{
    /// <summary>Stores a rejection note beside the images of a study. They stay as they are.</summary>
    /// <param name="rejected">Of one study; at least one.</param>
    /// <param name="code">113001, 113037, 113038 or 113039 of DCM (PS3.16 CID 7010).</param>
    /// <param name="decision">By which they were rejected: the same one makes the same note, which is kept once.</param>
    /// <param name="at">When it was decided.</param>
    /// <returns>The note's SOP Instance UID.</returns>
    /// <exception cref="IOException">It could not be stored, or the images cannot be read.</exception>
    Task<string> WriteAsync(
        IReadOnlyList<StoredInstance> rejected,
        string code,
        string decision,
        DateTimeOffset at,
        CancellationToken ct
    );
}
