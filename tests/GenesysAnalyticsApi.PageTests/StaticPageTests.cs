using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.Extensions.Hosting;

namespace GenesysAnalyticsApi.PageTests;

/// <summary>The files of the page, without a browser.</summary>
public sealed partial class StaticPageTests
{
    /// <summary>The sources, because the output of a build keeps files that no longer exist.</summary>
    private static readonly string Root = Repository.PathOf("src/GenesysAnalyticsApi/wwwroot");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_files_together_are_at_most_150_KB_compressed()
    {
        using var service = new RunningService();
        using var client = service.CreateClient();
        client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        var bytes = 0L;

        foreach (var file in Files())
        {
            using var response = await client.GetAsync(new Uri($"/{file}", UriKind.Relative), Cancellation);
            response.EnsureSuccessStatusCode();
            bytes += (await response.Content.ReadAsByteArrayAsync(Cancellation)).Length;
        }

        bytes.ShouldBeInRange(20_000, 150 * 1024);
    }

    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/styles/page.css", "text/css")]
    [InlineData("/scripts/main.js", "text/javascript")]
    [InlineData("/vendor/uplot/uPlot.iife.min.js", "text/javascript")]
    [InlineData("/favicon.svg", "image/svg+xml")]
    public async Task A_file_has_its_type_and_is_revalidated(string path, string type)
    {
        using var service = new RunningService { Settings = new() { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey", ["Auth:Keys:0:Name"] = "one", ["Auth:Keys:0:Sha256"] = new string('a', 64) } };
        using var client = service.CreateClient();
        using var first = await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        first.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        first.Headers.CacheControl!.NoCache.ShouldBeTrue();

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await client.SendAsync(request, Cancellation);

        second.StatusCode.ShouldBe(System.Net.HttpStatusCode.NotModified, "the page needs no key, and an unchanged file is not sent again");
    }

    [Fact]
    public async Task The_page_has_a_strict_content_security_policy_and_no_inline_code()
    {
        using var service = new RunningService { Environment = Environments.Development };
        using var client = service.CreateClient();

        using var response = await client.GetAsync(new Uri("/", UriKind.Relative), Cancellation);

        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("script-src 'self'; style-src 'self';");
        policy.ShouldNotContain("unsafe");
        var html = await response.Content.ReadAsStringAsync(Cancellation);
        html.ShouldNotContain("style=");
        html.ShouldNotContain("onclick=");
        html.ShouldContain("<noscript>");
        html.ShouldContain("href=\"swagger\"");
    }

    [Fact]
    public void The_page_preloads_every_module()
    {
        var html = File.ReadAllText(Path.Combine(Root, "index.html"));

        Preload().Matches(html).Select(link => link.Groups["file"].Value)
            .ShouldBe(Files().Where(file => file.StartsWith("scripts/", StringComparison.Ordinal) && file != "scripts/main.js"), ignoreOrder: true);
    }

    [Fact]
    public void Vendored_files_match_the_published_hashes()
    {
        foreach (var vendor in Directory.GetDirectories(Path.Combine(Root, "vendor")))
        {
            using var description = JsonDocument.Parse(File.ReadAllText(Path.Combine(vendor, "vendor.json")));
            File.Exists(Path.Combine(vendor, "LICENSE")).ShouldBeTrue();
            description.RootElement.GetProperty("version").GetString().ShouldNotBeNullOrEmpty();
            var expected = description.RootElement.GetProperty("sha256").EnumerateObject().ToDictionary(file => file.Name, file => file.Value.GetString());

            var files = Directory.GetFiles(vendor).Where(file => Path.GetFileName(file) is not ("vendor.json" or "LICENSE")).ToList();

            files.ToDictionary(file => Path.GetFileName(file), file => (string?)Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))).ShouldBe(expected, ignoreOrder: true);
        }
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => file is not "index.html" && !file.EndsWith("LICENSE", StringComparison.Ordinal) && !file.EndsWith(".json", StringComparison.Ordinal)).Prepend("");

    [GeneratedRegex("<link rel=\"modulepreload\" href=\"(?<file>[^\"]+)\">", RegexOptions.ExplicitCapture)]
    private static partial Regex Preload();
}
