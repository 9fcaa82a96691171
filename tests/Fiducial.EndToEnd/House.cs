using Microsoft.Playwright;

namespace Fiducial.EndToEnd;

/// <summary>The clinic and the browser that all tests of this project share; each test has exams of its own.</summary>
public sealed class House : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    private static readonly string[] Switches =
    [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        // Without a graphics card WebGL2 is drawn by the processor, by the same rules.
        "--use-gl=angle",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private OpenClinic? _clinic;

    internal OpenClinic Clinic => _clinic!;

    public static string Browser => Environment.GetEnvironmentVariable("CHROMIUM") ?? Chromium;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Browser))
        {
            return;
        }
        _clinic = await OpenClinic.OpenAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Browser,
                Headless = true,
                Args = Switches,
            }
        );
    }

    /// <summary>Someone with a browser session of their own, signed in on the sign-in page.</summary>
    internal async Task<Visitor> SignInAsync(string person, Album album)
    {
        var visitor = new Visitor(person, await NewPageAsync(Clinic.Address), album);
        await visitor.SignInAsync();
        return visitor;
    }

    /// <summary>A page of a browser that nobody has used yet.</summary>
    internal async Task<IPage> NewPageAsync(string address)
    {
        var context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = address,
                ViewportSize = new ViewportSize { Width = 1600, Height = 1000 },
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        // A busy machine takes its time; what must be quick is measured.
        context.SetDefaultTimeout(120_000);
        return await context.NewPageAsync();
    }

    /// <summary>The test is skipped on a machine without these programs.</summary>
    internal static void Needs(params ReadOnlySpan<string> dcmtk)
    {
        Assert.SkipUnless(File.Exists(Browser), $"There is no {Browser}; CHROMIUM may name another.");
        foreach (var program in dcmtk)
        {
            Assert.SkipUnless(Dcmtk.IsInstalled(program), $"{program} of dcmtk is not installed.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }
        _playwright?.Dispose();
        if (_clinic is not null)
        {
            await _clinic.DisposeAsync();
        }
    }
}

[CollectionDefinition(nameof(House))]
public sealed class InTheHouse : ICollectionFixture<House>;
