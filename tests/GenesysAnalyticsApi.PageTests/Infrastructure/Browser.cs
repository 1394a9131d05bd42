using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(GenesysAnalyticsApi.PageTests.Infrastructure.Browser))]

namespace GenesysAnalyticsApi.PageTests.Infrastructure;

/// <summary>The installed Chromium, started once for all tests of the page. If there is none, the tests are skipped.</summary>
public sealed class Browser : IAsyncLifetime
{
    // The headless shell comes first, because it has no user interface and needs little more than half the processor time.
    private static readonly string? Program =
        Array.Find(["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"], File.Exists);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
        {
            return;
        }

        // Long enough for a busy machine; only a failing test waits this long.
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            // Tests run as root in containers, where Chromium cannot create its sandbox. The page is trusted.
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            Timeout = 120_000,
        });
    }

    /// <summary>A separate session, like that of another person.</summary>
    public async Task<IBrowserContext> SessionAsync(BrowserNewContextOptions options)
    {
        Assert.SkipWhen(_browser is null, "Chromium is not installed: apt-get install chromium-headless-shell.");
        var session = await _browser!.NewContextAsync(options);
        session.SetDefaultTimeout(90_000);
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
