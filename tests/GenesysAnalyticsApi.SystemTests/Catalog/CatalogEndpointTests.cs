using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Catalog;

/// <summary><c>GET /catalog</c>, as a caller sees it.</summary>
public sealed class CatalogEndpointTests
{
    private static readonly Uri Catalog = new("/catalog", UriKind.Relative);

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_catalog_defines_fields_and_metrics()
    {
        using var service = new RunningService();
        using var client = service.CreateClient();

        using var response = await client.GetAsync(Catalog, TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=utf-8");
        response.Headers.CacheControl!.ToString().ShouldBe("max-age=3600, private");
        response.Headers.Vary.ToString().ShouldBe("Accept, Accept-Encoding, Authorization, X-Api-Key");
        var records = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestCancellation))!["records"]!.AsArray();
        records.Single(record => (string?)record!["name"] == "tHandle")!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ShouldBe(
            """
            {"name":"tHandle","kind":"metric","title":"Handle","definition":"Handle time of agent sessions: contacting, dialing, talk, hold and after-call work. Its count includes transfers, outbound calls, and alerts that the agent did not answer but that received a wrap-up code.","unit":"ms","genesysMetric":"tHandle","genesysStatistic":"sum","merge":"sum","mediaTypes":[],"postedWhen":"when after-call work ends, or the session if there is none","nullWhen":"Genesys rejects the metric","source":"Genesys metric tHandle","dimensions":["queueId","mediaType","divisionId","messageType","direction","userId","wrapUpCode"],"group":"standard","statistics":[{"name":"sum","unit":"ms","merge":"sum"},{"name":"count","unit":"count","merge":"sum"},{"name":"min","unit":"ms","merge":"min"},{"name":"max","unit":"ms","merge":"max"},{"name":"p95","unit":"ms","merge":"none"},{"name":"p99","unit":"ms","merge":"none"}]}
            """);
    }

    /// <summary>A caller must not conclude from the catalog that a figure of the current state does not exist.</summary>
    [Fact]
    public async Task The_descriptions_say_that_the_catalog_omits_the_figures_of_the_current_state()
    {
        using var service = new RunningService();
        using var client = service.CreateClient();

        var names = JsonNode.Parse(await client.GetStringAsync(Catalog, TestCancellation))!["records"]!.AsArray().Select(record => (string)record!["name"]!).ToList();
        var document = JsonNode.Parse(await client.GetStringAsync(new Uri("/swagger/v1/swagger.json", UriKind.Relative), TestCancellation))!;
        var operation = document["paths"]!["/catalog"]!["get"]!;

        names.ShouldNotContain("waiting");
        ((string)operation["summary"]!).ShouldBe("Defines every field of GET /aggregates and every metric");
        ((string)operation["description"]!).ShouldContain("not the fields of GET /observations and GET /conversations");
    }

    [Fact]
    public async Task An_unchanged_catalog_is_not_sent_again()
    {
        using var service = new RunningService();
        using var client = service.CreateClient();
        using var first = await client.GetAsync(Catalog, TestCancellation);

        foreach (var (tag, expected) in new[]
        {
            (first.Headers.ETag!.ToString(), HttpStatusCode.NotModified), ($"\"other\", {first.Headers.ETag}", HttpStatusCode.NotModified),
            ("*", HttpStatusCode.NotModified), ("W/\"other\"", HttpStatusCode.OK),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Catalog) { Headers = { { "If-None-Match", tag } } };
            using var again = await client.SendAsync(request, TestCancellation);

            again.StatusCode.ShouldBe(expected, tag);
            again.Headers.ETag.ShouldBe(first.Headers.ETag);
            again.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromHours(1));
            (await again.Content.ReadAsByteArrayAsync(TestCancellation)).Length.ShouldBe(expected == HttpStatusCode.OK ? (int)first.Content.Headers.ContentLength! : 0);
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task The_catalog_is_compressed_for_callers_that_accept_it(string coding)
    {
        using var service = new RunningService();
        using var client = service.CreateClient();
        var plain = await client.GetByteArrayAsync(Catalog, TestCancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, Catalog) { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue(coding) } } };

        using var response = await client.SendAsync(request, TestCancellation);

        response.Content.Headers.ContentEncoding.ShouldBe([coding]);
        using var body = await response.Content.ReadAsStreamAsync(TestCancellation);
        using Stream decoded = coding == "br" ? new System.IO.Compression.BrotliStream(body, System.IO.Compression.CompressionMode.Decompress) : new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress);
        using var read = new MemoryStream();
        await decoded.CopyToAsync(read, TestCancellation);
        read.ToArray().ShouldBe(plain);
    }

    [Fact]
    public async Task Unknown_parameters_and_other_methods_are_rejected()
    {
        using var service = new RunningService();
        using var client = service.CreateClient();

        using var unknown = await client.GetAsync(new Uri("/catalog?metric=tHandle", UriKind.Relative), TestCancellation);
        using var posted = await client.PostAsync(Catalog, null, TestCancellation);

        unknown.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await unknown.Content.ReadAsStringAsync(TestCancellation)).RootElement.GetProperty("errors").TryGetProperty("metric", out _).ShouldBeTrue();
        posted.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    /// <summary>A caller that merges rows according to the catalog gets the same figures as the service.</summary>
    [Fact]
    public async Task Rows_merged_according_to_the_catalog_equal_the_rows_that_the_service_merges()
    {
        await using var given = await SimulatedService.StartAsync();
        var entries = (await given.QueryAsync("/catalog")).GetProperty("records").EnumerateArray().Where(entry => entry.GetProperty("kind").GetString() == "field").ToList();
        var parts = (await given.QueryAsync("/aggregates?from=2026-11-16&to=2026-11-18&mediaType=voice&serviceLevelThresholdMs=20000")).GetProperty("records").EnumerateArray().ToList();
        var whole = (await given.QueryAsync("/aggregates?from=2026-11-16&to=2026-11-18&mediaType=voice&serviceLevelThresholdMs=20000&groupBy=none")).GetProperty("records").EnumerateArray().Single();

        parts.Count.ShouldBeGreaterThan(2);
        var merged = entries.Select(entry => (Name: entry.GetProperty("name").GetString()!, Merge: entry.GetProperty("merge").GetString())).Where(entry => entry.Merge is "sum" or "max" or "min").ToList();
        merged.Count.ShouldBeGreaterThan(20);
        foreach (var (name, merge) in merged)
        {
            var values = parts.Select(part => part.GetProperty(name)).Where(value => value.ValueKind != JsonValueKind.Null).Select(Number).ToList();
            (merge switch { "sum" => values.Sum(), "max" => values.Max(), _ => values.Min() }).ShouldBe(Number(whole.GetProperty(name)), name);
        }
    }

    private static double Number(JsonElement value) => value.ValueKind switch { JsonValueKind.True => 1, JsonValueKind.False => 0, _ => value.GetDouble() };
}
