using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>Access to conversations, messages of an empty or incomplete list, protection of personal data, and accessibility.</summary>
public sealed class ConversationAccessTests(Browser browser)
{
    private const string Key = "gaa_a-key-that-sees-conversations";
    private const string Row = "#conversations tbody tr";
    private const string Yesterday = "?period=yesterday&timeZone=Europe/Berlin&conversations=answered";

    [Fact]
    public async Task Without_the_scope_details_the_page_says_so_and_does_not_request_conversations_again()
    {
        await using var opened = await OpenedPage.StartAsync(browser, new()
        {
            ["Auth:AnonymousScopes"] = "read",
            ["Auth:Keys:0:Name"] = "lead",
            ["Auth:Keys:0:Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
            ["Auth:Keys:0:Scopes:0"] = "read",
            ["Auth:Keys:0:Scopes:1"] = "details",
            ["Auth:Mode"] = "ApiKey,Anonymous",
        });
        opened.ExpectsFailures = true;
        var page = opened.Page;
        await opened.OpenAsync(Yesterday, "#conversations-denied");
        await page.Locator("#heat-map table").WaitForAsync();

        await Assertions.Expect(page.Locator("#conversations-denied")).ToHaveTextAsync("Listing conversations requires the details scope, which callers without a key do not have.");
        await Assertions.Expect(page.Locator("#list-answered")).ToBeHiddenAsync();
        await page.SelectOptionAsync("#period", "today");
        await opened.IsCurrentAsync();
        await Assertions.Expect(page.Locator("#conversations-denied")).ToBeVisibleAsync();
        ConversationRequests(opened).ShouldBe(1);

        // This key has the details scope.
        await page.EvaluateAsync("import('./scripts/views/controls/keyDialog.js').then(module => module.openKeyDialog())");
        await page.FillAsync("#key", Key);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(Row).First.WaitForAsync();
        await Assertions.Expect(page.Locator("#list-answered")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_empty_list_a_failure_and_incomplete_data_are_reported()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        var page = opened.Page;
        await page.RouteAsync(url => url.Contains("/conversations?", StringComparison.Ordinal), route => route.AbortAsync());
        await opened.OpenAsync("?period=yesterday&mediaType=video&conversations=abandonRate", "#conversations-failure");
        await Assertions.Expect(page.Locator("#conversations-failure")).ToContainTextAsync("The service cannot be reached");

        await page.UnrouteAllAsync();
        await page.Locator("#conversations-more").ClickAsync();
        await Assertions.Expect(page.Locator("#conversations-empty")).ToHaveTextAsync("No conversations of this kind in this selection.");

        await page.RouteAsync(url => url.Contains("/conversations?", StringComparison.Ordinal), async route =>
        {
            var response = await route.FetchAsync();
            var body = (await response.TextAsync()).Replace("\"complete\":true", "\"complete\":false", StringComparison.Ordinal).Replace("\"warnings\":[]", "\"warnings\":[{\"code\":\"count-differs\",\"message\":\"Genesys counts 9 conversations.\"}]", StringComparison.Ordinal);
            await route.FulfillAsync(new() { Response = response, Body = body });
        });
        await opened.OpenAsync(Yesterday, Row);
        await Assertions.Expect(page.Locator("#conversations-incomplete")).ToHaveTextAsync("Incomplete: some conversations are missing");
        await Assertions.Expect(page.Locator("#conversations-notes")).ToHaveTextAsync("Genesys counts 9 conversations.");
    }

    [Fact]
    public async Task Names_and_addresses_of_people_are_never_shown()
    {
        await using var opened = await OpenedPage.StartAsync(browser, new() { ["Conversations:PersonalData"] = "true", ["Auth:AnonymousScopes"] = "read, details" });
        await opened.OpenAsync(Yesterday, Row);
        var id = await opened.Page.Locator("#conversation-0").GetAttributeAsync("data-conversation");
        // The participant 'acd' has the name of its queue, which is not personal data.
        var queues = (await opened.ApiAsync("queues")).GetProperty("records").EnumerateArray().Select(queue => queue.GetProperty("name").GetString()!);
        var personal = Personal(await opened.ApiAsync($"conversations/{id}")).Except(queues).ToList();
        personal.ShouldNotBeEmpty();

        await opened.Page.Locator("#conversation-0").ClickAsync();
        await opened.Page.Locator("#timeline .segment").First.WaitForAsync();

        var html = await opened.Page.ContentAsync();
        personal.Where(text => html.Contains(text, StringComparison.Ordinal)).ShouldBeEmpty();
        (await opened.Page.Locator("#timeline .lane[data-purpose=agent] h3").First.InnerTextAsync()).ShouldBe("Agent", "without the scope agents, the page does not show the id of the agent either");
    }

    [Theory]
    [InlineData(360)]
    [InlineData(1024)]
    [InlineData(1920)]
    public async Task List_and_timeline_are_accessible(int width)
    {
        await using var opened = await OpenedPage.StartAsync(browser, options: new() { ViewportSize = new() { Width = width, Height = 1000 } });
        await opened.OpenAsync(Yesterday, Row);
        await opened.Page.Locator("#heat-map table").WaitForAsync();
        await opened.Page.Locator("#conversations").ScrollIntoViewIfNeededAsync();
        await AccessibilityTests.CheckAsync(opened, image: $"conversations-{width}", within: "#conversations");

        // A conversation with hold time has more segments to show.
        await opened.Page.Locator($"{Row}:has([data-field=holdTimeMs]:not([data-value='']))").First.ClickAsync();
        await opened.Page.Locator("#timeline .segment").First.WaitForAsync();
        await AccessibilityTests.CheckAsync(opened, image: $"timeline-{width}", within: "#timeline");
        (await opened.Page.Locator("#timeline").EvaluateAsync<bool>("dialog => dialog.scrollWidth <= dialog.clientWidth")).ShouldBeTrue("nothing is wider than the dialog");
    }

    private static int ConversationRequests(OpenedPage opened) => opened.Requests.Count(request => request.Url.Contains("/conversations?", StringComparison.Ordinal));

    private static IEnumerable<string> Personal(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field =>
            field.Name == "personalData" ? field.Value.EnumerateObject().Select(one => one.Value.GetString()!) : Personal(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Personal),
        _ => [],
    };

    [Fact]
    public async Task On_request_the_figures_are_compared_with_those_counted_from_conversations()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync("?period=custom&from=2026-11-20T09:00&to=2026-11-20T11:00&timeZone=Europe/Berlin&conversations=answered");
        await opened.Page.Locator("#conversations-check").ClickAsync();

        var checking = opened.Page.Locator("#conversations-check-result");
        await Assertions.Expect(checking).ToContainTextAsync("figures of queues and media types equal those counted from");
        var meta = (await opened.ApiAsync("reconciliation?from=2026-11-20T09:00&to=2026-11-20T11:00&timeZone=Europe/Berlin")).GetProperty("meta");
        meta.GetProperty("figures").GetProperty("unexplained").GetInt32().ShouldBe(0);
        await Assertions.Expect(checking).ToContainTextAsync($"counted from {meta.GetProperty("conversations").GetInt32():N0} conversations");
        await opened.KeepImageAsync("conversations-counted");
    }
}
