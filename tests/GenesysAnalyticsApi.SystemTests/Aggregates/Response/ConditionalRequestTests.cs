using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Response;

public sealed class ConditionalRequestTests
{
    private const string Day = "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H";

    [Fact]
    public async Task A_caller_with_the_current_ETag_gets_304_without_a_body()
    {
        await using var given = await SimulatedService.StartAsync();
        using var first = await GetAsync(given);

        using var second = await GetAsync(given, first.Headers.ETag);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        second.Headers.GetValues("X-Data-As-Of").ShouldBe(["2026-11-23T09:15:20Z"]);
        second.Headers.GetValues("X-Data-Stale").ShouldBe(["false"]);
        second.Headers.ETag.ShouldBe(first.Headers.ETag);
        second.Headers.CacheControl!.ToString().ShouldBe(first.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("W/\"another\", {0}", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("W/\"another\"", HttpStatusCode.OK)]
    [InlineData("not a tag", HttpStatusCode.OK)]
    public async Task IfNoneMatch_accepts_lists_and_wildcards_and_ignores_invalid_tags(string known, HttpStatusCode status)
    {
        await using var given = await SimulatedService.StartAsync();
        using var first = await GetAsync(given);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Day, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("If-None-Match", known.Replace("{0}", first.Headers.ETag!.ToString(), StringComparison.Ordinal));

        using var second = await given.Client.SendAsync(request, TestContext.Current.CancellationToken);

        second.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task The_ETag_is_weak_and_depends_on_the_figures_not_on_the_fetch_time()
    {
        await using var given = await SimulatedService.StartAsync();
        using var first = await GetAsync(given);
        given.FakeClock.Advance(TimeSpan.FromHours(25));

        using var later = await GetAsync(given);
        using var other = await given.Client.GetAsync(new Uri(Day + "&groupBy=none", UriKind.Relative), TestContext.Current.CancellationToken);

        first.Headers.ETag!.IsWeak.ShouldBeTrue();
        later.Headers.ETag.ShouldBe(first.Headers.ETag);
        other.Headers.ETag.ShouldNotBe(first.Headers.ETag);
    }

    [Fact]
    public async Task Responses_may_be_cached_until_the_first_slice_is_due()
    {
        await using var given = await SimulatedService.StartAsync();
        using var settled = await GetAsync(given);
        using var today = await given.Client.GetAsync(new Uri("/aggregates?period=today&granularity=PT1H", UriKind.Relative), TestContext.Current.CancellationToken);

        settled.Headers.CacheControl!.ToString().ShouldBe("max-age=86400, private");
        today.Headers.CacheControl!.ToString().ShouldBe("max-age=30, private");
        settled.Headers.Vary.ShouldBe(["Accept", "Accept-Encoding", "Authorization", "X-Api-Key"]);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Every_content_coding_decodes_to_the_same_bytes_cached_or_not(string coding)
    {
        await using var given = await SimulatedService.StartAsync();
        using var plain = await GetAsync(given);
        var bytes = await plain.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        for (var time = 0; time < 3; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Day, UriKind.Relative));
            request.Headers.AcceptEncoding.ParseAdd(coding);
            using var response = await given.Client.SendAsync(request, TestContext.Current.CancellationToken);

            response.Content.Headers.ContentEncoding.ShouldBe([coding]);
            await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await using Stream decoded = coding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
            using var copy = new MemoryStream();
            await decoded.CopyToAsync(copy, TestContext.Current.CancellationToken);
            copy.ToArray().ShouldBe(bytes);
        }
    }

    [Fact]
    public async Task A_cached_response_is_identical_and_is_replaced_when_a_slice_is_refetched()
    {
        await using var given = await SimulatedService.StartAsync();
        var responses = new List<string>();
        for (var time = 0; time < 4; time++)
        {
            using var response = await GetAsync(given);
            responses.Add(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        responses.Distinct().Count().ShouldBe(1);
        await given.QueryAsync(Day + "&maxAge=0&groupBy=none");
        given.FakeClock.Advance(TimeSpan.FromSeconds(30));
        (await given.QueryAsync(Day + "&maxAge=0&groupBy=none")).GetProperty("meta").GetProperty("asOf").GetString().ShouldBe("2026-11-23T09:15:50Z");
        (await given.QueryAsync(Day)).GetProperty("meta").GetProperty("asOf").GetString().ShouldBe("2026-11-23T09:15:50Z");
    }

    [Theory]
    [InlineData("image/png", HttpStatusCode.NotAcceptable)]
    [InlineData("application/json;q=0, text/html", HttpStatusCode.NotAcceptable)]
    [InlineData("application/json", HttpStatusCode.OK)]
    [InlineData("text/html, application/*;q=0.1", HttpStatusCode.OK)]
    [InlineData("*/*", HttpStatusCode.OK)]
    public async Task An_unsupported_format_is_406(string accept, HttpStatusCode status)
    {
        await using var given = await SimulatedService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Day, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await given.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(status);
    }

    private static async Task<HttpResponseMessage> GetAsync(SimulatedService given, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Day, UriKind.Relative));
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await given.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
