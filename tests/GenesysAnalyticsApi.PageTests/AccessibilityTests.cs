using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>axe-core finds no violation, and nothing is wider than the screen.</summary>
public sealed class AccessibilityTests(Browser browser)
{
    public static TheoryData<int, int, ColorScheme> Screens { get; } = new MatrixTheoryData<int, ColorScheme>([360, 1024, 3840], [ColorScheme.Light, ColorScheme.Dark])
        .Aggregate(new TheoryData<int, int, ColorScheme>(), (all, screen) =>
        {
            var (width, theme) = screen.Data;
            all.Add(width, width == 3840 ? 2160 : 900, theme);
            return all;
        });

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_page_is_accessible(int width, int height, ColorScheme theme)
    {
        await using var opened = await StartAsync(width, height, theme);
        await opened.OpenAsync("?period=yesterday");
        await opened.Page.Locator("#queues-picker .option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });

        await CheckAsync(opened);
        await opened.KeepImageAsync($"page-{width}-{theme}");

        await opened.Page.Locator("#queues-summary").ClickAsync();
        await CheckAsync(opened);
        await opened.Page.Locator("#trend-as-table-summary").ClickAsync();
        await opened.Page.Locator("#export-queues-summary").ClickAsync();
        await opened.Page.Locator("#about-trend-serviceLevel").FocusAsync();
        await CheckAsync(opened);
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_wall_is_accessible(int width, int height, ColorScheme theme)
    {
        await using var opened = await StartAsync(width, height, theme);
        await opened.OpenAsync("?wall=1&period=yesterday", waitFor: "#wall-chart canvas");

        await CheckAsync(opened);
        await opened.KeepImageAsync($"wall-{width}-{theme}");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_question_for_a_key_and_an_empty_period_are_accessible(ColorScheme theme)
    {
        await using var opened = await StartAsync(1024, 900, theme);
        await opened.OpenAsync("?mediaType=screenmonitoring", waitFor: "#nearest-day");
        await CheckAsync(opened);

        await opened.Page.EvaluateAsync("import('./scripts/views/keyDialog.js').then(module => module.openKeyDialog())");
        await opened.Page.Locator("dialog[open]").WaitForAsync();
        await CheckAsync(opened);
    }

    private Task<OpenedPage> StartAsync(int width, int height, ColorScheme theme) =>
        OpenedPage.StartAsync(browser, options: new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = theme });

    internal static async Task CheckAsync(OpenedPage opened)
    {
        // The policy of the page forbids scripts in other frames; the page has none.
        var result = await opened.Page.RunAxe(new AxeRunOptions { Iframes = false });

        result.Violations.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}").ShouldBeEmpty();
        (await opened.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue("nothing is wider than the screen");
        (await opened.Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('details[open] .panel, details[open] .option span')].map(each => [each.className, each.getBoundingClientRect()]).filter(([, at]) => at.left < 0 || at.right > innerWidth).map(([name]) => name)"))
            .ShouldBeEmpty("open lists are within the screen");
    }
}
