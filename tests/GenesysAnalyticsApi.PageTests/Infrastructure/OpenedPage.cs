using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests.Infrastructure;

/// <summary>
/// The page in a real browser, served by a service in front of the simulator. The test advances the clocks of both together. Disposal fails if the
/// browser console has an error or a warning, or if the page sent a request to another server.
/// </summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    public const string Berlin = "Europe/Berlin";

    private static readonly SemaphoreSlim Clipboard = new(1, 1);

    private readonly ConcurrentQueue<string> _complaints = [];
    private readonly IBrowserContext _session;
    private readonly HttpClient _client = new();
    private readonly List<IAsyncDisposable> _others = [];

    private OpenedPage(SimulatedService given, Uri address, IBrowserContext session, IPage page)
    {
        Given = given;
        Address = address;
        _session = session;
        Page = page;
    }

    public SimulatedService Given { get; }

    public Uri Address { get; }

    public IPage Page { get; }

    public ConcurrentQueue<IRequest> Requests { get; } = [];

    /// <summary>Whether the test provokes failed requests, which the browser reports on the console. They are then ignored.</summary>
    public bool ExpectsFailures { get; set; }

    /// <summary>Registers another server, which is disposed after the page.</summary>
    public void EndWith(IAsyncDisposable other) => _others.Add(other);

    public static async Task<OpenedPage> StartAsync(
        Browser browser, Dictionary<string, string>? settings = null, BrowserNewContextOptions? options = null, params GenesysSimulator.SimulatorFault[] faults)
    {
        // As in the demo, callers may see the simulated conversations and agents.
        settings = new(settings ?? []);
        settings.TryAdd("Auth:AnonymousScopes", "read, details, agents");
        var given = await SimulatedService.StartAsync(settings: settings, faults: faults);
        var service = given.Replica();
        service.UseKestrel();
        service.StartServer();
        var port = new Uri(service.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        var session = await browser.SessionAsync(new(options ?? new()) { TimezoneId = Berlin, Locale = "en-GB", AcceptDownloads = true });
        var page = await session.NewPageAsync();
        await page.Clock.InstallAsync(new() { TimeDate = SimulatedService.Monday.UtcDateTime });
        var opened = new OpenedPage(given, new Uri($"http://127.0.0.1:{port}/"), session, page);
        opened.Watch();
        return opened;
    }

    /// <summary>Opens the page and waits for an element, by default the view that loads last.</summary>
    public async Task OpenAsync(string search = "", string waitFor = "#heat-map table")
    {
        await Page.GotoAsync(new Uri(Address, search).ToString());
        await Page.Locator(waitFor).First.WaitForAsync();
    }

    /// <summary>Waits until the figures of the current selection have replaced those of the previous one.</summary>
    public Task IsCurrentAsync() => Assertions.Expect(Page.Locator(".outdated")).ToHaveCountAsync(0);

    /// <summary>Advances the clocks of the service and of the page; due timers run.</summary>
    public async Task AdvanceClocksAsync(TimeSpan time)
    {
        Given.FakeClock.Advance(time);
        await Page.Clock.FastForwardAsync((long)time.TotalMilliseconds);
    }

    /// <summary>From now on, only the test advances the clock of the page. Otherwise, timers of the page would run on a slow machine.</summary>
    public async Task PauseAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            var now = await Page.EvaluateAsync<double>("Date.now()");
            try
            {
                await Page.Clock.PauseAtAsync(DateTimeOffset.FromUnixTimeMilliseconds((long)now + 1000).UtcDateTime);
                return;
            }
            catch (PlaywrightException tooSlow) when (attempt < 10 && tooSlow.Message.Contains("Cannot fast-forward to the past", StringComparison.Ordinal))
            {
                // The clock of the page has gone on by more than a second in the meantime.
            }
        }
    }

    /// <summary>The response of the API to a query.</summary>
    public async Task<JsonElement> ApiAsync(string pathAndQuery)
    {
        var text = await _client.GetStringAsync(new Uri(Address, pathAndQuery), TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public async Task<byte[]> ApiBytesAsync(string pathAndQuery) =>
        await _client.GetByteArrayAsync(new Uri(Address, pathAndQuery), TestContext.Current.CancellationToken);

    /// <summary>The unrounded value of an element; null if it has none.</summary>
    public async Task<double?> ValueAsync(ILocator element) =>
        await element.GetAttributeAsync("data-value") is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>The query string of the address.</summary>
    public string Search => new Uri(Page.Url).Query;

    /// <summary>
    /// Clicks a copy button and returns the copied text. Only one test does so at a time, because all sessions of the browser share one clipboard.
    /// </summary>
    public async Task<string> CopyAsync(ILocator button)
    {
        await Clipboard.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await _session.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
            await button.ClickAsync();
            await Assertions.Expect(button).ToHaveTextAsync("Copied");
            return await Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        }
        finally
        {
            Clipboard.Release();
        }
    }

    /// <summary>Saves a screenshot of the whole page in artifacts/page, for a person to review.</summary>
    public async Task KeepImageAsync(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "../../../page");
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        foreach (var other in _others)
        {
            await other.DisposeAsync();
        }

        await Given.DisposeAsync();
        _client.Dispose();
        _complaints.ShouldBeEmpty();
    }

    private void Watch()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !(ExpectsFailures && message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)))
            {
                _complaints.Enqueue($"console: {message.Text}");
            }
        };
        Page.PageError += (_, error) => _complaints.Enqueue($"script: {error}");
        Page.Request += (_, request) =>
        {
            Requests.Enqueue(request);
            if (!request.Url.StartsWith(Address.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                _complaints.Enqueue($"request to another server: {request.Url}");
            }
        };
    }
}
