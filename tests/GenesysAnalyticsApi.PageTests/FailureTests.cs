using System.Globalization;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using GenesysSimulator;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>The page shows which figures failed, are stale or are incomplete.</summary>
public sealed class FailureTests(Browser browser)
{
    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";

    [Fact]
    public async Task A_failure_is_explained_and_retried_automatically()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        opened.Given.Simulator.Faults.Set([new SimulatorFault(FaultNames.MissingPermission, null, null, Aggregates)]);
        await opened.OpenAsync(waitFor: "#failure .notice");

        (await opened.Page.Locator("#failure").InnerTextAsync()).ShouldContain("Retrying in");
        await Assertions.Expect(opened.Page.Locator("#failure")).ToContainTextAsync("analytics");
        await opened.KeepImageAsync("failure");

        opened.Given.Simulator.Faults.Set([]);
        await opened.AdvanceClocksAsync(TimeSpan.FromMinutes(5));
        await Assertions.Expect(opened.Page.Locator("#figure-offered")).ToBeVisibleAsync();
        await Assertions.Expect(opened.Page.Locator("#failure .notice")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_failed_view_does_not_affect_the_others()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        await opened.Page.RouteAsync(url => url.Contains("granularity=PT30M", StringComparison.Ordinal), route => route.AbortAsync());

        await opened.OpenAsync("?period=yesterday");

        await Assertions.Expect(opened.Page.Locator("#trend-failure")).ToContainTextAsync("The service cannot be reached");
        await Assertions.Expect(opened.Page.Locator("#figure-offered .value")).ToBeVisibleAsync();
        (await opened.Page.Locator("#queue-table tbody tr").CountAsync()).ShouldBeGreaterThan(5);
        await Assertions.Expect(opened.Page.Locator("#failure")).ToContainTextAsync("Retrying in");
    }

    [Fact]
    public async Task A_rejected_query_of_one_view_is_not_sent_again_in_each_round()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        await opened.Page.RouteAsync(IsOfTrend, route => route.FulfillAsync(new()
        {
            Status = 400,
            ContentType = "application/problem+json",
            Body = """{"type":"/problems/invalid-request","title":"The request is invalid.","status":400,"errors":{"granularity":["This granularity is not accepted."]}}""",
        }));
        await opened.Page.RunAndWaitForResponseAsync(() => opened.OpenAsync(), response => response.Url.Contains("/queues?", StringComparison.Ordinal));
        await opened.PauseAsync();

        // Three rounds in less than five minutes.
        await PassUntilAsync(() => Rounds() >= 3, maxSeconds: 270);
        await Assertions.Expect(opened.Page.Locator("#trend-failure")).ToContainTextAsync("This granularity is not accepted.");
        await Assertions.Expect(opened.Page.Locator("#queue-table tbody tr").First).ToBeVisibleAsync();
        Sent().ShouldBe(1);

        // After five minutes, the query could be valid, because its period has moved on.
        await PassUntilAsync(() => Sent() >= 2, maxSeconds: 600);
        Sent().ShouldBe(2);

        // The same selection after another one.
        await opened.Page.Clock.ResumeAsync();
        await opened.Page.SelectOptionAsync("#period", "yesterday");
        await opened.IsCurrentAsync();
        await opened.Page.SelectOptionAsync("#period", "today");
        await opened.IsCurrentAsync();
        Sent().ShouldBe(3);

        bool IsOfTrend(string url) => new[] { "period=today", "groupBy=none", "granularity=" }.All(part => url.Contains(part, StringComparison.Ordinal));

        int Sent() => opened.Requests.Count(request => IsOfTrend(request.Url));

        // The heat map is the last view of a round.
        int Rounds() => opened.Requests.Count(request => request.Url.Contains("period=last-7-days", StringComparison.Ordinal));

