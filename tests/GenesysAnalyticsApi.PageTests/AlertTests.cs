using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;
using static GenesysAnalyticsApi.PageTests.Infrastructure.ScriptedLive;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>Alerts are shown above the figures and on the wall display.</summary>
public sealed class AlertTests(Browser browser)
{
    [Fact]
    public async Task Alerts_show_the_figure_and_how_reliable_it_is()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var live = await InsteadOfAsync(opened);
        live.Alerts =
        [
            AlertOf(2, "pending", "waiting", 14, 10, "2026-11-23T09:14:40Z"), AlertOf(1, "firing", "longestWaitMs", 312_000, 120_000, "2026-11-23T09:12:00Z"),
            AlertOf(3, "unknown", "serviceLevel", 0.61, 0.7, "2026-11-23T09:00:00Z", complete: false, ageMs: 900_000), AlertOf(4, "resolved", "waiting", 1, 10, "2026-11-23T09:00:00Z"),
        ];
        await opened.OpenAsync(waitFor: "#alerts .alert");

        (await opened.Page.Locator("#alerts .badge").AllInnerTextsAsync()).ShouldBe(["Firing", "Pending", "Unknown"]);
        var alerts = opened.Page.Locator("#alerts .alert");
        await Assertions.Expect(alerts.Nth(0)).ToContainTextAsync("longest wait 5 min 12 s, above 2 min");
        await Assertions.Expect(alerts.Nth(0)).ToContainTextAsync("since 10:12, for 3:");
        await Assertions.Expect(alerts.Nth(2)).ToContainTextAsync("from incomplete data, the figure is 15 min old");
        await Assertions.Expect(opened.Page.Locator("#alerts-announcement")).ToHaveTextAsync("Alert: Queue 1: longest wait 5 min 12 s, above 2 min");

        live.Alerts = [];
        await opened.Page.Clock.FastForwardAsync(15_000);
        await Assertions.Expect(opened.Page.Locator("#alerts")).ToBeHiddenAsync();
        await Assertions.Expect(opened.Page.Locator("#alerts-announcement")).ToHaveTextAsync("");
    }

    [Fact]
    public async Task The_view_of_one_queue_shows_only_its_alerts()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        // The other endpoints do not know this queue, and the browser reports their failures.
        opened.ExpectsFailures = true;
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000), ConversationsOf(2, "voice", 14, 30_000)];
        live.Alerts = [AlertOf(1, "firing", "waiting", 3, 2, "2026-11-23T09:12:00Z"), AlertOf(2, "firing", "waiting", 14, 10, "2026-11-23T09:14:40Z")];
        await opened.OpenAsync($"?queueId={QueueIds[1]}", waitFor: "#alerts .alert");

        (await opened.Page.Locator("#alerts .subject").AllInnerTextsAsync()).ShouldBe(["Queue 1"]);
    }

    [Fact]
    public async Task The_last_alerts_stay_visible_with_a_note_while_alerts_cannot_be_read()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        var live = await InsteadOfAsync(opened);
        live.Alerts = [AlertOf(1, "firing", "waiting", 3, 2, "2026-11-23T09:12:00Z")];
        await opened.OpenAsync(waitFor: "#alerts .alert");

        live.AlertsStatus = 503;
        await opened.Page.Clock.FastForwardAsync(15_000);
        await Assertions.Expect(opened.Page.Locator("#alerts")).ToContainTextAsync("The alerts have not been updated since 10:1");
        await Assertions.Expect(opened.Page.Locator("#alerts .alert")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_wall_shows_the_current_state_and_the_firing_alerts()
    {
        await using var opened = await OpenedPage.StartAsync(browser, options: new() { ViewportSize = new() { Width = 1920, Height = 1080 } });
        opened.ExpectsFailures = true;
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000, interacting: 4), AgentsOf(1, 6, 2), ConversationsOf(2, "voice", 0), AgentsOf(2, 4, 4)];
        live.Alerts = [.. Enumerable.Range(1, 4).Select(queue => AlertOf(queue, "firing", "waiting", 3, 2, "2026-11-23T09:12:00Z")), AlertOf(5, "pending", "waiting", 3, 2, "2026-11-23T09:12:00Z")];
        await opened.OpenAsync("?wall=1", waitFor: "#wall-chart canvas");

        await Assertions.Expect(opened.Page.Locator("#wall [data-live=waiting]")).ToHaveAttributeAsync("data-value", "3");
        await Assertions.Expect(opened.Page.Locator("#wall-rows tbody tr").First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Queue 1\\s*3\\s*1:\\d\\d\\s*6\\s*2"));
        (await opened.Page.Locator("#wall-alerts li").AllInnerTextsAsync()).ShouldBe(["Queue 1: waiting 3, above 2", "Queue 2: waiting 3, above 2", "and 2 more"]);
        (await opened.Page.EvaluateAsync<bool>("document.documentElement.scrollHeight <= innerHeight")).ShouldBeTrue("the wall does not scroll");
        await opened.KeepImageAsync("wall-now");

        await opened.Page.Context.SetOfflineAsync(true);
        live.Break();
        await opened.Page.Clock.FastForwardAsync(10_000);
        await Assertions.Expect(opened.Page.Locator("#wall-live")).ToContainTextAsync("Not live since");
        await Assertions.Expect(opened.Page.Locator("#wall [data-live=waiting]")).ToHaveAttributeAsync("data-value", "3");
        await opened.Page.Context.SetOfflineAsync(false);
        await Assertions.Expect(opened.Page.Locator("#wall-live")).ToContainTextAsync("Live,");
    }

    [Fact]
    public async Task A_wall_that_rotates_through_queues_shows_the_agents_of_each()
    {
        await using var opened = await OpenedPage.StartAsync(browser, options: new() { ViewportSize = new() { Width = 1920, Height = 1080 } });
        var live = await InsteadOfAsync(opened);
        var ids = (await opened.ApiAsync("aggregates?period=today&timeZone=Europe/Berlin&groupBy=queueId&sort=-offered&limit=2")).GetProperty("records").EnumerateArray().Select(record => record.GetProperty("queueId").GetString()!).ToList();
        live.Records = [Of(ids[0], ConversationsOf(1, "voice", 3, 65_000, interacting: 4)), Of(ids[0], AgentsOf(1, 6, 2)), Of(ids[1], ConversationsOf(2, "voice", 7, 5000)), Of(ids[1], AgentsOf(2, 4, 4))];
        await opened.OpenAsync($"?wall=1&rotate=20&queueId={ids[0]}&queueId={ids[1]}", waitFor: "#wall-now .wall-figure");

        await Assertions.Expect(opened.Page.Locator("#wall [data-live=onQueueUsers]")).ToHaveAttributeAsync("data-value", "6");
        await opened.Page.Clock.FastForwardAsync(21_000);
        await Assertions.Expect(opened.Page.Locator("#wall [data-live=onQueueUsers]")).ToHaveAttributeAsync("data-value", "4");
        await Assertions.Expect(opened.Page.Locator("#wall [data-live=waiting]")).ToHaveAttributeAsync("data-value", "7");
        await Assertions.Expect(opened.Page.Locator("#wall-rows")).ToContainTextAsync("Idle");
    }
}
