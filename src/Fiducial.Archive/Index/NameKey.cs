namespace Fiducial.Archive.Index;

/// <summary>The form in which person names are compared: case and the padding of empty components do not count (PS3.4 C.2.2.2.1).</summary>
internal static class NameKey
{
    public static string Of(string name) =>
        string.Join('=', name.Split('=').Select(group => group.TrimEnd('^', ' '))).TrimEnd('=').ToUpperInvariant();
}
