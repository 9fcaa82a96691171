namespace Fiducial.Archive.Previews;

/// <summary>The only way to an image for those who check its technique: small, labelled, and never more.</summary>
public interface IPreviewDoor
{
    /// <summary>Waits some seconds for a preview in the making; null when the object is unknown, is no image or cannot be drawn.</summary>
    ValueTask<Preview?> OpenAsync(string sopInstanceUid, CancellationToken ct);
}

/// <summary>A picture of at most 307,200 pixels, 8 bit, with "PREVIEW - NOT FOR DIAGNOSIS" in its pixels.</summary>
public sealed record Preview(byte[] Jpeg, int Width, int Height, TechnicalNumbers Numbers);

/// <summary>What a preview cannot show, measured on the full data.</summary>
/// <param name="ExposureIndex">(0018,1411), IEC 62494-1; null when the device wrote none.</param>
/// <param name="DeviationIndex">(0018,1413): 0 is on target, +1 a quarter more, -1 a fifth less.</param>
/// <param name="TargetExposureIndex">(0018,1412)</param>
/// <param name="ClippedPercent">Pixels at the lowest or highest value that the bits can hold, in percent.</param>
/// <param name="Sharpness">Variance of the Laplacian of the windowed picture, in squared grey levels of 255: low means blurred.</param>
/// <param name="SideMarker">Laterality as it stands in the header; empty when it does not.</param>
public sealed record TechnicalNumbers(
    double? ExposureIndex,
    double? DeviationIndex,
    double? TargetExposureIndex,
    double ClippedPercent,
    double Sharpness,
    string SideMarker
);
