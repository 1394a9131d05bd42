using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>The wall display: no controls, large figures, and automatic recovery from failures.</summary>
public sealed class WallTests(Browser browser)
{
    [Fact]
    public async Task The_wall_rotates_through_the_chosen_queues_and_shows_the_figures_of_the_API()
    {
        await using var opened = await OpenedPage.StartAsync(browser, options: new() { ViewportSize = new() { Width = 1920, Height = 1080 }, ColorScheme = ColorScheme.Dark });
        var records = (await opened.ApiAsync("aggregates?period=yesterday&timeZone=Europe/Berlin&groupBy=queueId&sort=-offered&limit=2")).GetProperty("records");
        var ids = records.EnumerateArray().Select(record => record.GetProperty("queueId").GetString()).ToList();
        var names = records.EnumerateArray().Select(record => record.GetProperty("queueName").GetString()!).ToList();

        await opened.OpenAsync($"?wall=1&period=yesterday&rotate=20&queueId={ids[0]}&queueId={ids[1]}", waitFor: "#wall-chart canvas");

        await Assertions.Expect(opened.Page.Locator("#wall h1")).ToHaveTextAsync(names[0]);
        (await opened.ValueAsync(opened.Page.Locator("#wall [data-field=totalInteractions]"))).ShouldBe(records[0].GetProperty("totalInteractions").GetDouble());
        (await opened.ValueAsync(opened.Page.Locator("#wall [data-field=serviceLevel]"))).ShouldBe(records[0].GetProperty("serviceLevel").GetDouble());
        await Assertions.Expect(opened.Page.Locator("#filters")).ToBeHiddenAsync();
        (await opened.Page.Locator("button:visible, a:visible, select:visible, input:visible").CountAsync()).ShouldBe(0);
        (await opened.Page.EvaluateAsync<bool>("document.documentElement.scrollHeight <= innerHeight")).ShouldBeTrue();
        await opened.KeepImageAsync("wall");

        await opened.Page.Clock.FastForwardAsync(21_000);
        await Assertions.Expect(opened.Page.Locator("#wall h1")).ToHaveTextAsync(names[1]);
        (await opened.ValueAsync(opened.Page.Locator("#wall [data-field=totalInteractions]"))).ShouldBe(records[1].GetProperty("totalInteractions").GetDouble());
        await opened.Page.Clock.FastForwardAsync(20_000);
        await Assertions.Expect(opened.Page.Locator("#wall h1")).ToHaveTextAsync(names[0]);
    }

    [Fact]
    public async Task The_chart_follows_the_theme()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        await opened.OpenAsync("?wall=1&period=yesterday", waitFor: "#wall-chart canvas");
        // The mean green value of the labels beside the plot, as a measure of their brightness.
        var light = await opened.Page.EvaluateAsync<double>("""
            window.labelBrightness = () => {
              const canvas = document.querySelector('#wall-chart canvas');
              const copy = new OffscreenCanvas(40, canvas.height).getContext('2d', { willReadFrequently: true });
              copy.drawImage(canvas, 0, 0);
              const { data } = copy.getImageData(0, 0, 40, canvas.height);
              let sum = 0, count = 0;
              for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) { sum += data[at + 1]; count++; }
              return sum / count;
            };
            window.labelBrightness();
            """);

        await opened.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await opened.Page.WaitForFunctionAsync("light => window.labelBrightness() > light", light);
    }

    [Fact]
    public async Task During_a_failure_the_wall_keeps_its_last_figures_and_then_recovers_automatically()
    {
        await using var opened = await OpenedPage.StartAsync(browser);
        opened.ExpectsFailures = true;
        await opened.OpenAsync("?wall=1", waitFor: "#wall-chart canvas");
        var value = await opened.Page.Locator("#wall [data-field=totalInteractions] .value").InnerTextAsync();

        await opened.Page.Context.SetOfflineAsync(true);
        await opened.AdvanceClocksAsync(TimeSpan.FromMinutes(5));
        await Assertions.Expect(opened.Page.Locator("#wall .wall-state")).ToContainTextAsync("The service cannot be reached. Retrying automatically.");
        (await opened.Page.Locator("#wall [data-field=totalInteractions] .value").InnerTextAsync()).ShouldBe(value);
        await opened.KeepImageAsync("wall-failure");

        await opened.Page.Context.SetOfflineAsync(false);
        await opened.AdvanceClocksAsync(TimeSpan.FromMinutes(2));
        await Assertions.Expect(opened.Page.Locator("#wall .wall-state")).Not.ToContainTextAsync("cannot be reached");
    }
}
