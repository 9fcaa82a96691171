using Fiducial.Dicom;

namespace Fiducial.Archive.Pixels;

/// <summary>PS3.3 C.11.2.1.2 and C.11.2.1.3.</summary>
internal enum WindowFunction
{
    Linear,
    LinearExact,
    Sigmoid,
}

/// <summary>Which values are shown from black to white.</summary>
internal sealed record Window(double Center, double Width, WindowFunction Function = WindowFunction.Linear)
{
    /// <summary>The first window of the data set; null when it has none.</summary>
    public static Window? Of(DicomDataSet set)
    {
        if (
            set.GetDouble(DicomTags.WindowCenter) is not { } center
            || set.GetDouble(DicomTags.WindowWidth) is not { } width
        )
        {
            return null;
        }
        var function = FunctionOf(set.GetString(DicomTags.VOILUTFunction));
        return IsPossible(width, function) && double.IsFinite(center) ? new Window(center, width, function) : null;
    }

    public static WindowFunction FunctionOf(string? name) =>
        name?.ToUpperInvariant() switch
        {
            "LINEAR_EXACT" or "LINEAR-EXACT" => WindowFunction.LinearExact,
            "SIGMOID" => WindowFunction.Sigmoid,
            _ => WindowFunction.Linear,
        };

    /// <summary>Linear windows are at least 1 wide, the others wider than 0.</summary>
    public static bool IsPossible(double width, WindowFunction function) =>
        double.IsFinite(width) && (function is WindowFunction.Linear ? width >= 1 : width > 0);

    /// <returns>0 for black to 1 for white.</returns>
    public double Map(double value) =>
        Function switch
        {
            WindowFunction.Sigmoid => 1 / (1 + Math.Exp(-4 * (value - Center) / Width)),
            WindowFunction.LinearExact => Math.Clamp((value - Center) / Width + 0.5, 0, 1),
            _ => value <= Center - 0.5 - (Width - 1) / 2 ? 0
            : value > Center - 0.5 + (Width - 1) / 2 ? 1
            : (value - (Center - 0.5)) / (Width - 1) + 0.5,
        };
}
