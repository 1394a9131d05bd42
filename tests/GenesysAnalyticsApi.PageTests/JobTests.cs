using System.Diagnostics;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using GenesysSimulator;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>A query that is too wide for one request runs as a job. The page shows its progress and leaves no job behind.</summary>
public sealed class JobTests(Browser browser)
{
    private const string FourWeeks = "?period=last-28-days";
    private const string HalfHours = "aggregates?period=last-28-days&timeZone=Europe/Berlin&groupBy=none&granularity=PT30M&fill=zero&compare=previous";

    /// <summary>Long enough for a busy machine.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task The_progress_of_a_job_is_shown_and_then_the_figures_of_the_API()
    {
        await using var opened = await StartAsync();
        var (page, progress) = (opened.Page, opened.Page.Locator("#trend").GetByRole(AriaRole.Progressbar));

        await ChooseHalfHoursAsync(opened);

        await UntilAsync(opened, page.Locator("#trend-job-text", new() { HasTextRegex = new(@"^Reading 1\d of 57 parts, about .+ left$") }));
        (await progress.GetAttributeAsync("max")).ShouldBe("57");
        (await progress.EvaluateAsync<int>("bar => bar.value")).ShouldBeInRange(10, 19);
        await Assertions.Expect(progress).ToHaveAttributeAsync("aria-valuetext", await page.Locator("#trend-job-text").InnerTextAsync());
        await Assertions.Expect(page.Locator("#trend-title")).ToHaveTextAsync("Service level per half hour");
        await Assertions.Expect(page.Locator("#queue-table tbody tr").First).ToBeVisibleAsync();

        opened.Given.Simulator.Faults.Set([]);
        await UntilAsync(opened, page.Locator("#trend-chart canvas"));
        await page.Locator("#trend-as-table-summary").ClickAsync();
        await Assertions.Expect(page.Locator("#trend-rows")).ToHaveTextAsync("The last 1,000 of 1,344 rows; the export includes all.");
        (await page.Locator("#trend tbody td[data-value]").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.dataset.value)"))
            .ShouldBe((await opened.ApiAsync(HalfHours)).GetProperty("records").EnumerateArray().TakeLast(1000).Select(record => record.GetProperty("serviceLevel") is { ValueKind: JsonValueKind.Number } level ? level.GetRawText() : ""));
        (await StatesAsync(opened)).ShouldBe(["succeeded"]);
        await opened.KeepImageAsync("job-result");

        await opened.OpenAsync(opened.Search, waitFor: "#trend-chart canvas");
        (await StatesAsync(opened)).ShouldBe(["succeeded"], "everything is cached");
    }

