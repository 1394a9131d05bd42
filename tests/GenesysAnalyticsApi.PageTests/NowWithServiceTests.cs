using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>With the stream of the real service, the page shows the same current state as the API.</summary>
public sealed class NowWithServiceTests(Browser browser)
{
    private const string Key = "gaa_a-key-that-sees-some-queues";

    [Fact]
    public async Task Totals_and_queues_equal_those_of_the_API()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync(waitFor: "#now .now-row");
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Live");

        await ShouldShowAsync(opened, (await opened.ApiAsync("observations?groupBy=none")).GetProperty("records")[0]);
        var queues = (await opened.ApiAsync("observations?groupBy=queue")).GetProperty("records").EnumerateArray().ToList();
        queues.Count.ShouldBeGreaterThan(8);
        await opened.Page.Locator("#now-all").ClickAsync();
        await Assertions.Expect(opened.Page.Locator("#now .now-row")).ToHaveCountAsync(queues.Count);
        queues.Sum(queue => queue.GetProperty("interacting").GetInt32()).ShouldBeGreaterThan(0, "conversations are in progress");
        var directory = (await opened.ApiAsync("queues?limit=500")).GetProperty("records").EnumerateArray()
            .ToDictionary(queue => queue.GetProperty("id").GetString()!, queue => (Name: queue.GetProperty("name").GetString(), Division: queue.GetProperty("divisionName").GetString()));
        foreach (var queue in queues)
        {
            var row = opened.Page.Locator($"#now .now-row[data-row='{queue.GetProperty("queueId").GetString()}']");
            // A queue that is not in the directory has no name, and its record may lack the number of agents.
            await Assertions.Expect(row.Locator(".name")).ToHaveTextAsync(NameOf(queue.GetProperty("queueId").GetString()!));
            (await opened.ValueAsync(row.Locator("[data-field=waiting]"))).ShouldBe(queue.GetProperty("waiting").GetDouble());
            var text = await row.Locator(".note").InnerTextAsync();
            text.ShouldContain($"{queue.GetProperty("interacting").GetInt32()} interacting");
            text.Contains("on queue", StringComparison.Ordinal).ShouldBe(queue.TryGetProperty("onQueueUsers", out var users));
            if (users.ValueKind == JsonValueKind.Number)
            {
                text.ShouldContain(users.GetInt32() > 0 ? $"{users} on queue" : "no agent on queue");
            }
        }

        // Two queues with the same name are distinguished by their divisions.
        string NameOf(string id) => !directory.TryGetValue(id, out var queue) ? $"Unlisted queue {id[..8]}"
            : directory.Values.Count(other => other.Name == queue.Name) > 1 ? $"{queue.Name} ({queue.Division})"
            : queue.Name!;
    }

    [Fact]
    public async Task The_page_follows_the_service_as_time_passes()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync(waitFor: "#now .now-row");

        for (var step = 0; step < 3; step++)
        {
            await opened.AdvanceClocksAsync(TimeSpan.FromSeconds(12));
            var all = await opened.ApiAsync("observations?groupBy=none&maxAge=0");
            await ShouldShowAsync(opened, all.GetProperty("records")[0]);
        }
    }

    [Fact]
    public async Task A_single_queue_shows_the_same_agent_counts_as_the_API()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        var record = (await opened.ApiAsync("observations?groupBy=queue")).GetProperty("records").EnumerateArray()
            .Where(one => one.TryGetProperty("onQueueUsers", out _)).MaxBy(one => one.GetProperty("onQueueUsers").GetInt32());
        await opened.OpenAsync($"?queueId={record.GetProperty("queueId").GetString()}", waitFor: "#now .now-figure");

        await ShouldShowAsync(opened, record);
        await NowTests.ShouldBeAsync(opened, "onQueueUsers", record.GetProperty("onQueueUsers").GetRawText());
        var statuses = record.GetProperty("usersByRoutingStatus").EnumerateObject().ToDictionary(status => status.Name, status => status.Value.GetInt32(), StringComparer.Ordinal);
        await NowTests.ShouldBeAsync(opened, "idle", $"{statuses.GetValueOrDefault("IDLE")}");
        (await opened.Page.Locator("#now dl").First.Locator("dd").AllInnerTextsAsync()).Select(int.Parse).Sum().ShouldBe(statuses.Values.Sum());
        await opened.KeepImageAsync("now-queue");
    }

    [Fact]
    public async Task With_a_key_the_page_shows_only_the_queues_that_the_key_may_see()
    {
        await using var opened = await OpenedPage.StartAsync(browser, new()
        {
            ["Auth:AllowAnonymous"] = "false",
            ["Auth:Mode"] = "ApiKey",
            ["Auth:Keys:0:Name"] = "lead",
            ["Auth:Keys:0:Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
            ["Auth:Keys:0:Queues:0"] = "*EN",
        });
        opened.ExpectsFailures = true;
        await opened.OpenAsync(waitFor: "dialog[open]");
        await Assertions.Expect(opened.Page.Locator("#now")).ToBeHiddenAsync();

        await opened.Page.FillAsync("#key", Key);
        await opened.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(opened.Page.Locator("#now-status")).ToHaveTextAsync("Live");

        var names = await opened.Page.Locator("#now .now-row .name").AllInnerTextsAsync();
        names.ShouldNotBeEmpty();
        names.ShouldAllBe(name => name.EndsWith("EN", StringComparison.Ordinal));
        var stream = opened.Requests.Last(request => request.Url.Contains("/observations/stream", StringComparison.Ordinal));
        stream.Url.ShouldNotContain(Key);
        (await stream.HeaderValueAsync("X-Api-Key")).ShouldBe(Key);
    }

    [Fact]
    public async Task The_first_firing_alert_on_the_page_is_firing_in_the_API()
    {
        await using var opened = await OpenedPage.StartAsync(browser, new()
        {
            ["Alerts:Rules:0:Name"] = "Agents are busy",
            ["Alerts:Rules:0:Figure"] = "interacting",
            ["Alerts:Rules:0:Threshold"] = "0",
        });
        await opened.OpenAsync();

        for (var passes = 0; passes < 60 && await opened.Page.Locator("#alerts .alert.firing").CountAsync() == 0; passes++)
        {
            await opened.AdvanceClocksAsync(TimeSpan.FromSeconds(5));
        }

        await opened.Page.Locator("#alerts .alert.firing").First.WaitForAsync();
        var firing = (await opened.ApiAsync("alerts")).GetProperty("alerts").EnumerateArray().Where(alert => alert.GetProperty("state").GetString() == "firing").Select(alert => alert.GetProperty("queueName").GetString()).ToList();
        firing.ShouldContain(await opened.Page.Locator("#alerts .alert.firing .subject").First.InnerTextAsync());
        await Assertions.Expect(opened.Page.Locator("#alerts .alert").First).ToContainTextAsync("Agents are busy");
        await Assertions.Expect(opened.Page.Locator("#alerts .alert").First).ToContainTextAsync("above 0");
    }

    private static async Task ShouldShowAsync(OpenedPage opened, JsonElement record)
    {
        foreach (var figure in new[] { "waiting", "alerting", "interacting" })
        {
            await NowTests.ShouldBeAsync(opened, figure, record.GetProperty(figure).GetRawText());
        }
    }
}
