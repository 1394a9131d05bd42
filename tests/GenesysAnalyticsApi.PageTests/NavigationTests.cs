using System.Globalization;
using CsCheck;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>What a person does on the page: periods, filters, sorting, links.</summary>
public sealed class NavigationTests(Browser browser)
{
    [Fact]
    public async Task The_address_contains_period_filter_and_order_and_a_shared_link_shows_the_same_view()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var page = opened.Page;
        await opened.OpenAsync();

        await page.SelectOptionAsync("#period", "yesterday");
        await page.Locator("#media-types-summary").ClickAsync();
        await page.Locator("#media-types-voice").CheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("#sort-queueName").ClickAsync();
        await page.Locator("#figure-offered").ClickAsync();
        await Assertions.Expect(page.Locator("#trend-title")).ToHaveTextAsync("Offered per half hour");
        await Assertions.Expect(page.Locator("th[aria-sort=ascending]")).ToContainTextAsync("Queue");

        opened.Search.ShouldBe("?period=yesterday&timeZone=Europe%2FBerlin&mediaType=voice&figure=offered&sort=queueName");
        await opened.IsCurrentAsync();
        var names = await page.Locator("#queue-table tbody th a").AllInnerTextsAsync();
        // The deleted queue has no name, so it is last.
        names.ShouldBe(names.OrderBy(name => name.StartsWith("Unlisted queue", StringComparison.Ordinal)).ThenBy(name => name, StringComparer.OrdinalIgnoreCase));
        (await page.Locator("#queue-table tbody td:nth-child(2)").AllInnerTextsAsync()).Distinct().ShouldBe(["Voice"]);

        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("#trend-title")).ToHaveTextAsync("Service level per half hour");
        await page.GoForwardAsync();
        await Assertions.Expect(page.Locator("#trend-title")).ToHaveTextAsync("Offered per half hour");

        await opened.OpenAsync(opened.Search);
        (await page.Locator("#period").InputValueAsync()).ShouldBe("yesterday");
        (await page.Locator("#media-types-summary .choice").InnerTextAsync()).ShouldBe("Voice");
        (await page.Locator("#queue-table tbody th a").AllInnerTextsAsync()).ShouldBe(names);
    }

    [Fact]
    public async Task A_queue_is_found_by_its_name_and_opens_its_own_view()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var page = opened.Page;
        await opened.OpenAsync("?period=yesterday");
        await page.Locator("#queues-picker .option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        var queue = (await opened.ApiAsync("queues")).GetProperty("records").EnumerateArray().Last();
        var name = queue.GetProperty("name").GetString()!;

        await page.Locator("#queues-summary").ClickAsync();
        if (await page.Locator("#queues-search").CountAsync() > 0)
        {
            await page.Locator("#queues-search").FillAsync(name[..4].ToUpperInvariant());
        }

        await page.Locator($"#queues-{queue.GetProperty("id").GetString()}").CheckAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(name);
        await page.Locator("#all-queues").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("All queues");

        var first = page.Locator("#queue-table tbody a").First;
        var chosen = await first.InnerTextAsync();
        await first.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(chosen);
        await opened.IsCurrentAsync();
        (await page.Locator("#queue-table tbody th a").AllInnerTextsAsync()).Distinct().ShouldBe([chosen]);
        await opened.KeepImageAsync("one-queue");
    }

    [Fact]
    public async Task A_custom_period_is_shown_exactly_and_its_trend_in_whole_buckets()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var page = opened.Page;
        await opened.OpenAsync();

        await page.SelectOptionAsync("#period", "custom");
        await page.FillAsync("#from", "2026-11-20T08:05");
        await page.FillAsync("#to", "2026-11-20T07:00");
        await page.Locator("#show-range").ClickAsync();
        opened.Search.ShouldNotContain("custom", customMessage: "the end is before the start");
        await page.FillAsync("#to", "2026-11-20T17:10");
        await page.Locator("#show-range").ClickAsync();

        await Assertions.Expect(page.Locator("#fact-interval")).ToHaveTextAsync("Fri 20 Nov, 08:05 to 17:10 (Europe/Berlin)");
        await opened.IsCurrentAsync();
        await Assertions.Expect(page.Locator("#trend-legend")).ToContainTextAsync("Extended to whole half hours.");
        var expected = (await opened.ApiAsync("aggregates?from=2026-11-20T08:05&to=2026-11-20T17:10&timeZone=Europe/Berlin&groupBy=none")).GetProperty("records")[0];
        (await opened.ValueAsync(page.Locator("#figure-offered .value"))).ShouldBe(expected.GetProperty("offered").GetDouble());
        await opened.KeepImageAsync("chosen-time");
    }

    [Theory]
    [InlineData("2026-10-25T02:30", "2026-10-25T02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")] // Occurs twice.
    [InlineData("2026-03-29T02:30", "2026-03-29T04:00", "2026-03-29T01:30:00Z", "2026-03-29T02:00:00Z")] // Is skipped.
    [InlineData("2026-10-25T00:00", "2026-10-26T00:00", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    public async Task A_local_time_at_a_clock_change_means_one_instant(string from, string to, string first, string last)
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync();

        var query = await opened.Page.EvaluateAsync<Dictionary<string, string>>(
            "async state => (await import('./scripts/state/periods.js')).interval(state)", new { period = "custom", from, to, timeZone = OpenedPage.Berlin });
        var resolved = (await opened.ApiAsync($"aggregates?from={query["from"]}&to={query["to"]}&timeZone=Europe/Berlin&groupBy=none")).GetProperty("query");

        resolved.GetProperty("interval").GetString().ShouldBe($"{first}/{last}");
    }

    [Theory]
    [InlineData("Asia/Kolkata")]
    [InlineData("America/New_York")]
    public async Task Another_time_zone_moves_the_days(string timeZone)
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync("?period=yesterday");

        await opened.Page.FillAsync("#time-zone", timeZone);
        await opened.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(opened.Page.Locator("#fact-interval")).ToHaveTextAsync($"Sun 22 Nov ({timeZone})");
        await opened.IsCurrentAsync();
        var expected = (await opened.ApiAsync($"aggregates?period=yesterday&timeZone={timeZone}&groupBy=none")).GetProperty("records")[0];
        (await opened.ValueAsync(opened.Page.Locator("#figure-offered .value"))).ShouldBe(expected.GetProperty("offered").GetDouble());
    }

    /// <summary>On a slow network, a person makes choices before the names of the queues arrive.</summary>
    [Fact]
    public async Task Half_entered_input_and_an_open_menu_stay_when_the_names_of_queues_arrive()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var page = opened.Page;
        var names = new TaskCompletionSource();
        await page.RouteAsync("**/queues?*", async route =>
        {
            await names.Task;
            await route.ContinueAsync();
        });
        await opened.OpenAsync("?period=yesterday");

        await page.Locator("#export-queues-summary").ClickAsync();
        await page.SelectOptionAsync("#period", "custom");
        await page.FillAsync("#from", "2026-11-20T08:05");
        await page.FillAsync("#time-zone", "Asia/Kolkata");
        await Assertions.Expect(page.Locator("#queues-options input")).ToHaveCountAsync(0);
        names.SetResult();
        await Assertions.Expect(page.Locator("#queues-options input")).Not.ToHaveCountAsync(0);

        await Assertions.Expect(page.Locator("#export-queues-0-csv")).ToBeVisibleAsync();
        (await page.InputValueAsync("#from")).ShouldBe("2026-11-20T08:05");
        (await page.InputValueAsync("#time-zone")).ShouldBe("Asia/Kolkata");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#fact-interval")).ToHaveTextAsync("Sun 22 Nov (Asia/Kolkata)");
    }

    [Fact]
    public async Task An_invalid_link_is_reported_with_the_valid_values_and_shows_today()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync("?period=tomorrow&color=red");

        var problems = opened.Page.Locator("#link-problems");
        await Assertions.Expect(problems).ToContainTextAsync("The link contains period=tomorrow, which is not valid. Valid values: today, yesterday");
        await Assertions.Expect(problems).ToContainTextAsync("The link contains an unknown parameter, which is ignored: color.");
        (await opened.Page.Locator("#period").InputValueAsync()).ShouldBe("today");
    }

    [Fact]
    public async Task Everything_works_with_the_keyboard_alone()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var page = opened.Page;
        await opened.OpenAsync("?period=yesterday");

        await page.Keyboard.PressAsync("Tab");
        (await FocusedAsync(page)).ShouldBe("Skip to the figures");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "figure-offered");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#trend-title")).ToContainTextAsync("Offered");
        await Assertions.Expect(page.Locator("#figure-offered")).ToBeFocusedAsync();
        await TabToAsync(page, "about-figure-offered");
        await Assertions.Expect(page.GetByRole(AriaRole.Tooltip)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Tooltip)).ToBeHiddenAsync();

        await page.Locator("#period").FocusAsync();
        await TabToAsync(page, "media-types-summary");
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "media-types-email");
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Locator("#media-types-summary .choice")).ToHaveTextAsync("Email");
        await Assertions.Expect(page.Locator("#media-types-email")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#media-types-options")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#media-types-summary")).ToBeFocusedAsync();

        await TabToAsync(page, "sort-averageHandleTimeMs");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("th[aria-sort=descending]")).ToContainTextAsync("Average handle time");
    }

    [Fact]
    public async Task Reading_an_address_is_the_inverse_of_writing_it()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync();
        var states = Gen.Select(
                GenChoice.OneOf("today", "last-24-hours", "last-28-days", "this-month", "custom"), Gen.Int[0, 100_000], Gen.Int[1, 5_000],
                GenChoice.OneOf("UTC", "Europe/Berlin", "America/St_Johns"), Gen.Guid.Array[0, 3], GenChoice.OneOf("voice", "email", "video").Array[0, 2],
                GenChoice.OneOf("offered", "serviceLevel", "longestWaitMs"), Gen.Bool)
            .Select((period, start, length, timeZone, queues, media, figure, wall) => new
            {
                period,
                from = period == "custom" ? Local(start) : null,
                to = period == "custom" ? Local(start + length) : null,
                timeZone,
                queueId = queues.Select(queue => queue.ToString()).Distinct().ToArray(),
                divisionId = Array.Empty<string>(),
                mediaType = media.Distinct().ToArray(),
                figure,
                granularity = wall ? "PT15M" : null,
                sort = "-" + figure,
                agentSort = wall ? "-handled" : "userName",
                rows = wall ? 25 : 200,
                conversations = wall ? null : figure,
                wall,
                rotate = 30,
            }).Array[200].Single();

        var failed = await opened.Page.EvaluateAsync<string[]>(
            """
            async states => {
              const { parseState, printState } = await import('./scripts/state/urlState.js');
              const sorted = state => JSON.stringify(Object.entries(state).sort());
              return states.filter(state => {
                const { state: read, problems } = parseState(printState(state));
                return problems.length > 0 || sorted(read) !== sorted(state);
              }).map(state => printState(state));
            }
            """,
            states);

        failed.ShouldBeEmpty();
    }

    private static string Local(int steps) =>
        new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddMinutes(5 * steps).ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture);

    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.textContent");

    private static async Task TabToAsync(IPage page, string id)
    {
        for (var steps = 0; steps < 120; steps++)
        {
            if (await page.EvaluateAsync<string>("document.activeElement.id") == id)
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{id} cannot be reached with the Tab key.");
    }
}
