namespace Fiducial.Tests;

/// <summary>Codecs that one clinic compiled are lent to the next, which saves each of them two seconds.</summary>
internal static class CompiledCodecs
{
    private static readonly string Shelf = Path.Combine(AppContext.BaseDirectory, "compiled-codecs");

    public static void Lend(string dataFolder) => Copy(Shelf, In(dataFolder));

    public static void Keep(string dataFolder) => Copy(In(dataFolder), Shelf);

    private static string In(string dataFolder) => Path.Combine(dataFolder, "archive", "codecs");

    private static void Copy(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            return;
        }
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*.cwasm"))
        {
            var place = Path.Combine(to, Path.GetFileName(file));
            if (!File.Exists(place))
            {
                var beside = $"{place}.{Guid.NewGuid():N}";
                File.Copy(file, beside);
                File.Move(beside, place, overwrite: true);
            }
        }
    }
}
