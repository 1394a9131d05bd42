using System.Text.Json;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>The timeline of one conversation.</summary>
public sealed class ConversationTimelineTests(Browser browser)
{
    private const string Answered = "?period=yesterday&timeZone=Europe/Berlin&mediaType=voice&conversations=answered";
    private const string Row = "#conversation-0";
    private const string Segment = "#timeline .segment";

    [Fact]
    public async Task The_timeline_has_the_segments_and_metrics_of_the_API()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync(Answered, Row);
        var id = await opened.Page.Locator(Row).GetAttributeAsync("data-conversation");

        await opened.Page.Locator("#conversations tbody tr").First.Locator("[data-field=queueId]").ClickAsync();

        await opened.Page.Locator(Segment).First.WaitForAsync();
        var participants = (await opened.ApiAsync($"conversations/{id}")).GetProperty("participants").EnumerateArray().ToList();
        (await ValuesAsync(opened, ".lane", "purpose")).ShouldBe(participants.Select(one => one.GetProperty("purpose").GetString()!));
        var segments = participants.SelectMany(one => SessionParts([one], "segments").OrderBy(segment => segment.GetProperty("start").GetString(), StringComparer.Ordinal)).ToList();
        segments.Count.ShouldBeGreaterThan(5);
        foreach (var field in new[] { "type", "start", "end" })
        {
            (await ValuesAsync(opened, ".segment", field)).ShouldBe(segments.Select(segment => segment.GetProperty(field).GetString()!), field);
        }

        var metrics = SessionParts(participants, "metrics").ToList();
        (await ValuesAsync(opened, ".metrics tbody tr", "metric")).ShouldBe(metrics.Select(metric => metric.GetProperty("name").GetString()!), ignoreOrder: true);
        (await ValuesAsync(opened, ".metrics tbody tr", "value")).ShouldBe(metrics.Select(metric => metric.GetProperty("value").GetRawText()), ignoreOrder: true);
        (await opened.Page.Locator(".segment .words > p:first-child").AllInnerTextsAsync()).ShouldAllBe(words => words.Contains(' ') && char.IsAsciiDigit(words[words.IndexOf(' ') + 1]), "a type and a duration in words");
        await opened.Page.Locator("#timeline").ScreenshotAsync(new() { Path = ImagePath("timeline-1280") });
    }

    [Fact]
    public async Task A_segment_without_an_end_extends_to_now_and_is_marked_as_still_running()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.Page.RouteAsync(url => url.Contains("/conversations/", StringComparison.Ordinal), route => route.FulfillAsync(new() { ContentType = "application/json", Body = Running }));
        await opened.OpenAsync(Answered, Row);

        await opened.Page.Locator(Row).ClickAsync();

        var running = opened.Page.Locator($"{Segment}[data-end='']");
        await Assertions.Expect(running.First).ToContainTextAsync(new Regex("interact 4 min [0-9]+ s still running"));
        await Assertions.Expect(running.First).ToContainTextAsync("10:11:00 to now, Billing DE");
        await Assertions.Expect(opened.Page.Locator("#timeline .facts")).ToContainTextAsync("Mon 23 Nov, 10:10:00 to now, still running");
        (await running.First.Locator(".segment-bar").EvaluateAsync<bool>("bar => Math.abs(bar.getBoundingClientRect().right - bar.parentElement.getBoundingClientRect().right) < 2")).ShouldBeTrue();
        await Assertions.Expect(opened.Page.Locator("#timeline")).Not.ToContainTextAsync("A person");
        await opened.Page.Locator("#timeline").ScreenshotAsync(new() { Path = ImagePath("timeline-running") });
    }

    [Fact]
    public async Task Everything_works_with_the_keyboard_alone()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var page = opened.Page;
        await opened.OpenAsync("?period=yesterday");

        await page.Locator("#list-answered").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#conversations-title")).ToBeFocusedAsync();
        await page.Locator(Row).WaitForAsync();
        await TabToAsync(page, "conversation-2");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(Segment).First.WaitForAsync();
        await Assertions.Expect(page.Locator("#timeline-close")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#timeline")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#conversation-2")).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await page.Locator(Segment).First.WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#conversation-2")).ToBeFocusedAsync();
        await page.Locator("#conversations-title").FocusAsync();
        await TabToAsync(page, "conversations-close");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#list-answered")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task An_unknown_conversation_and_a_failure_are_reported_in_the_dialog()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        var page = opened.Page;
        await opened.OpenAsync(Answered, Row);
        await page.RouteAsync(url => url.Contains("/conversations/", StringComparison.Ordinal), route => route.AbortAsync());
        await page.Locator(Row).ClickAsync();
        await Assertions.Expect(page.Locator("#timeline-failure")).ToContainTextAsync("The service cannot be reached");

        await page.UnrouteAllAsync();
        await page.Locator("#timeline-again").ClickAsync();
        await page.Locator(Segment).First.WaitForAsync();
        await page.Locator("#timeline-close").ClickAsync();

        await page.Locator(Row).EvaluateAsync("button => { button.dataset.conversation = '00000000-0000-4000-8000-000000000000'; }");
        await page.Locator(Row).ClickAsync();
        await Assertions.Expect(page.Locator("#timeline-failure")).ToHaveTextAsync("This conversation does not exist in Genesys Cloud, or you do not have access to it.");
    }

    private static string ImagePath(string name) => Path.Combine(AppContext.BaseDirectory, "../../../page", $"{name}.png");

    private static IEnumerable<JsonElement> SessionParts(IEnumerable<JsonElement> participants, string part) =>
        participants.SelectMany(one => one.GetProperty("sessions").EnumerateArray()).SelectMany(session => session.GetProperty(part).EnumerateArray());

    private static Task<string[]> ValuesAsync(OpenedPage opened, string elements, string name) =>
        opened.Page.Locator($"#timeline {elements}").EvaluateAllAsync<string[]>("(all, name) => all.map(each => each.dataset[name])", name);

    private static async Task TabToAsync(IPage page, string id)
    {
        for (var steps = 0; steps < 30 && await page.EvaluateAsync<string>("document.activeElement.id") != id; steps++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await Assertions.Expect(page.Locator($"#{id}")).ToBeFocusedAsync();
    }

    private const string Running =
        """
        { "conversationId": "8e0d4c3b-6f1a-4d2e-9b7c-5a4f3e2d1c0b", "conversationStart": "2026-11-23T09:10:00.000Z", "conversationEnd": null, "direction": "inbound", "divisionIds": null, "participants": [
          { "purpose": "customer", "userId": null, "personalData": { "participantName": "A person" }, "sessions": [ { "sessionId": "a", "mediaType": "voice", "messageType": null, "direction": "inbound", "metrics": [],
            "segments": [ { "type": "interact", "start": "2026-11-23T09:10:00.000Z", "end": "2026-11-23T09:11:00.000Z", "queueId": null, "queueName": null, "disconnectType": "transfer", "wrapUpCode": null } ] } ] },
          { "purpose": "agent", "userId": "8c1f6b54-7d0e-4f43-9a2b-5e6d7c8b9a01", "sessions": [ { "sessionId": "b", "mediaType": "voice", "messageType": null, "direction": "inbound", "metrics": [],
            "segments": [ { "type": "interact", "start": "2026-11-23T09:11:00.000Z", "end": null, "queueId": "05f1c285-6777-4ccc-806f-8db085ae0793", "queueName": "Billing DE", "disconnectType": null, "wrapUpCode": null } ] } ] } ] }
        """;
}
