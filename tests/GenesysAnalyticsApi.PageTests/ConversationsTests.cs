using System.Text.Json;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>The list of the conversations that a figure counts.</summary>
public sealed class ConversationsTests(Browser browser)
{
    private const string Yesterday = "period=yesterday&timeZone=Europe/Berlin";
    private const string Rows = "#conversations tbody tr";

    [Fact]
    public async Task Rows_equal_the_records_of_the_API()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync($"?{Yesterday}");
        var figure = await opened.Page.Locator("#figure-answered .value [aria-hidden]").InnerTextAsync();

        await opened.Page.Locator("#list-answered").ClickAsync();

        await opened.Page.Locator(Rows).First.WaitForAsync();
        await Assertions.Expect(opened.Page.Locator("#conversations-title")).ToBeFocusedAsync();
        await Assertions.Expect(opened.Page.Locator("#conversations-sentence")).ToHaveTextAsync($"Answered: {figure}. These are the conversations that this figure counts.");
        await Assertions.Expect(opened.Page.Locator("#conversations-count")).ToHaveTextAsync("100 conversations, latest first. There are more.");
        await Assertions.Expect(opened.Page.Locator("#conversations-age")).ToHaveTextAsync("Data as of 10:15, less than a minute old");
        await Assertions.Expect(opened.Page.Locator("#conversations-provisional")).ToContainTextAsync("provisional");
        var records = await RecordsAsync(opened, $"{Yesterday}&outcome=answered");
        foreach (var field in new[] { "conversationStart", "queueId", "mediaType", "direction", "outcome", "waitTimeMs", "talkTimeMs", "holdTimeMs", "wrapTimeMs", "handleTimeMs", "transferred", "disconnectType", "provisional" })
        {
            (await ValuesAsync(opened, field)).ShouldBe(records.Select(record => Text(record.GetProperty(field))), field);
        }

