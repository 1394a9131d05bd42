using System.Text.Json;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>The page of one queue shows its agents and wrap-up codes to those who may see them.</summary>
public sealed class AgentTests(Browser browser)
{
    private const string Week = "period=last-7-days&timeZone=Europe/Berlin";

    [Fact]
    public async Task A_queue_shows_the_agents_that_the_API_returns()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var queue = await QueueAsync(opened);

        await opened.OpenAsync($"?{Week}&queueId={queue}", waitFor: "#agents tbody tr");

        var records = (await opened.ApiAsync($"aggregates?{Week}&queueId={queue}&groupBy=userId&sort=-handled")).GetProperty("records").EnumerateArray().ToList();
        records.Count.ShouldBeGreaterThan(3);
        await ShouldShowAsync(opened, records);
        await opened.KeepImageAsync("agents");

        await opened.Page.Locator("#sort-agents-averageHandleTimeMs").ClickAsync();
        await Assertions.Expect(opened.Page.Locator("#agents th[aria-sort=descending]")).ToContainTextAsync("Average handle time");
        await ShouldShowAsync(opened, [.. (await opened.ApiAsync($"aggregates?{Week}&queueId={queue}&groupBy=userId&sort=-averageHandleTimeMs")).GetProperty("records").EnumerateArray()]);
        opened.Page.Url.ShouldContain("agentSort=-averageHandleTimeMs");
    }

    [Fact]
    public async Task A_queue_shows_the_wrap_up_codes_that_the_API_returns()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var queue = await QueueAsync(opened);

        await opened.OpenAsync($"?{Week}&queueId={queue}", waitFor: "#wrap-up-codes tbody tr");

        var records = (await opened.ApiAsync($"aggregates?{Week}&queueId={queue}&groupBy=wrapUpCode&sort=-handled")).GetProperty("records").EnumerateArray().ToList();
        records.Count.ShouldBeGreaterThan(3);
        var rows = opened.Page.Locator("#wrap-up-codes tbody tr");
        (await rows.Locator("th").AllInnerTextsAsync()).ShouldBe(records.Select(record => Text(record, "wrapUpCodeName") ?? (Text(record, "wrapUpCode") is { } code ? Guid.TryParse(code, out _) ? $"Unlisted code {code[..8]}" : code : "No code")));
        (await rows.Locator("td[data-value]").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.dataset.value)")).ShouldBe(records.Select(record => record.GetProperty("handled").GetRawText()));
    }

    [Fact]
    public async Task Without_the_scope_agents_a_queue_shows_wrap_up_codes_but_no_agents()
    {
        await using var opened = await OpenedPage.StartAsync(browser, new() { ["Auth:AnonymousScopes"] = "read" });
        opened.ExpectsFailures = true;
        var queue = await QueueAsync(opened);

        await opened.OpenAsync($"?{Week}&queueId={queue}", waitFor: "#heat-map table");

        await Assertions.Expect(opened.Page.Locator("#wrap-up-codes tbody tr").First).ToBeVisibleAsync();
        await Assertions.Expect(opened.Page.Locator("#agents")).ToBeHiddenAsync();
        await Assertions.Expect(opened.Page.Locator("#agents-failure")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Several_queues_together_show_neither_agents_nor_wrap_up_codes()
    {
        await using var opened = await OpenedPage.StartAsync(browser);

        await opened.OpenAsync($"?{Week}", waitFor: "#heat-map table");

        await Assertions.Expect(opened.Page.Locator("#agents")).ToBeHiddenAsync();
        await Assertions.Expect(opened.Page.Locator("#wrap-up-codes")).ToBeHiddenAsync();
    }

    private static async Task ShouldShowAsync(OpenedPage opened, List<JsonElement> records)
    {
        var rows = opened.Page.Locator("#agents tbody tr");
        await Assertions.Expect(rows.First).ToHaveAttributeAsync("data-user", Text(records[0], "userId") ?? "");
        (await rows.Locator("th").AllInnerTextsAsync()).ShouldBe(records.Select(record => Text(record, "userName") ?? (Text(record, "userId") is { } id ? $"Agent {id[..8]}" : "No agent")));
        foreach (var field in new[] { "handled", "answered", "averageHandleTimeMs", "transferRate" })
        {
            (await rows.Locator($"[data-field={field}]").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.dataset.value)"))
                .ShouldBe(records.Select(record => record.GetProperty(field).ValueKind == JsonValueKind.Null ? "" : record.GetProperty(field).GetRawText()), field);
        }
    }

    private static async Task<string> QueueAsync(OpenedPage opened) =>
        (await opened.ApiAsync("queues?name=Billing%20DE")).GetProperty("records")[0].GetProperty("id").GetString()!;

    private static string? Text(JsonElement record, string field) => record.GetProperty(field).GetString();
}
