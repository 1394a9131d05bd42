using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.PageTests.Infrastructure;
using Microsoft.Playwright;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>With authentication on, the page asks for a key and shows what the key may see.</summary>
public sealed class KeyTests(Browser browser)
{
    private const string Key = "gaa_a-key-that-sees-some-queues";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Auth:AllowAnonymous"] = "false",
        ["Auth:Mode"] = "ApiKey",
        ["Auth:Keys:0:Name"] = "lead",
        ["Auth:Keys:0:Sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
        ["Auth:Keys:0:Queues:0"] = "*EN",
    };

    [Fact]
    public async Task The_page_asks_for_a_key_once_and_keeps_it_only_in_the_session()
    {
        await using var opened = await OpenedPage.StartAsync(browser, Settings);
        opened.ExpectsFailures = true;
        var page = opened.Page;
        await opened.OpenAsync(waitFor: "dialog[open]");
        await opened.KeepImageAsync("key");

        await page.FillAsync("#key", "wrong");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("The key was not accepted");
        await page.FillAsync("#key", Key);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#heat-map table").WaitForAsync();

        await Assertions.Expect(page.Locator("#subtitle")).ToContainTextAsync("This key gives access to");
        (await page.Locator("#queue-table tbody th a").AllInnerTextsAsync()).ShouldAllBe(name => name.EndsWith("EN", StringComparison.Ordinal));
        (await page.EvaluateAsync<int>("localStorage.length")).ShouldBe(0);
        (await page.EvaluateAsync<string>("document.cookie")).ShouldBeEmpty();
        page.Url.ShouldNotContain(Key);
        (await page.ContentAsync()).ShouldNotContain(Key);

        await page.ReloadAsync();
        await page.Locator("#heat-map table").WaitForAsync();
        await page.Locator("#export-key-figures-summary").ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#export-key-figures-0-csv").ClickAsync());
        (await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).ShouldContain("totalInteractions");

        await page.Locator("#key-button").ClickAsync();
        await page.Locator("#key-forget").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        (await page.EvaluateAsync<int>("sessionStorage.length")).ShouldBe(0);
    }
}
