using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;
using static GenesysAnalyticsApi.PageTests.Infrastructure.ScriptedLive;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>The page shows how current the state of the queues is, and reconnects to the service.</summary>
public sealed class NowConnectionTests(Browser browser)
{
    [Fact]
    public async Task A_broken_stream_is_labeled_and_resumes_where_it_stopped()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000)];
        await opened.OpenAsync();
        live.Change(ConversationsOf(1, "voice", 4, 66_000));
        await NowTests.ShouldBeAsync(opened, "waiting", "4");

        await opened.Page.Context.SetOfflineAsync(true);
        live.Break();
        await opened.Page.Clock.FastForwardAsync(10_000);
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^Not live since 10:1[5-9]:"));
        await Assertions.Expect(opened.Page.Locator("#now.not-current")).ToHaveCountAsync(1);
        var frozen = await NowTests.Figure(opened, "longestWaitMs").InnerTextAsync();
        await opened.Page.Clock.FastForwardAsync(60_000);
        await Assertions.Expect(opened.Page.Locator("#now-age")).ToContainTextAsync("min");
        (await NowTests.Figure(opened, "longestWaitMs").InnerTextAsync()).ShouldBe(frozen, "a wait that may have ended does not count up");
        await opened.KeepImageAsync("now-lost");

        live.Meta = MetaOf(repaired: true);
        live.Change(ConversationsOf(1, "voice", 9, 100_000));
        await opened.Page.Context.SetOfflineAsync(false);
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Live");
        await NowTests.ShouldBeAsync(opened, "waiting", "9");
        await Assertions.Expect(opened.Page.Locator("#now-repaired")).ToBeVisibleAsync();
        live.Connections.Last().LastEventId.ShouldBe("2");
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_opened_again()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000)];
        await opened.OpenAsync(waitFor: "#now .now-row");
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Live");

        // Neither an event nor a heartbeat arrives.
        await opened.PauseAsync();
        await opened.Page.Clock.FastForwardAsync(21_000);
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToContainTextAsync("Not live since");
        await opened.Page.Clock.ResumeAsync();
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Live");
        await NowTests.ShouldBeAsync(opened, "waiting", "3");
        live.Connections.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_delivers_nothing_is_replaced_by_polling()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000)];
        live.IsSilent = true;
        await opened.OpenAsync(waitFor: "#now .loading");

        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Connecting…");
        await opened.Page.Clock.FastForwardAsync(21_000);
        await NowTests.ShouldBeAsync(opened, "waiting", "3");
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Updated every few seconds");
    }

    [Fact]
    public async Task A_rejected_stream_is_replaced_by_polling_until_it_works_again()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000)];
        live.StreamStatus = 503;
        await opened.OpenAsync(waitFor: "#now .now-row");

        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Updated every few seconds");
        live.Records = [ConversationsOf(1, "voice", 5, 75_000)];
        await opened.Page.Clock.FastForwardAsync(11_000);
        await NowTests.ShouldBeAsync(opened, "waiting", "5");
        live.Polls.ShouldBeGreaterThanOrEqualTo(2);

        live.StreamStatus = 200;
        await opened.Page.Clock.FastForwardAsync(301_000);
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Live");
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task If_observations_are_not_available_their_section_is_hidden(int status)
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        var live = await InsteadOfAsync(opened);
        live.StreamStatus = live.ObservationsStatus = live.AlertsStatus = status;
        await opened.OpenAsync();

        await Assertions.Expect(opened.Page.Locator("#now")).ToBeHiddenAsync();
        await Assertions.Expect(opened.Page.Locator("#alerts")).ToBeHiddenAsync();
        (await opened.Page.Locator("#key-figures").EvaluateAsync<double>("each => each.getBoundingClientRect().left")).ShouldBeLessThan(60);
    }

    [Fact]
    public async Task Old_and_incomplete_states_are_labeled()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000)];
        live.Meta = MetaOf(ageMs: 95_000, complete: false);
        live.Warnings = ["The agents of 2 queues could not be read."];
        await opened.OpenAsync(waitFor: "#now .now-row");

        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Out of date");
        await Assertions.Expect(opened.Page.Locator("#now-age")).ToContainTextAsync("1 min 3");
        await Assertions.Expect(opened.Page.Locator("#now-incomplete")).ToContainTextAsync("Incomplete");
        await Assertions.Expect(opened.Page.Locator("#now-warnings")).ToHaveTextAsync("The agents of 2 queues could not be read.");
        await Assertions.Expect(NowTests.Figure(opened, "onQueueUsers")).ToHaveCountAsync(0);

        live.Meta = MetaOf();
        live.Warnings = [];
        live.Change();
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Live");
        await Assertions.Expect(opened.Page.Locator("#now-incomplete")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_hidden_page_has_no_connection()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var live = await InsteadOfAsync(opened);
        live.Records = [ConversationsOf(1, "voice", 3, 65_000)];
        await opened.OpenAsync(waitFor: "#now .now-row");

        await FailureTests.HideAsync(opened, hidden: true);
        await opened.Page.Clock.FastForwardAsync(120_000);
        live.Connections.Count.ShouldBe(1);
        live.Change(ConversationsOf(1, "voice", 8, 90_000));

        await FailureTests.HideAsync(opened, hidden: false);
        await NowTests.ShouldBeAsync(opened, "waiting", "8");
        live.Connections.Count.ShouldBe(2);
        live.Connections.Last().LastEventId.ShouldBe("1");
    }
}