    [Fact]
    public async Task A_cancelled_job_stays_cancelled_until_a_person_starts_it_again()
    {
        await using var opened = await StartAsync();
        var page = opened.Page;
        await ChooseHalfHoursAsync(opened);

        await page.Locator("#trend-job-cancel").ClickAsync();
        await Assertions.Expect(page.Locator("#trend-cancelled")).ToContainTextAsync("Cancelled");
        (await StatesAsync(opened)).ShouldBe(["cancelled"]);
        await opened.KeepImageAsync("job-cancelled");

        var sent = SentForTrend(opened);
        await page.Locator("#figure-offered").ClickAsync();
        await Assertions.Expect(page.Locator("#trend-title")).ToHaveTextAsync("Offered per half hour");
        await Assertions.Expect(page.Locator("#heat-map-title")).ToHaveTextAsync("Offered by weekday and hour");
        await Assertions.Expect(page.Locator("#trend-cancelled")).ToBeVisibleAsync();
        SentForTrend(opened).ShouldBe(sent);
        (await StatesAsync(opened)).Count.ShouldBe(1);

        opened.Given.Simulator.Faults.Set([]);
        await page.Locator("#trend-start-again").ClickAsync();
        await UntilAsync(opened, page.Locator("#trend-chart canvas"));
        (await StatesAsync(opened)).ShouldBe(["cancelled", "succeeded"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("#granularity", "PT1H")]
    [InlineData("#period", "yesterday")]
    public async Task Another_selection_cancels_the_job(string select, string choice)
    {
        await using var opened = await StartAsync();
        await ChooseHalfHoursAsync(opened);

        await opened.Page.SelectOptionAsync(select, choice);

        await UntilStatesAsync(opened, states => states.Contains("cancelled"));
        await Assertions.Expect(opened.Page.Locator("#trend-cancelled")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Another_order_of_a_table_is_shown_while_the_job_goes_on()
    {
        await using var opened = await StartAsync();
        var page = opened.Page;
        await ChooseHalfHoursAsync(opened);
        await Assertions.Expect(page.Locator("#queue-table tbody .sparkline").First).ToBeVisibleAsync();
        var text = await page.Locator("#trend-job-text").InnerTextAsync();

        await page.RunAndWaitForResponseAsync(() => page.Locator("#sort-offered").ClickAsync(), response => response.Url.Contains("sort=-offered", StringComparison.Ordinal));

        await Assertions.Expect(page.Locator("#queue-table th[aria-sort=descending]")).ToContainTextAsync("Offered");
        await Assertions.Expect(page.Locator("#trend-job-text")).ToContainTextAsync("of 57 parts");
        text.ShouldContain("of 57 parts");
        opened.Requests.Count(request => request.Headers.ContainsKey("prefer")).ShouldBe(1);
        (await StatesAsync(opened)).ShouldBe(["running"]);

        // The round that runs the job ends as usual.
        opened.Given.Simulator.Faults.Set([]);
        await UntilAsync(opened, page.Locator("#trend-chart canvas"));
        (await StatesAsync(opened)).ShouldBe(["succeeded"]);
        await Assertions.Expect(page.Locator("#queue-table th[aria-sort=descending]")).ToContainTextAsync("Offered");
    }

    [Fact]
    public async Task Another_figure_is_shown_while_the_job_goes_on()
    {
        await using var opened = await StartAsync();
        var page = opened.Page;
        await ChooseHalfHoursAsync(opened);
        var sent = SentForTrend(opened);

        await page.Locator("#figure-offered").ClickAsync();
        await Assertions.Expect(page.Locator("#trend-title")).ToHaveTextAsync("Offered per half hour");
        await Assertions.Expect(page.Locator("#trend-job-text")).ToContainTextAsync("of 57 parts");
        await Assertions.Expect(page.Locator("#heat-map-title")).ToHaveTextAsync("Offered by weekday and hour");
        SentForTrend(opened).ShouldBe(sent);
        (await StatesAsync(opened)).ShouldBe(["running"]);

        opened.Given.Simulator.Faults.Set([]);
        await UntilAsync(opened, page.Locator("#trend-chart canvas"));
        (await StatesAsync(opened)).ShouldBe(["succeeded"]);
        await Assertions.Expect(page.Locator("#trend-title")).ToHaveTextAsync("Offered per half hour");
        await page.Locator("#trend-as-table-summary").ClickAsync();
        (await page.Locator("#trend tbody td[data-value]").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.dataset.value)"))
            .ShouldBe((await opened.ApiAsync(HalfHours)).GetProperty("records").EnumerateArray().TakeLast(1000).Select(record => record.GetProperty("offered").GetRawText()));
    }

    [Fact]
    public async Task Leaving_the_page_cancels_the_job()
    {
        await using var opened = await StartAsync();
        await ChooseHalfHoursAsync(opened);

        await opened.Page.GotoAsync("about:blank");

        await UntilStatesAsync(opened, states => states is ["cancelled"]);
    }

    [Fact]
    public async Task The_failure_of_a_job_is_shown_in_place_of_the_figures()
    {
        await using var opened = await StartAsync();
        opened.Given.Simulator.Faults.Set([new SimulatorFault(FaultNames.MissingPermission, Scope: FaultScopes.Aggregates)]);

        await opened.Page.SelectOptionAsync("#granularity", "PT30M");

        await UntilAsync(opened, opened.Page.Locator("#trend-failure"));
        await Assertions.Expect(opened.Page.Locator("#trend-failure")).ToContainTextAsync("analytics");
        await Assertions.Expect(opened.Page.Locator("#failure")).ToContainTextAsync("Retrying in");
        await Assertions.Expect(opened.Page.Locator("#granularity")).ToHaveValueAsync("PT30M");
        await opened.KeepImageAsync("job-failure");
    }

    [Fact]
    public async Task A_job_over_the_limit_of_the_caller_is_a_failure_that_is_retried()
    {
        await using var opened = await StartAsync(new() { ["Jobs:MaxPerCaller"] = "1" });
        using var client = new HttpClient { BaseAddress = opened.Address, DefaultRequestHeaders = { { "Prefer", "respond-async" } } };
        (await client.GetAsync(new Uri("aggregates?period=last-year&granularity=PT15M", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(System.Net.HttpStatusCode.Accepted);

        await opened.Page.SelectOptionAsync("#granularity", "PT30M");

        await Assertions.Expect(opened.Page.Locator("#trend-failure")).ToContainTextAsync("Jobs:MaxPerCaller");
        await Assertions.Expect(opened.Page.Locator("#failure")).ToContainTextAsync("Retrying in");
    }

    [Fact]
    public async Task A_lost_connection_is_reestablished()
    {
        await using var opened = await StartAsync();
        var text = opened.Page.Locator("#trend-job-text");
        await ChooseHalfHoursAsync(opened);

        await opened.Page.Context.SetOfflineAsync(true);
        // No event arrives, and the request that the page then sends gets no response.
        for (var passes = 0; passes < 60 && !(await text.InnerTextAsync()).Contains("lost", StringComparison.Ordinal); passes++)
        {
            await opened.Page.Clock.RunForAsync(1000);
        }

        await Assertions.Expect(text).ToHaveTextAsync("Connection lost, retrying");

        opened.Given.Simulator.Faults.Set([]);
        await opened.Page.Context.SetOfflineAsync(false);
        await UntilAsync(opened, opened.Page.Locator("#trend-chart canvas"));
        (await StatesAsync(opened)).ShouldBe(["succeeded"]);
    }

    [Fact]
    public async Task A_job_that_the_service_has_lost_is_submitted_once_more()
    {
        await using var opened = await StartAsync();
        await opened.Page.RouteAsync("**/jobs/*/events", route => route.FulfillAsync(new() { Status = 404, ContentType = "application/problem+json", Body = """{"type":"/problems/unknown-job","title":"No such job."}""" }), new() { Times = 1 });

        await ChooseHalfHoursAsync(opened);
        opened.Given.Simulator.Faults.Set([]);
        await UntilAsync(opened, opened.Page.Locator("#trend-chart canvas"));

        var submitted = opened.Requests.Where(request => request.Headers.ContainsKey("prefer")).ToList();
        submitted.Count.ShouldBe(2);
        submitted.ShouldAllBe(request => request.Url.Contains("granularity=PT30M", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wide_export_is_the_result_of_a_job_and_can_be_started_again_after_it_was_cancelled()
    {
        await using var opened = await StartAsync();
        // The view itself is narrowed to days, so that no job has read the slices that the export needs.
        await opened.Page.RouteAsync(
            url => url.Contains("granularity=PT30M", StringComparison.Ordinal) && !url.Contains("format=", StringComparison.Ordinal),
            route => route.ContinueAsync(new() { Url = route.Request.Url.Replace("PT30M", "P1D", StringComparison.Ordinal) }));
        await opened.Page.SelectOptionAsync("#granularity", "PT30M");
        await Assertions.Expect(opened.Page.Locator("#trend-title")).ToHaveTextAsync("Service level per half hour");
        await opened.Page.Locator("#export-trend-summary").ClickAsync();
        await opened.Page.Locator("#export-trend-0-csv").ClickAsync();
        await UntilAsync(opened, opened.Page.Locator("#export-trend-0-csv-job-text", new() { HasText = "of 57 parts" }));
        await opened.KeepImageAsync("job-export");
        await opened.Page.Locator("#export-trend-0-csv-job-cancel").ClickAsync();
        await Assertions.Expect(opened.Page.Locator("#export-trend-0-csv-job")).ToHaveCountAsync(0);
        await opened.Page.Locator("#export-trend-0-csv").ClickAsync();
        await UntilAsync(opened, opened.Page.Locator("#export-trend-0-csv-job-text", new() { HasText = "of 57 parts" }));

        opened.Given.Simulator.Faults.Set([]);
        var download = await opened.Page.RunAndWaitForDownloadAsync(async () =>
        {
            var isDownloading = false;
            opened.Page.Download += (_, _) => isDownloading = true;
            var rounds = 0;
            for (var started = Stopwatch.GetTimestamp(); !isDownloading && Stopwatch.GetElapsedTime(started) < MaxWait; rounds++)
            {
                // Once the job has succeeded, the clock advances rarely, so that the downloaded figures are not older than those they are compared with.
                if (!(await StatesAsync(opened)).Contains("succeeded") || rounds % 50 == 0)
                {
                    opened.Given.FakeClock.Advance(TimeSpan.FromSeconds(1));
                }
            }
        });

        download.SuggestedFilename.ShouldBe("trend.csv");
        var expected = await opened.ApiBytesAsync($"{HalfHours}&format=csv&bom=true");
        (await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken) == Encoding.UTF8.GetString(expected).TrimStart('\uFEFF')).ShouldBeTrue();
    }

    [Fact]
    public async Task The_wall_shows_the_progress_of_one_job_and_leaves_none_behind()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        await opened.ApiAsync("aggregates?period=last-28-days&timeZone=Europe/Berlin&groupBy=none&compare=previous");
        Stall(opened);

        await opened.OpenAsync($"{FourWeeks}&granularity=PT30M&wall=1", waitFor: "#wall progress");
        await UntilAsync(opened, opened.Page.Locator("#wall", new() { HasTextRegex = new("Reading .+ of 57 parts") }));
        await opened.KeepImageAsync("job-wall");
        await opened.AdvanceClocksAsync(TimeSpan.FromMinutes(20));
        await Assertions.Expect(opened.Page.Locator("#wall progress")).ToBeVisibleAsync();
        (await StatesAsync(opened)).Count.ShouldBe(1);

        await opened.Page.Keyboard.PressAsync("Escape");
        await UntilStatesAsync(opened, states => states.Contains("cancelled"));
        opened.Given.Simulator.Faults.Set([]);
        await UntilAsync(opened, opened.Page.Locator("#granularity"));
    }

    [Theory]
    [MemberData(nameof(AccessibilityTests.Screens), MemberType = typeof(AccessibilityTests))]
    public async Task The_progress_is_accessible(int width, int height)
    {
        await using var opened = await StartAsync(options: new() { ViewportSize = new() { Width = width, Height = height } });
        await ChooseHalfHoursAsync(opened);
        await UntilAsync(opened, opened.Page.Locator("#trend-job-text", new() { HasTextRegex = new("^Reading 1") }));

        await AccessibilityTests.CheckAsync(opened, image: $"job-{width}", within: "#trend");

        await opened.Page.Locator("#trend-job-cancel").ClickAsync();
        await opened.Page.Locator("#trend-cancelled").WaitForAsync();
        await AccessibilityTests.CheckAsync(opened, within: "#trend");
    }

    /// <summary>
    /// Opens the page with four weeks by day. The first days, which a job reads first, are already cached by half hour. From then on, Genesys rejects every
    /// request for figures with a 429.
    /// </summary>
    private async Task<OpenedPage> StartAsync(Dictionary<string, string>? settings = null, BrowserNewContextOptions? options = null)
    {
        // Long timeouts, because the test advances the clock of the service faster than a busy machine responds.
        var opened = await OpenedPage.StartAsync(browser, new(settings ?? []) { ["Genesys:AttemptTimeout"] = "00:05:00", ["Genesys:TotalTimeout"] = "00:05:00" }, options);
        // The browser reports the rejection of a query that is too wide.
        opened.ExpectsFailures = true;
        await opened.OpenAsync(FourWeeks);
        await opened.Page.Locator("#queues-picker .option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await opened.ApiAsync("aggregates?from=2026-10-26T00:00&to=2026-11-05T00:00&timeZone=Europe/Berlin&groupBy=none&granularity=PT30M");
        Stall(opened);
        return opened;
    }

    private static void Stall(OpenedPage opened) =>
        opened.Given.Simulator.Faults.Set([new SimulatorFault(FaultNames.RateLimitSeconds, "5", Scope: FaultScopes.Aggregates)]);

    private static async Task ChooseHalfHoursAsync(OpenedPage opened)
    {
        await opened.Page.SelectOptionAsync("#granularity", "PT30M");
        await UntilAsync(opened, opened.Page.Locator("#trend-job-text", new() { HasText = "of 57 parts" }));
    }

    /// <summary>How many requests the page has sent for the half hours of the trend, including the request that creates the job.</summary>
    private static int SentForTrend(OpenedPage opened) => opened.Requests.Count(request => request.Url.Contains("granularity=PT30M", StringComparison.Ordinal));

    /// <summary>The states of the caller's jobs.</summary>
    private static async Task<List<string>> StatesAsync(OpenedPage opened) =>
        [.. (await opened.ApiAsync("jobs")).GetProperty("records").EnumerateArray().Select(job => job.GetProperty("state").GetString()!)];

    private static async Task UntilStatesAsync(OpenedPage opened, Func<List<string>, bool> isReached)
    {
        var states = await StatesAsync(opened);
        for (var started = Stopwatch.GetTimestamp(); !isReached(states) && Stopwatch.GetElapsedTime(started) < MaxWait;)
        {
            states = await StatesAsync(opened);
        }

        isReached(states).ShouldBeTrue(string.Join(", ", states));
    }

    /// <summary>Advances the clock of the service until the element appears, because the job runs and sends its events by that clock.</summary>
    private static async Task UntilAsync(OpenedPage opened, ILocator element)
    {
        for (var started = Stopwatch.GetTimestamp(); await element.CountAsync() == 0 && Stopwatch.GetElapsedTime(started) < MaxWait;)
        {
            opened.Given.FakeClock.Advance(TimeSpan.FromSeconds(1));
            // Waits for a response, so that the clock does not get ahead of a busy service.
            await StatesAsync(opened);
        }

        await Assertions.Expect(element.First).ToBeVisibleAsync();
    }
}
