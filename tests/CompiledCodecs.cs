namespace Fiducial.Tests;

/// <summary>
/// Codecs that one archive compiled are lent to the next, of whichever test program: it saves each of them seven seconds of a
/// processor. Their names say of which module and compiler they are; an archive that cannot use them compiles its own.
/// </summary>
internal static class CompiledCodecs
{
    public static string Shelf { get; } = Path.Combine(Path.GetTempPath(), "fiducial-test-codecs");

    /// <param name="archive">The archive's folder; in a clinic that is <c>archive</c> in the data folder.</param>
    public static void Lend(string archive)
    {
        if (!Directory.Exists(Shelf))
        {
            return;
        }
        foreach (var file in Directory.EnumerateFiles(Shelf, "*.cwasm"))
        {
            var place = Path.Combine(Directory.CreateDirectory(In(archive)).FullName, Path.GetFileName(file));
            if (!File.Exists(place))
            {
                File.CreateSymbolicLink(place, file);
            }
        }
    }

    /// <param name="archive">The archive's folder.</param>
    public static void Keep(string archive)
    {
        if (!Directory.Exists(In(archive)))
        {
            return;
        }
        foreach (var file in Directory.EnumerateFiles(In(archive), "*.cwasm"))
        {
            var place = Path.Combine(Directory.CreateDirectory(Shelf).FullName, Path.GetFileName(file));
            if (!File.Exists(place))
            {
                var beside = $"{place}.{Guid.NewGuid():N}";
                File.Copy(file, beside);
                File.Move(beside, place, overwrite: true);
            }
        }
    }

    private static string In(string archive) => Path.Combine(archive, "codecs");
}
