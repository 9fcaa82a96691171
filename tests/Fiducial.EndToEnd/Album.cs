using System.Globalization;
using Microsoft.Playwright;

namespace Fiducial.EndToEnd;

/// <summary>Pictures of the pages of one walk, numbered in the order in which they were seen, kept as the test's output.</summary>
internal sealed class Album
{
    private int _count;

    public Album(string walk)
    {
        Folder = Path.Combine(Samples.Repository, "output", "walk", walk);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }
    public int Count => _count;

    public Task KeepAsync(IPage page, string name) =>
        page.ScreenshotAsync(
            new PageScreenshotOptions
            {
                Path = Path.Combine(
                    Folder,
                    string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _count):00}-{name}.png")
                ),
                FullPage = true,
            }
        );
}