        async Task PassUntilAsync(Func<bool> isReached, int maxSeconds)
        {
            for (var seconds = 0; seconds < maxSeconds && !isReached(); seconds += 30)
            {
                await opened.AdvanceClocksAsync(TimeSpan.FromSeconds(30));
                // Gives a busy page the time for the requests of a round, which it sends one after the other.
                for (var responses = 0; responses < 30 && !isReached(); responses++)
                {
                    await opened.ApiAsync("health/live");
                    await opened.Page.EvaluateAsync("0");
                }
            }

            isReached().ShouldBeTrue($"{Rounds()} rounds, {Sent()} requests");
        }
    }

    [Fact]
    public async Task If_the_previous_period_fails_the_figures_are_shown_with_the_reason()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        await opened.Page.RouteAsync(url => url.Contains("groupBy=none&compare=previous", StringComparison.Ordinal), route => route.AbortAsync());

        await opened.OpenAsync("?period=yesterday");

        await Assertions.Expect(opened.Page.Locator("#key-figures-failure")).ToContainTextAsync("The service cannot be reached");
        await Assertions.Expect(opened.Page.Locator("#figure-offered .value")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Figures_of_the_previous_selection_are_dimmed_until_the_new_ones_arrive()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync();
        var released = new TaskCompletionSource();
        await opened.Page.RouteAsync(url => url.Contains("period=yesterday", StringComparison.Ordinal), async route =>
        {
            await released.Task;
            await route.ContinueAsync();
        });

        await opened.Page.SelectOptionAsync("#period", "yesterday");
        await Assertions.Expect(opened.Page.Locator(".outdated[aria-busy=true]")).ToHaveCountAsync(5);

        released.SetResult();
        await opened.IsCurrentAsync();
        await Assertions.Expect(opened.Page.Locator("#fact-interval")).ToHaveTextAsync("Sun 22 Nov (Europe/Berlin)");
    }

    [Fact]
    public async Task A_rejected_query_is_not_retried_and_today_is_offered_instead()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        await opened.OpenAsync("?period=custom&from=2026-12-24T08:00&to=2026-12-24T09:00", waitFor: "#show-today");
        await Assertions.Expect(opened.Page.Locator("#failure")).ToContainTextAsync("is not before now");
        await Assertions.Expect(opened.Page.Locator("#failure")).Not.ToContainTextAsync("Retrying");
        await Assertions.Expect(opened.Page.Locator("#queues-options input")).Not.ToHaveCountAsync(0);

        await opened.Page.Locator("#show-today").ClickAsync();
        await Assertions.Expect(opened.Page.Locator("#figure-offered .value")).ToBeVisibleAsync();
        (await opened.Page.Locator("#period").InputValueAsync()).ShouldBe("today");
    }

    [Fact]
    public async Task Loaded_figures_stay_visible_while_the_service_cannot_be_reached()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        await opened.OpenAsync();
        var value = await opened.Page.Locator("#figure-offered .value").InnerTextAsync();

        await opened.Page.Context.SetOfflineAsync(true);
        await opened.AdvanceClocksAsync(TimeSpan.FromMinutes(5));

        await Assertions.Expect(opened.Page.Locator("#failure")).ToContainTextAsync("The service cannot be reached");
        await Assertions.Expect(opened.Page.Locator("#failure")).ToContainTextAsync("The figures below were loaded at");
        (await opened.Page.Locator("#figure-offered .value").InnerTextAsync()).ShouldBe(value);

        await opened.Page.Context.SetOfflineAsync(false);
        await Assertions.Expect(opened.Page.Locator("#failure .notice")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Stale_figures_are_labeled_out_of_date()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync();

        opened.Given.Simulator.Faults.Set([new SimulatorFault(FaultNames.ServerError, null, null, Aggregates)]);
        await opened.AdvanceClocksAsync(TimeSpan.FromMinutes(6));
        await opened.Page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");

        opened.ExpectsFailures = true;
        await AdvanceUntilShownAsync(opened, "#fact-stale");
        await Assertions.Expect(opened.Page.Locator("#fact-stale")).ToHaveTextAsync("Out of date: Genesys Cloud could not be reached. These are the last known figures");
        await Assertions.Expect(opened.Page.Locator("#fact-age")).ToContainTextAsync("minutes old");
        await opened.KeepImageAsync("stale");
    }

    [Fact]
    public async Task Missing_parts_are_listed()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        // The first of two days is cached.
        await opened.ApiAsync("aggregates?from=2026-11-20T00:00&to=2026-11-21T00:00&timeZone=Europe/Berlin&groupBy=none");
        opened.Given.Simulator.Faults.Set([new SimulatorFault(FaultNames.RateLimitHours, "3600", null, Aggregates)]);

        await opened.OpenAsync("?period=custom&from=2026-11-20T00:00&to=2026-11-22T00:00", waitFor: "#missing-parts");

        await Assertions.Expect(opened.Page.Locator("#fact-complete")).ToContainTextAsync("Incomplete: some data is missing.");
        await Assertions.Expect(opened.Page.Locator("#missing-parts summary")).ToContainTextAsync("missing");
        await opened.KeepImageAsync("incomplete");
    }

    [Fact]
    public async Task An_empty_period_offers_the_nearest_day_with_interactions()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync("?mediaType=screenmonitoring", waitFor: "#nearest-day");
        await Assertions.Expect(opened.Page.Locator("#key-figures")).ToContainTextAsync("No interactions in this period");
        await Assertions.Expect(opened.Page.Locator("#key-figures")).ToContainTextAsync("The selected media types had no interactions");
        await Assertions.Expect(opened.Page.Locator("#key-figures")).ToContainTextAsync("The selection had no interactions in the last 90 days either.");

        var quiet = (await opened.ApiAsync("aggregates?from=2026-11-23T00:00&to=2026-11-23T06:00&timeZone=Europe/Berlin&granularity=PT5M&groupBy=queueId&fill=zero")).GetProperty("records")
            .EnumerateArray().First(record => record.GetProperty("totalInteractions").GetInt32() == 0 && record.GetProperty("handled").GetInt32() == 0);
        var from = DateTime.Parse(quiet.GetProperty("localFrom").GetString()!, CultureInfo.InvariantCulture);
        await opened.OpenAsync(
            $"?period=custom&from={from:yyyy-MM-ddTHH:mm}&to={from.AddMinutes(5):yyyy-MM-ddTHH:mm}&timeZone=Europe/Berlin&queueId={quiet.GetProperty("queueId").GetString()}",
            waitFor: "#nearest-day");
        await opened.KeepImageAsync("empty");
        await opened.Page.Locator("button#nearest-day").ClickAsync();

        await Assertions.Expect(opened.Page.Locator("#figure-totalInteractions .value")).ToBeVisibleAsync();
        (await opened.ValueAsync(opened.Page.Locator("#figure-totalInteractions .value")))!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Simulated_data_is_labeled()
    {
        await using var opened = await OpenedPage.StartAsync(browser, new() { ["Genesys:Mode"] = "Simulator" });
        await opened.OpenAsync();

        await Assertions.Expect(opened.Page.Locator("#simulated")).ToBeVisibleAsync();
        await Assertions.Expect(opened.Page.Locator("#simulated")).ToContainTextAsync("not from a contact center");
    }

    [Fact]
    public async Task Unchanged_figures_are_not_sent_again_and_a_hidden_page_sends_no_requests()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        // The request for queue names is the last one of a round. The stream is opened at the same time.
        await opened.Page.RunAndWaitForResponseAsync(() => opened.OpenAsync("?period=yesterday"), response => response.Url.Contains("/queues?", StringComparison.Ordinal));
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Live");
        // The clock of the service stands still, so it sends no heartbeat: after 20 seconds, the page would open the stream again.
        await opened.PauseAsync();
        opened.Requests.Clear();

        await HideAsync(opened, hidden: true);
        await opened.AdvanceClocksAsync(TimeSpan.FromMinutes(30));
        opened.Requests.Select(request => request.Url).ShouldBeEmpty();

        await HideAsync(opened, hidden: false);
        await opened.Page.RunAndWaitForResponseAsync(
            () => opened.Page.Clock.FastForwardAsync(1000), response => response.Url.Contains("period=last-7-days", StringComparison.Ordinal));
        var figures = opened.Requests.Where(request => request.Url.Contains("/aggregates", StringComparison.Ordinal)).ToList();
        figures.Count.ShouldBeInRange(5, 9);
        foreach (var request in figures)
        {
            (await request.HeaderValueAsync("If-None-Match")).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Without_JavaScript_the_page_says_what_it_needs()
    {
        await using var opened = await OpenedPage.StartAsync(browser, options: new() { JavaScriptEnabled = false });
        await opened.Page.GotoAsync(opened.Address.ToString());

        await Assertions.Expect(opened.Page.Locator("noscript p")).ToContainTextAsync("This page needs JavaScript");
        (await opened.Page.Locator("noscript a").First.GetAttributeAsync("href")).ShouldBe("swagger");
    }

    internal static async Task HideAsync(OpenedPage opened, bool hidden) => await opened.Page.EvaluateAsync(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }", hidden);

    /// <summary>Advances both clocks until the element appears, because the service retries by its clock before it returns stale figures.</summary>
    private static async Task AdvanceUntilShownAsync(OpenedPage opened, string selector)
    {
        for (var passes = 0; passes < 60 && await opened.Page.Locator(selector).CountAsync() == 0; passes++)
        {
            opened.Given.FakeClock.Advance(TimeSpan.FromSeconds(1));
            await opened.Page.Clock.RunForAsync(1000);
        }
    }
}
