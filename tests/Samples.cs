namespace Fiducial.Tests;

/// <summary>Real files to test with. They are not part of the project: tests that need them are skipped where they are missing.</summary>
internal static class Samples
{
    /// <summary>The repository's root, where the solution stands.</summary>
    public static string Repository { get; } = FindRepository();

    public static string Root { get; } = Environment.GetEnvironmentVariable("FIDUCIAL_SAMPLES") ?? Find();

    /// <summary>The folder below the samples, or the test is skipped.</summary>
    public static string Folder(string name)
    {
        var folder = Path.Combine(Root, name);
        Assert.SkipUnless(Directory.Exists(folder), $"The sample folder {name} is not here.");
        return folder;
    }

    public static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Folder(folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string Find() => Path.Combine(Repository, "..", "shared", "samples");

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Fiducial.slnx")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
