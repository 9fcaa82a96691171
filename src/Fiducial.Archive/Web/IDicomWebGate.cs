using Microsoft.AspNetCore.Http;

namespace Fiducial.Archive;

/// <summary>Decides over each request of DICOMweb. A closed gate answers 404 with nothing in it, as what does not exist does.</summary>
public interface IDicomWebGate
{
    /// <summary>May this request read the images of this study?</summary>
    ValueTask<bool> MayReadAsync(HttpContext context, string studyInstanceUid, CancellationToken ct);

    /// <summary>May this request search? What it finds is asked for once more, study by study.</summary>
    ValueTask<bool> MaySearchAsync(HttpContext context, CancellationToken ct);
}

/// <summary>Lets everyone in: an archive on its own, behind a network that admits its peers.</summary>
internal sealed class OpenGate : IDicomWebGate
{
    public ValueTask<bool> MayReadAsync(HttpContext context, string studyInstanceUid, CancellationToken ct) =>
        ValueTask.FromResult(true);

    public ValueTask<bool> MaySearchAsync(HttpContext context, CancellationToken ct) => ValueTask.FromResult(true);
}
