using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;
using static GenesysAnalyticsApi.PageTests.Infrastructure.ScriptedLive;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>The current state that the service streams: totals, queues, agents, and changes to all of them.</summary>
public sealed class NowTests(Browser browser)
{
    [Fact]
    public async Task Totals_and_queues_follow_the_snapshot_and_later_changes()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var live = await InsteadOfAsync(opened);
        live.Records =
        [
            ConversationsOf(1, "voice", 3, 65_000, alerting: 1, interacting: 4), ConversationsOf(1, "email", 2, 30_000, interacting: 1), AgentsOf(1, 6, 2),
            ConversationsOf(2, "voice", 1, 125_000, interacting: 7), AgentsOf(2, 0, 0),
            ConversationsOf(3, "chat", 0, interacting: 2), AgentsOf(3, 3, 3),
        ];
        await opened.OpenAsync();

        await ShouldBeAsync(opened, "waiting", "6");
        await ShouldBeAsync(opened, "alerting", "1");
        await ShouldBeAsync(opened, "interacting", "14");
        await Assertions.Expect(Figure(opened, "waiting")).ToContainTextAsync("in 2 of 3 queues");
        await Assertions.Expect(Figure(opened, "waiting")).ToContainTextAsync("1 without an agent");
        await Assertions.Expect(Figure(opened, "longestWaitMs")).ToContainTextAsync("Queue 2, voice");
        (await opened.Page.Locator("#now .now-row .name").AllInnerTextsAsync()).ShouldBe(["Queue 2", "Queue 1", "Queue 3"], "the longest wait is first");
        await Assertions.Expect(Row(opened, 1)).ToContainTextAsync("6 on queue, 2 idle · 1 alerting, 5 interacting");
        await Assertions.Expect(Row(opened, 2)).ToContainTextAsync("no agent on queue");
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Live");

        live.Change(ConversationsOf(1, "voice", 40, 300_000, interacting: 4), AgentsOf(2, 1, 1));
        await ShouldBeAsync(opened, "waiting", "43");
        await ShouldBeAsync(opened, "alerting", "0");
        await Assertions.Expect(Figure(opened, "waiting")).Not.ToContainTextAsync("without an agent");
        (await opened.Page.Locator("#now .now-row .name").AllInnerTextsAsync()).ShouldBe(["Queue 1", "Queue 2", "Queue 3"]);