        var names = (await opened.ApiAsync("wrapup-codes?limit=1000")).GetProperty("records").EnumerateArray().ToDictionary(code => code.GetProperty("id").GetString()!, code => code.GetProperty("name").GetString()!);
        var code = records.SelectMany(record => record.GetProperty("wrapUpCodes").EnumerateArray()).Select(code => code.GetString()!).First(names.ContainsKey);
        await Assertions.Expect(opened.Page.Locator($"{Rows} [data-field=wrapUpCodes][data-value*='{code}']").First).ToContainTextAsync(names[code]);
        (await opened.Page.Locator("#conversations thead th").AllInnerTextsAsync()).ShouldNotContain("Agents", "the Agents column appears only if exactly one queue is selected");
    }

    [Theory]
    [InlineData("totalInteractions", "")]
    [InlineData("offered", "")]
    [InlineData("answered", "outcome=answered")]
    [InlineData("abandonRate", "outcome=abandoned")]
    [InlineData("serviceLevel", "outcome=answered&outcome=abandoned&outcome=flowOut")]
    [InlineData("averageHandleTimeMs", "minHandleTimeMs=1")]
    [InlineData("averageSpeedOfAnswerMs", "outcome=answered")]
    [InlineData("averageWaitTimeMs", "minWaitTimeMs=1")]
    [InlineData("longestWaitMs", "minWaitTimeMs=1")]
    public async Task The_link_of_a_figure_lists_the_conversations_that_it_counts(string figure, string filter)
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync($"?{Yesterday}&mediaType=voice");

        await opened.Page.GetByRole(AriaRole.Link, new() { Name = $"Conversations behind {await opened.Page.Locator($"#figure-{figure} .name").InnerTextAsync()}", Exact = true }).ClickAsync();

        await opened.Page.Locator(Rows).First.WaitForAsync();
        opened.Search.ShouldContain($"conversations={figure}");
        Uri.UnescapeDataString(ConversationRequests(opened).ShouldHaveSingleItem().Url).ShouldEndWith($"/conversations?{Yesterday}&mediaType=voice&match=active&order=desc{(filter.Length > 0 ? "&" : "")}{filter}");
        (await ValuesAsync(opened, "mediaType")).Distinct().ShouldBe(["voice"]);
        await Assertions.Expect(opened.Page.Locator($"#list-{figure}")).ToHaveAttributeAsync("aria-current", "true");
        await Assertions.Expect(opened.Page.Locator(".lists [aria-current]")).ToHaveCountAsync(figure == "serviceLevel" ? 0 : 1);
    }

    [Fact]
    public async Task Show_more_loads_all_conversations_and_one_click_switches_to_another_list()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync($"?{Yesterday}&conversations=abandonRate", Rows);
        var all = await RecordsAsync(opened, $"{Yesterday}&outcome=flowOut,abandoned&limit=1000");
        var abandoned = all.Where(record => record.GetProperty("outcome").GetString() == "abandoned").Select(record => record.GetProperty("conversationId").GetString()).ToList();

        await ShowAllAsync(opened);
        (await opened.Page.Locator(Rows).EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.conversation)")).ShouldBe(abandoned);
        await Assertions.Expect(opened.Page.Locator("#conversations-count")).ToHaveTextAsync($"{abandoned.Count} conversations, latest first. There are no more.");

        await opened.Page.Locator("#lists-flowOut").ClickAsync();
        await Assertions.Expect(opened.Page.Locator("#conversations-sentence")).ToContainTextAsync("Flow-outs: ");
        await ShowAllAsync(opened);
        await Assertions.Expect(opened.Page.Locator(Rows)).ToHaveCountAsync(all.Count - abandoned.Count);

        await opened.Page.Locator("#lists-totalInteractions").ClickAsync();
        await Assertions.Expect(opened.Page.Locator(Rows)).ToHaveCountAsync(100);
        await opened.Page.Locator("#conversations-more").PressAsync("Enter");
        await Assertions.Expect(opened.Page.Locator(Rows)).ToHaveCountAsync(200);
        await Assertions.Expect(opened.Page.Locator("#conversation-100")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_list_is_part_of_the_address_and_follows_the_selection_and_the_browser_history()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var page = opened.Page;
        await opened.OpenAsync($"?{Yesterday}&conversations=answered", Rows);
        await page.Locator("#heat-map table").WaitForAsync();

        await page.Locator("#conversations-close").ClickAsync();
        await Assertions.Expect(page.Locator("#conversations")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#list-answered")).ToBeFocusedAsync();
        opened.Search.ShouldBe("?period=yesterday&timeZone=Europe%2FBerlin");

        await page.GoBackAsync();
        await page.Locator(Rows).First.WaitForAsync();
        await page.SelectOptionAsync("#period", "today");
        await Assertions.Expect(page.Locator("#conversations .heading .quiet")).ToHaveTextAsync("Mon 23 Nov, 00:00 to 10:15");
        await page.Locator("#queue-table tbody a").First.ClickAsync();
        await Assertions.Expect(page.Locator("#conversations thead")).ToContainTextAsync("Agents");
        (await ValuesAsync(opened, "queueId")).Distinct().Count().ShouldBe(1);
        opened.Search.ShouldContain("conversations=answered");
        await opened.KeepImageAsync("conversations-one-queue");

        await page.GoBackAsync();
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("#conversations .heading .quiet")).ToHaveTextAsync("Sun 22 Nov");
        await page.GoForwardAsync();
        await Assertions.Expect(page.Locator("#conversations .heading .quiet")).ToHaveTextAsync("Mon 23 Nov, 00:00 to 10:15");
    }

    [Fact]
    public async Task A_closed_list_sends_no_requests_and_an_open_list_is_refreshed_only_on_request()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync();
        await opened.AdvanceClocksAsync(TimeSpan.FromMinutes(6));
        await opened.OpenAsync("?wall=1&conversations=answered", waitFor: "#wall-chart canvas");
        ConversationRequests(opened).ShouldBeEmpty();

        await opened.OpenAsync("?conversations=answered", Rows);
        await opened.Page.Locator("#heat-map table").WaitForAsync();
        await opened.Page.RunAndWaitForResponseAsync(() => opened.AdvanceClocksAsync(TimeSpan.FromMinutes(6)), response => response.Url.Contains("granularity=PT1H", StringComparison.Ordinal));
        await Assertions.Expect(opened.Page.Locator("#conversations-age")).ToContainTextAsync("6 minutes old");
        ConversationRequests(opened).ShouldHaveSingleItem();

        await opened.Page.Locator("#conversations-again").ClickAsync();
        await Assertions.Expect(opened.Page.Locator("#conversations-age")).ToContainTextAsync("less than a minute old");
        ConversationRequests(opened).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_list_is_exported_with_its_query()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync($"?{Yesterday}&conversations=abandonRate", Rows);

        await opened.Page.Locator("#export-conversations-summary").ClickAsync();
        var command = await opened.CopyAsync(opened.Page.Locator("#export-conversations-0-curl"));
        var download = await opened.Page.RunAndWaitForDownloadAsync(() => opened.Page.Locator("#export-conversations-0-csv").ClickAsync());

        const string Query = "conversations?period=yesterday&timeZone=Europe%2FBerlin&match=active&order=desc&outcome=abandoned";
        command.ShouldBe($"curl '{opened.Address}{Query}'");
        download.SuggestedFilename.ShouldBe("conversations.csv");
        (await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).ShouldBe(await opened.ApiBytesAsync($"{Query}&bom=true&format=csv"));
    }

    /// <summary>The conversation requests that the page has sent, without exports.</summary>
    private static List<IRequest> ConversationRequests(OpenedPage opened) => [.. opened.Requests.Where(request => request.Url.Contains("/conversations?", StringComparison.Ordinal) && !request.Url.Contains("format=", StringComparison.Ordinal))];

    private static async Task ShowAllAsync(OpenedPage opened)
    {
        var more = opened.Page.Locator("#conversations-more");
        await Assertions.Expect(opened.Page.Locator("#conversations[aria-busy=false]")).ToBeVisibleAsync();
        while (await more.CountAsync() > 0)
        {
            await more.ClickAsync();
            await Assertions.Expect(opened.Page.Locator("#conversations[aria-busy=false]")).ToBeVisibleAsync();
        }
    }

    private static async Task<List<JsonElement>> RecordsAsync(OpenedPage opened, string query) =>
        [.. (await opened.ApiAsync($"conversations?match=active&order=desc&{query}")).GetProperty("records").EnumerateArray()];

    private static Task<string[]> ValuesAsync(OpenedPage opened, string field) =>
        opened.Page.Locator($"{Rows} [data-field={field}]").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.dataset.value)");

    private static string Text(JsonElement value) => value.ValueKind switch { JsonValueKind.Null => "", JsonValueKind.String => value.GetString()!, _ => value.GetRawText() };
}
