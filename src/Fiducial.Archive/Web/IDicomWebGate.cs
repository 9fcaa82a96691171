using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive;

/// <summary>How much of a study a request may see.</summary>
public enum StudyAccess
{
    None,

    /// <summary>The images, and nothing that interprets them.</summary>
    Images,

    /// <summary>Also structured reports, key objects, presentation states, segmentations and documents.</summary>
    ImagesAndResults,
}

/// <summary>Decides over each request of DICOMweb. A closed gate answers 404 with nothing in it, as what does not exist does.</summary>
public interface IDicomWebGate
{
    /// <summary>What may this request read of this study?</summary>
    ValueTask<StudyAccess> MayReadAsync(HttpContext context, string studyInstanceUid, CancellationToken ct);

    /// <summary>What of this study may this request take away as a medium? It is told apart from a look.</summary>
    ValueTask<StudyAccess> MayExportAsync(HttpContext context, string studyInstanceUid, CancellationToken ct) =>
        MayReadAsync(context, studyInstanceUid, ct);

    /// <summary>What of this study may stand in the answers of a search? That is no look at it.</summary>
    ValueTask<StudyAccess> MayFindAsync(HttpContext context, string studyInstanceUid, CancellationToken ct) =>
        MayReadAsync(context, studyInstanceUid, ct);

    /// <summary>May this request search? What it finds is asked for once more, study by study.</summary>
    ValueTask<bool> MaySearchAsync(HttpContext context, CancellationToken ct);

    /// <summary>May this request store objects?</summary>
    ValueTask<bool> MayStoreAsync(HttpContext context, CancellationToken ct);

    /// <summary>What may this request read of the quarantine under this study, which may be one that nobody knows?</summary>
    ValueTask<StudyAccess> MayReadQuarantineAsync(HttpContext context, string studyInstanceUid, CancellationToken ct);
}

/// <summary>Lets everyone in: an archive on its own, behind a network that admits its peers.</summary>
internal sealed class OpenGate : IDicomWebGate
{
    public ValueTask<StudyAccess> MayReadAsync(HttpContext context, string studyInstanceUid, CancellationToken ct) =>
        ValueTask.FromResult(StudyAccess.ImagesAndResults);

    public ValueTask<bool> MaySearchAsync(HttpContext context, CancellationToken ct) => ValueTask.FromResult(true);

    public ValueTask<bool> MayStoreAsync(HttpContext context, CancellationToken ct) => ValueTask.FromResult(true);

    public ValueTask<StudyAccess> MayReadQuarantineAsync(
        HttpContext context,
        string studyInstanceUid,
        CancellationToken ct
    ) => ValueTask.FromResult(StudyAccess.ImagesAndResults);
}
