using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using GenesysSimulator;
using static GenesysAnalyticsApi.SystemTests.Simulating.SimulatorQueries;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class FaultTests
{
    private const string Queues = "/api/v2/routing/queues";

    private static readonly Uri FaultsUri = new("/simulator/faults", UriKind.Relative);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(FaultNames.RateLimitSeconds, "5", 429, "Retry-After", "5")]
    [InlineData(FaultNames.RateLimitDate, "30", 429, "Retry-After", "Wed, 15 Apr 2026 10:00:30 GMT")]
    [InlineData(FaultNames.RateLimitHours, null, 429, "Retry-After", "3600")]
    [InlineData(FaultNames.RateLimitBare, null, 429, "Retry-After", null)]
    [InlineData(FaultNames.RateLimitBare, null, 429, "inin-ratelimit-count", null)]
    [InlineData(FaultNames.MissingPermission, null, 403, "inin-ratelimit-count", "1")]
    [InlineData(FaultNames.ServerError, null, 500, "Retry-After", null)]
    [InlineData(FaultNames.BadGatewayHtml, null, 502, "Retry-After", null)]
    [InlineData(FaultNames.Unavailable, null, 503, "Retry-After", null)]
    [InlineData(FaultNames.UnavailableAfter, "7", 503, "Retry-After", "7")]
    [InlineData(FaultNames.GatewayTimeout, null, 504, "Retry-After", null)]
    [InlineData(FaultNames.Redirect, "http://elsewhere.invalid/x", 302, "Location", "http://elsewhere.invalid/x")]
    public async Task A_fault_replaces_the_regular_reply(string name, string? value, int status, string header, string? expected)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        organization.Simulator.Faults.Add(name, value, times: 1);

        using var faulty = await organization.GetAsync(Queues);
        using var next = await organization.GetAsync(Queues);

        ((int)faulty.StatusCode).ShouldBe(status);
        (faulty.Headers.TryGetValues(header, out var values) ? values.Single() : null).ShouldBe(expected);
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_can_be_revoked_between_requests()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        organization.Simulator.Faults.Add(FaultNames.RevokedToken, times: 1);

        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await organization.LogInAsync();
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_token_endpoint_throttles_with_400_and_fails_with_503()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        organization.Simulator.Faults.Add(FaultNames.TokenThrottled, times: 1);
        using var throttled = await organization.PostTokenAsync("simulator", "simulator");
        organization.Simulator.Faults.Add(FaultNames.TokenError, times: 1);
        using var failed = await organization.PostTokenAsync("simulator", "simulator");

        throttled.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await throttled.Content.ReadAsStringAsync(Cancellation)).ShouldContain("\"error_description\":\"rate limit exceeded;");
        failed.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await organization.PostTokenAsync("simulator", "simulator")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_slow_reply_waits_on_the_clock_and_a_hang_lasts_until_the_client_disconnects()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        organization.Simulator.Faults.Add(FaultNames.Slow, "20", times: 1);

        var slow = organization.GetAsync(Queues);
        while (!slow.IsCompleted)
        {
            // The request may not have reached the delay yet.
            organization.Clock.Advance(TimeSpan.FromSeconds(20));
            await Task.WhenAny(slow, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation));
        }

        (await slow).StatusCode.ShouldBe(HttpStatusCode.OK);
        organization.Simulator.Faults.Add(FaultNames.Hang, times: 1);
        using var disconnection = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Should.ThrowAsync<OperationCanceledException>(
            () => organization.Client.GetAsync(new Uri(Queues, UriKind.Relative), disconnection.Token));
    }

    [Theory]
    [InlineData(FaultNames.CutBody)]
    [InlineData(FaultNames.CutChunks)]
    public async Task A_body_can_be_cut_off(string name)
    {
        await using var organization = await SimulatedOrganization.StartAsync();
        organization.Simulator.Faults.Add(name, times: 1);

        await Should.ThrowAsync<HttpRequestException>(() => organization.QueryAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14))));
        (await organization.QueryAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14)))).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_200_can_carry_an_invalid_body()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        organization.Simulator.Faults.Add(FaultNames.HtmlAnswer, times: 1);
        using var html = await organization.GetAsync(Queues);
        organization.Simulator.Faults.Add(FaultNames.TruncatedJson, times: 1);
        using var truncated = await organization.GetAsync(Queues);

        html.StatusCode.ShouldBe(HttpStatusCode.OK);
        html.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        truncated.StatusCode.ShouldBe(HttpStatusCode.OK);
        var text = await truncated.Content.ReadAsStringAsync(Cancellation);
        Should.Throw<System.Text.Json.JsonException>(() => JsonNode.Parse(text));
    }

    [Theory]
    [InlineData(FaultNames.UnknownMetric, "tQuantumWait")]
    [InlineData(FaultNames.UnknownMediaType, "hologram")]
    [InlineData(FaultNames.ForeignBucket, "2001-01-01T00:00:00.000Z/2001-01-01T00:07:00.000Z")]
    public async Task A_reply_can_contain_unrequested_data(string name, string expected)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14));
        organization.Simulator.Faults.Add(name, times: 1);

        (await organization.QueryAsync(query)).ToJsonString().ShouldContain(expected);
        (await organization.QueryAsync(query)).ToJsonString().ShouldNotContain(expected);
    }

    [Fact]
    public async Task A_reply_can_lack_requested_data()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        var query = Query(Day(2026, 4, 13), Day(2026, 4, 14)).Only(organization.Queue("Billing DE"));

        organization.Simulator.Faults.Add(FaultNames.MissingMin, times: 1);
        (await organization.QueryAsync(query)).ToJsonString().ShouldNotContain("\"min\"");
        organization.Simulator.Faults.Add(FaultNames.MissingResults, times: 1);
        (await organization.QueryAsync(query)).ShouldBeEmpty();
        organization.Simulator.Faults.Add(FaultNames.GroupWithoutQueue, times: 1);
        (await organization.QueryAsync(query)).Count(result => result!.Dimension("queueId") is null).ShouldBe(1);
    }

    [Fact]
    public async Task A_requested_metric_can_be_rejected_and_a_result_can_be_too_large()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        organization.Simulator.Faults.Add(FaultNames.RefusedMetric, "tAlert");
        using var refused = await organization.PostAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14), "tAlert", "nOffered"));
        using var other = await organization.PostAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14), "nOffered"));
        organization.Simulator.Faults.Add(FaultNames.TooLarge);
        using var large = await organization.PostAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14), "nOffered"));

        (await refused.Content.ReadAsStringAsync(Cancellation)).ShouldContain("tAlert");
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await large.Content.ReadAsStringAsync(Cancellation)).ShouldContain("limit of 30000 results");
    }

    [Fact]
    public async Task The_queue_listing_can_be_wrong_in_four_ways()
    {
        await using var organization = await SimulatedOrganization.StartAsync();

        async Task<JsonObject> Page(string fault, int page)
        {
            organization.Simulator.Faults.Add(fault, times: 1);
            return await organization.JsonAsync($"{Queues}?pageNumber={page}");
        }

        var first = await organization.JsonAsync(Queues);
        (await Page(FaultNames.RepeatedPage, 2))["entities"]!.ToJsonString().ShouldBe(first["entities"]!.ToJsonString());
        (await Page(FaultNames.EmptyPage, 1))["entities"]!.AsArray().ShouldBeEmpty();
        (await Page(FaultNames.WrongPageCount, 1))["pageCount"]!.GetValue<int>().ShouldBe(1_000_000);
        (await Page(FaultNames.ForeignNextUri, 1))["nextUri"]!.GetValue<string>().ShouldStartWith("http://elsewhere.invalid/");
    }

    [Fact]
    public async Task A_fault_counts_only_matching_requests()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        organization.Simulator.Faults.Add(FaultNames.ServerError, times: 2, path: "/api/v2/analytics");

        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);
        organization.Simulator.Faults.Active.ShouldHaveSingleItem().Times.ShouldBe(2);
        (await organization.PostAsync(Query(Day(2026, 4, 13), Day(2026, 4, 14)))).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        organization.Simulator.Faults.Active.ShouldHaveSingleItem().Times.ShouldBe(1);
        organization.Simulator.Faults.Clear();
        organization.Simulator.Faults.Active.ShouldBeEmpty();
    }

    [Fact]
    public async Task Faults_can_be_set_over_HTTP()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        var wanted = JsonNode.Parse("""{"faults":[{"name":"rate-limit-seconds","value":"9","times":1}]}""");

        using var set = await organization.Client.PutAsJsonAsync(FaultsUri, wanted, Cancellation);
        set.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await organization.Client.GetStringAsync(FaultsUri, Cancellation)).ShouldContain("rate-limit-seconds");
        ((int)(await organization.GetAsync(Queues)).StatusCode).ShouldBe(429);
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var unknown = await organization.Client.PutAsJsonAsync(
            FaultsUri, JsonNode.Parse("""{"faults":[{"name":"earthquake"}]}"""), Cancellation);
        unknown.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await unknown.Content.ReadAsStringAsync(Cancellation)).ShouldContain("earthquake");
        (await organization.Client.DeleteAsync(FaultsUri, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_header_applies_a_fault_to_one_request()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 2 });
        using var request = new HttpRequestMessage(HttpMethod.Get, Queues);
        request.Headers.Add("X-Simulator-Fault", "unavailable-after=4");

        using var faulty = await organization.Client.SendAsync(request, Cancellation);

        faulty.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        faulty.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(4));
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_fault_is_documented_in_the_README()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "GenesysSimulator", "README.md"), Cancellation);

        FaultNames.All.ShouldAllBe(name => readme.Contains($"| `{name}`", StringComparison.Ordinal));
        typeof(SimulatorSettings).GetProperties().Where(property => property.Name != "EqualityContract")
            .ShouldAllBe(property => readme.Contains($"| `{property.Name}`", StringComparison.Ordinal));
    }
}
