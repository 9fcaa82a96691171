using System.Text.RegularExpressions;

namespace Fiducial.Dicom;

/// <summary>The numbers of JSON (RFC 8259 6). Most decimal strings of DICOM are ones and can be written as they stand.</summary>
internal static partial class JsonNumber
{
    public static bool IsOne(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