        live.Remove(ConversationsOf(1, "voice", 0));
        await ShouldBeAsync(opened, "waiting", "3");
        await opened.KeepImageAsync("now");
    }

    [Fact]
    public async Task A_wait_and_the_age_of_the_state_count_up_between_events()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000)];
        await opened.OpenAsync(waitFor: "#now .now-figure");
        var (value, at) = await WaitAsync(opened);

        await opened.Page.Clock.FastForwardAsync(10_000);
        var (later, laterAt) = await WaitAsync(opened);
        // The page updates the wait once a second.
        (later - value).ShouldBeInRange(laterAt - at - 2500, laterAt - at + 2500);
        (laterAt - at).ShouldBeGreaterThanOrEqualTo(10_000);
        await Assertions.Expect(opened.Page.Locator("#now-age")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^, (1[2-9]|[2-5][0-9]) s old$"));

        live.Change(ConversationsOf(1, "voice", 0));
        await ShouldBeAsync(opened, "longestWaitMs", "0");
    }

    [Fact]
    public async Task The_view_of_one_queue_shows_its_media_types_and_agents()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        // The other endpoints do not know this queue, and the browser reports their failures.
        opened.ExpectsFailures = true;
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000, interacting: 4), ConversationsOf(1, "email", 2, 30_000), AgentsOf(1, 6, 2)];
        await opened.OpenAsync($"?queueId={QueueIds[1]}&mediaType=voice&mediaType=email", waitFor: "#now .now-figure");

        live.Connections.First().Query.ShouldBe($"?queueId={QueueIds[1]}&mediaType=voice&mediaType=email");
        await ShouldBeAsync(opened, "waiting", "5");
        await ShouldBeAsync(opened, "onQueueUsers", "6");
        await ShouldBeAsync(opened, "idle", "2");
        (await opened.Page.Locator("#now .now-row .name").AllInnerTextsAsync()).ShouldBe(["Voice", "Email"]);
        (await opened.Page.Locator("#now dl").First.Locator("div").AllInnerTextsAsync()).ShouldBe(["Interacting\n4", "Idle\n2", "Off queue\n2"]);
    }

    [Fact]
    public async Task Another_selection_opens_another_stream()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        // The other endpoints do not know this queue, and the browser reports their failures.
        opened.ExpectsFailures = true;
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000), ConversationsOf(2, "voice", 0)];
        await opened.OpenAsync(waitFor: "#now .now-row");

        await opened.Page.Locator($"#now-{QueueIds[1]}").FocusAsync();
        await opened.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Figure(opened, "onQueueUsers")).ToBeVisibleAsync();

        opened.Search.ShouldContain($"queueId={QueueIds[1]}");
        live.Connections.Select(connection => connection.Query).ShouldBe(["", $"?queueId={QueueIds[1]}"]);
        live.Connections.ShouldAllBe(connection => connection.LastEventId == null);
    }

    [Fact]
    public async Task All_queues_are_listed_on_request_and_nothing_moves_when_numbers_change()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var live = await InsteadOfAsync(opened);
        live.Records = [.. Enumerable.Range(0, 12).SelectMany(queue => new[] { ConversationsOf(queue, "voice", 0, interacting: 3), AgentsOf(queue, 4, 1) })];
        await opened.OpenAsync(waitFor: "#now .now-row");
        const string Places = "() => JSON.stringify([...document.querySelectorAll('#now .now-figure, #now .now-row, #key-figures, #trend')].map(each => { const at = each.getBoundingClientRect(); return [at.left, at.top, at.width, at.height]; }))";
        await opened.Page.Locator("#trend canvas").First.WaitForAsync();
        var before = await opened.Page.EvaluateAsync<string>(Places);

        live.Change(ConversationsOf(4, "voice", 1234, 4_000_000, alerting: 17, interacting: 555), AgentsOf(4, 0, 0));
        await ShouldBeAsync(opened, "waiting", "1234");
        (await opened.Page.EvaluateAsync<string>(Places)).ShouldBe(before);

        (await opened.Page.Locator("#now .now-row").CountAsync()).ShouldBe(8);
        await opened.Page.Locator("#now-all").FocusAsync();
        await opened.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(opened.Page.Locator("#now .now-row")).ToHaveCountAsync(12);
        await Assertions.Expect(opened.Page.Locator("#now-all")).ToHaveAttributeAsync("aria-expanded", "true");
        await Assertions.Expect(opened.Page.Locator("#now-all")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Markup_in_a_name_is_shown_as_text()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var live = await InsteadOfAsync(opened);
        const string Name = "<img src=x onerror=alert(1)> & \"Co\"";
        live.Records = [ConversationsOf(1, "<b>voice</b>", 3, 65_000, name: Name)];
        live.Alerts = [AlertOf(1, "firing", "waiting", 3, 2, "2026-11-23T09:10:00Z", name: Name)];
        await opened.OpenAsync(waitFor: "#now .now-row");

        await Assertions.Expect(opened.Page.Locator("#now .now-row .name")).ToHaveTextAsync(Name);
        await Assertions.Expect(opened.Page.Locator("#alerts .subject")).ToHaveTextAsync(Name);
        (await opened.Page.Locator("#now img, #alerts img, #now b").CountAsync()).ShouldBe(0);
    }

    internal static ILocator Figure(OpenedPage opened, string field) => opened.Page.Locator($"#now .now-figure[data-field={field}]");

    internal static Task ShouldBeAsync(OpenedPage opened, string field, string value) =>
        Assertions.Expect(Figure(opened, field).Locator(".value")).ToHaveAttributeAsync("data-value", value);

    private static ILocator Row(OpenedPage opened, int queue) => opened.Page.Locator($"#now .now-row[data-row='{QueueIds[queue]}']");

    private static async Task<(double Value, double At)> WaitAsync(OpenedPage opened)
    {
        var both = await opened.Page.EvaluateAsync<double[]>("() => [Number(document.querySelector('#now [data-field=longestWaitMs] .value').dataset.value), Date.now()]");
        return (both[0], both[1]);
    }
}
