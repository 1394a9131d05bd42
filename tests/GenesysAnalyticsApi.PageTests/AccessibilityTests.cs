using Deque.AxeCore.Commons;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>axe-core finds no violation, and nothing is wider than the screen.</summary>
public sealed class AccessibilityTests(Browser browser)
{
    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();

    public static TheoryData<int, int> Screens { get; } = new() { { 360, 900 }, { 1024, 900 }, { 3840, 2160 } };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_page_is_accessible(int width, int height)
    {
        await using var opened = await StartAsync(width, height);
        await opened.OpenAsync("?period=yesterday");
        await opened.Page.Locator("#queues-picker .option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });

        await CheckAsync(opened, image: $"page-{width}");

        await opened.Page.Locator("#queues-summary").ClickAsync();
        await CheckAsync(opened, within: "#filters");
        await opened.Page.Locator("#trend-as-table-summary").ClickAsync();
        await CheckAsync(opened, within: "#trend");
        await opened.Page.Locator("#export-queues-summary").ClickAsync();
        await CheckAsync(opened, within: "#queue-table");
        await opened.Page.Locator("#about-trend-serviceLevel").FocusAsync();
        await CheckAsync(opened, within: "#explanation");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_wall_is_accessible(int width, int height)
    {
        await using var opened = await StartAsync(width, height);
        await opened.OpenAsync("?wall=1&period=yesterday", waitFor: "#wall-chart canvas");

        await CheckAsync(opened, image: $"wall-{width}");
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(820, 1180)]
    [InlineData(1440, 1000)]
    public async Task The_current_state_is_accessible_while_queues_need_attention_and_while_it_is_out_of_date(int width, int height)
    {
        await using var opened = await StartAsync(width, height);
        opened.ExpectsFailures = true;
        var live = await LiveThatNeedsAttentionAsync(opened);
        await opened.OpenAsync();
        await opened.Page.Locator("#alerts .alert").First.WaitForAsync();

        await CheckAsync(opened, image: $"now-{width}");

        await opened.Page.Context.SetOfflineAsync(true);
        live.Break();
        await opened.Page.Clock.FastForwardAsync(10_000);
        await opened.Page.Locator("#now.not-current").WaitForAsync();
        await CheckAsync(opened, within: "#now");
    }

    [Theory]
    [InlineData(390, 844)]
    [InlineData(1920, 1080)]
    public async Task The_wall_is_accessible_while_something_needs_attention(int width, int height)
    {
        await using var opened = await StartAsync(width, height);
        await LiveThatNeedsAttentionAsync(opened);
        await opened.OpenAsync("?wall=1", waitFor: "#wall-chart canvas");
        await opened.Page.Locator("#wall-alerts li").First.WaitForAsync();

        await CheckAsync(opened, image: $"wall-now-{width}");
    }

    [Fact]
    public async Task The_key_dialog_and_an_empty_period_are_accessible()
    {
        await using var opened = await StartAsync(1024, 900);
        await opened.OpenAsync("?mediaType=screenmonitoring", waitFor: "#nearest-day");
        await CheckAsync(opened);

        await opened.Page.EvaluateAsync("import('./scripts/views/controls/keyDialog.js').then(module => module.openKeyDialog())");
        await opened.Page.Locator("dialog[open]").WaitForAsync();
        await CheckAsync(opened);
    }

    /// <summary>A state with long waits, a queue without agents, missing figures, and firing, pending and unknown alerts.</summary>
    private static async Task<ScriptedLive> LiveThatNeedsAttentionAsync(OpenedPage opened)
    {
        var ids = (await opened.ApiAsync("queues?limit=3")).GetProperty("records").EnumerateArray().Select(queue => queue.GetProperty("id").GetString()!).ToList();
        var live = await ScriptedLive.InsteadOfAsync(opened);
        live.Records =
        [
            ScriptedLive.Of(ids[0], ScriptedLive.ConversationsOf(0, "voice", 12, 3_700_000, alerting: 2, interacting: 14)), ScriptedLive.Of(ids[0], ScriptedLive.AgentsOf(0, 0, 0)),
            ScriptedLive.Of(ids[1], ScriptedLive.ConversationsOf(1, "voice", 0, interacting: 3)), ScriptedLive.Of(ids[1], ScriptedLive.AgentsOf(1, 7, 3)),
        ];
        live.Meta = ScriptedLive.MetaOf(complete: false, repaired: true);
        live.Warnings = ["The agents of 2 queues could not be read."];
        live.Alerts =
        [
            ScriptedLive.AlertOf(1, "firing", "longestWaitMs", 3_700_000, 120_000, "2026-11-23T09:12:00Z"), ScriptedLive.AlertOf(2, "pending", "waiting", 14, 10, "2026-11-23T09:14:40Z"),
            ScriptedLive.AlertOf(3, "unknown", "serviceLevel", 0.61, 0.7, "2026-11-23T09:00:00Z", complete: false, ageMs: 900_000),
        ];
        return live;
    }

    private Task<OpenedPage> StartAsync(int width, int height) =>
        OpenedPage.StartAsync(browser, options: new() { ViewportSize = new() { Width = width, Height = height } });

    /// <summary>Checks what the page shows in both themes. The dark theme changes only colors, so all other rules are checked once.</summary>
    /// <param name="image">The file name of the screenshots, one for each theme; null takes none.</param>
    /// <param name="within">The element to check, if the rest of the page has been checked; null checks the whole page.</param>
    internal static async Task CheckAsync(OpenedPage opened, string? image = null, string? within = null)
    {
        await ShouldHaveNoViolationsAsync(opened, within, rules: null);
        (await opened.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("nothing is wider than the screen");
        (await opened.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('details[open] .panel, details[open] .option span')].map(each => [each.className, each.getBoundingClientRect()]).filter(([, at]) => at.left < 0 || at.right > innerWidth).map(([name]) => name)"))
            .ShouldBeEmpty("open lists are within the screen");
        await KeepAsync("Light");

        await opened.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await ShouldHaveNoViolationsAsync(opened, within, rules: ["color-contrast"]);
        await KeepAsync("Dark");
        await opened.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });

        Task KeepAsync(string theme) => image is null ? Task.CompletedTask : opened.KeepImageAsync($"{image}-{theme}");
    }

    /// <summary>
    /// Runs axe-core in the page. Its package for Playwright opens a second page for each check and transfers all results, which takes about a third longer.
    /// </summary>
    private static async Task ShouldHaveNoViolationsAsync(OpenedPage opened, string? within, string[]? rules)
    {
        await opened.Page.EvaluateAsync($"() => {{ if (!window.axe) {{ {AxeScript} }} }}");
        var violations = await opened.Page.EvaluateAsync<string[]>(
            """
            async ({ within, rules }) => {
              const options = { iframes: false, resultTypes: ['violations'], ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}) };
              const { violations } = await axe.run(within ?? document, options);
              return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(node => node.html).join(' | ')}`);
            }
            """,
            new { within, rules });

        violations.ShouldBeEmpty();
    }
}
