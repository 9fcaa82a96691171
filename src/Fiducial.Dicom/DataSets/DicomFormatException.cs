namespace Fiducial.Dicom;

/// <summary>The bytes are not DICOM, or not as the standard says and not to be mended. Offset counts from the start of the file or data set.</summary>
public sealed class DicomFormatException(string message, long offset) : Exception($"{message} (at byte {offset})")
{
    public long Offset => offset;
}
