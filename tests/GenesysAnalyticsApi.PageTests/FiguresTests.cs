using System.Text.Json;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>The page shows the figures of the API.</summary>
public sealed class FiguresTests(Browser browser)
{
    private const string Today = "aggregates?period=today&timeZone=Europe/Berlin&groupBy=none&compare=previous";

    [Fact]
    public async Task Key_figures_equal_those_of_the_API()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync();

        var record = (await opened.ApiAsync(Today)).GetProperty("records")[0];

        foreach (var figure in new[] { "totalInteractions", "offered", "answered", "abandonRate", "serviceLevel", "averageHandleTimeMs", "averageSpeedOfAnswerMs", "averageWaitTimeMs", "longestWaitMs" })
        {
            (await opened.ValueAsync(opened.Page.Locator($"#figure-{figure} .value"))).ShouldBe(Number(record, figure), figure);
        }

        (await opened.Page.Locator("[data-figure=serviceLevel] .target").InnerTextAsync()).ShouldStartWith("target 80%");
        await opened.KeepImageAsync("today");
    }

    [Fact]
    public async Task The_trend_has_the_buckets_of_the_API()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync("?figure=offered");

        var expected = (await opened.ApiAsync("aggregates?period=today&timeZone=Europe/Berlin&groupBy=none&granularity=PT30M&fill=zero"))
            .GetProperty("records").EnumerateArray().Select(record => Number(record, "offered")).ToList();
        await opened.Page.Locator("#trend-as-table-summary").ClickAsync();

        var shown = new List<double?>();
        foreach (var cell in await opened.Page.Locator("#trend tbody td[data-value]").AllAsync())
        {
            shown.Add(await opened.ValueAsync(cell));
        }

        shown.ShouldBe(expected);
        shown.Count.ShouldBeGreaterThan(10);
        (await opened.Page.Locator("#trend-legend").InnerTextAsync()).ShouldContain("is still in progress");
    }

    [Fact]
    public async Task The_queue_table_and_the_media_types_equal_those_of_the_API()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync("?period=yesterday");

        var records = (await opened.ApiAsync("aggregates?period=yesterday&timeZone=Europe/Berlin&compare=previous&sort=-totalInteractions&limit=25")).GetProperty("records").EnumerateArray().ToList();
        var rows = await opened.Page.Locator("#queue-table tbody tr").AllAsync();

        rows.Count.ShouldBe(records.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            (await rows[i].GetAttributeAsync("data-queue")).ShouldBe(records[i].GetProperty("queueId").GetString());
            foreach (var figure in new[] { "totalInteractions", "serviceLevel", "averageHandleTimeMs" })
            {
                (await opened.ValueAsync(rows[i].Locator($"[data-field={figure}]"))).ShouldBe(Number(records[i], figure));
            }
        }

        (await opened.Page.Locator("#queue-table .sparkline").CountAsync()).ShouldBeGreaterThan(5);
        var mix = (await opened.ApiAsync("aggregates?period=yesterday&timeZone=Europe/Berlin&groupBy=mediaType")).GetProperty("records").EnumerateArray();
        foreach (var media in mix.Where(record => Number(record, "totalInteractions") > 0))
        {
            (await opened.ValueAsync(opened.Page.Locator($"#media-mix [data-media={media.GetProperty("mediaType").GetString()}] td[data-value]"))).ShouldBe(Number(media, "totalInteractions"));
        }
    }

    [Theory]
    [InlineData("totalInteractions")]
    [InlineData("serviceLevel")]
    [InlineData("averageWaitTimeMs")]
    [InlineData("longestWaitMs")]
    public async Task A_cell_of_the_heat_map_equals_the_figure_of_the_API_for_its_weekday_and_hour(string figure)
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync($"?period=last-28-days&figure={figure}");

        // One record of the API combines the four Tuesdays from 10:00 to 11:00.
        var record = (await opened.ApiAsync("aggregates?period=last-28-days&timeZone=Europe/Berlin&groupBy=none&weekdays=tue&hours=10:00-11:00")).GetProperty("records")[0];

        var shown = (await opened.ValueAsync(opened.Page.Locator("#heat-map tbody tr").Nth(1).Locator("td").Nth(10))).ShouldNotBeNull();
        // The heat map shows a count as the average of the four days.
        shown.ShouldBe(Number(record, figure)!.Value / (figure == "totalInteractions" ? 4 : 1), 1e-9 * Math.Max(1, shown));
        (await opened.Page.Locator("#heat-map tbody td[data-value]").CountAsync()).ShouldBeGreaterThan(100);
        await opened.KeepImageAsync($"heat-map-{figure}");
    }

    [Theory]
    [InlineData("csv", "&bom=true")]
    [InlineData("xlsx", "")]
    [InlineData("json", "")]
    public async Task A_download_is_the_response_of_the_API(string format, string more)
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync("?period=yesterday");

        await opened.Page.Locator("#export-queues-summary").ClickAsync();
        var download = await opened.Page.RunAndWaitForDownloadAsync(() => opened.Page.Locator($"#export-queues-0-{format}").ClickAsync());

        download.SuggestedFilename.ShouldEndWith($".{format}");
        var expected = await opened.ApiBytesAsync($"aggregates?period=yesterday&timeZone=Europe%2FBerlin&compare=previous&sort=-totalInteractions{more}&format={format}");
        (await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_view_can_be_copied_as_curl()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync("?period=yesterday&mediaType=voice");

        await opened.Page.Locator("#export-key-figures-summary").ClickAsync();
        var command = await opened.CopyAsync(opened.Page.Locator("#export-key-figures-0-curl"));

        command.ShouldBe($"curl '{opened.Address}aggregates?period=yesterday&timeZone=Europe%2FBerlin&mediaType=voice&groupBy=none&compare=previous'");
    }

    [Fact]
    public async Task A_figure_is_explained_by_the_catalog()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync();
        var definition = (await opened.ApiAsync("catalog")).GetProperty("records").EnumerateArray()
            .First(entry => entry.GetProperty("name").GetString() == "averageHandleTimeMs").GetProperty("definition").GetString()!.Split(" in ms")[0];

        await opened.Page.Locator("#about-figure-averageHandleTimeMs").HoverAsync();

        await Assertions.Expect(opened.Page.GetByRole(AriaRole.Tooltip)).ToContainTextAsync(definition);
        await opened.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(opened.Page.GetByRole(AriaRole.Tooltip)).ToBeHiddenAsync();
    }

    private static double? Number(JsonElement record, string field) =>
        record.GetProperty(field) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
