using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Security.RateLimiting;

/// <summary>The rate limit of one caller, which does not affect other callers.</summary>
public sealed class CallerRateLimiterTests
{
    /// <summary>Counts against the limit but needs nothing from Genesys, because its parameter is invalid.</summary>
    private const string Cheap = "/queues?wrong=1";

    private static readonly IssuedKeys Keys = new IssuedKeys()
        .Add("wallboard")
        .Add("report")
        .Add("slow", ("RequestsPerMinute", "1"))
        .Add("old key", ("Name", "team"))
        .Add("new key", ("Name", "team"))
        .Add("operator", ("Scopes:0", "operator"));

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_over_the_limit_is_rejected_without_affecting_others()
    {
        using var service = Service(perMinute: 3);
        (await StatusesAsync(service, "wallboard", 3)).ShouldAllBe(status => status == HttpStatusCode.BadRequest);

        using var refused = await QueryAsync(service, "wallboard");
        using var other = await QueryAsync(service, "report");
        using var health = await service.CreateClient().GetAsync("/health/live", TestCancellation);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.ToString().ShouldBe("20");
        refused.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var problem = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync(TestCancellation));
        problem.GetProperty("type").GetString().ShouldBe("/problems/caller-rate-limited");
        problem.GetProperty("detail").GetString().ShouldBe("The caller's requests per minute are used up.");
        RateOf(refused).ShouldBe(("\"caller\";q=3;w=60", "\"caller\";r=0;t=60"));
        other.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        health.StatusCode.ShouldBe(HttpStatusCode.OK);
        health.Headers.Contains(RateLimitHeaders.Limit).ShouldBeFalse();
    }

    [Fact]
    public async Task Capacity_is_restored_gradually_and_a_retry_after_the_stated_wait_succeeds()
    {
        using var service = Service(perMinute: 3);
        await StatusesAsync(service, "wallboard", 4);

        _clock.Advance(TimeSpan.FromSeconds(19.9));
        var early = await StatusesAsync(service, "wallboard", 1);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        var atStatedTime = await StatusesAsync(service, "wallboard", 2);
        _clock.Advance(TimeSpan.FromMinutes(5));
        var afterPause = await StatusesAsync(service, "wallboard", 4);

        early.ShouldBe([HttpStatusCode.TooManyRequests]);
        atStatedTime.ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests]);
        afterPause.ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task A_key_can_have_its_own_rate_limit()
    {
        using var service = Service(perMinute: 3);

        (await StatusesAsync(service, "slow", 2)).ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task Keys_with_the_same_name_share_a_limit()
    {
        using var service = Service(perMinute: 2);

        (await StatusesAsync(service, "old key", 1)).ShouldBe([HttpStatusCode.BadRequest]);
        (await StatusesAsync(service, "new key", 2)).ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task Invalid_keys_are_throttled_without_affecting_valid_keys_of_the_same_address()
    {
        using var service = Service(perMinute: 2);
        using var wrong = service.CreateClient();
        wrong.DefaultRequestHeaders.Add(ApiKeyAuthenticator.Header, "gaa_wrong");

        var statuses = new List<HttpStatusCode>();
        for (var time = 0; time < 3; time++)
        {
            using var response = await wrong.GetAsync(Cheap, TestCancellation);
            statuses.Add(response.StatusCode);
        }

        statuses.ShouldBe([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests]);
        (await StatusesAsync(service, "wallboard", 1)).ShouldBe([HttpStatusCode.BadRequest]);
    }

    [Fact]
    public async Task Forbidden_requests_count_too()
    {
        using var service = Service(perMinute: 1);

        (await StatusesAsync(service, "operator", 2)).ShouldBe([HttpStatusCode.Forbidden, HttpStatusCode.TooManyRequests]);
    }

    [Fact]
    public async Task Every_response_reports_the_remaining_requests()
    {
        const string day = "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H";
        var genesys = new BlockingGateway();
        using var service = Service(perMinute: 60, genesys: genesys);
        using var client = Keys.Of("wallboard", service);

        using var first = await client.GetAsync(day, TestCancellation);
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        using var known = await client.GetAsync(day, TestCancellation);
        using var wrong = await client.GetAsync(Cheap, TestCancellation);
        using var missing = await client.GetAsync("/queues/05f1c285-6777-4ccc-806f-8db085ae0793", TestCancellation);

        (int Status, (string, string) Rate)[] rates = [.. new[] { first, known, wrong, missing }.Select(response => ((int)response.StatusCode, RateOf(response)))];
        rates.ShouldBe(
        [
            (200, ("\"caller\";q=60;w=60", "\"caller\";r=59;t=1")),
            (304, ("\"caller\";q=60;w=60", "\"caller\";r=58;t=2")),
            (400, ("\"caller\";q=60;w=60", "\"caller\";r=57;t=3")),
            (404, ("\"caller\";q=60;w=60", "\"caller\";r=56;t=4")),
        ]);
    }

    [Fact]
    public async Task Concurrent_requests_of_one_caller_are_limited_and_an_equal_number_can_wait()
    {
        var genesys = new BlockingGateway();
        using var service = Service(perMinute: 100, genesys, ("Callers:MaxConcurrent", "1"));
        using var client = Keys.Of("wallboard", service);
        genesys.Hold();
        var inProgress = client.GetAsync("/aggregates?from=2026-11-10&to=2026-11-11", TestCancellation);
        await Eventually.IsTrueAsync(() => genesys.Requests > 0, "the first query is in progress");

        // One of the two waits for the slot of the first; the server decides which.
        Task<HttpResponseMessage>[] two = [client.GetAsync(Cheap, TestCancellation), client.GetAsync(Cheap, TestCancellation)];
        using var refused = await await Task.WhenAny(two);
        using var other = await QueryAsync(service, "report");
        genesys.Release();

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.ToString().ShouldBe("1");
        (await refused.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("Too many concurrent requests from this caller.");
        other.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await inProgress).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Task.WhenAll(two)).Select(response => response.StatusCode).ShouldBe([HttpStatusCode.BadRequest, HttpStatusCode.TooManyRequests], ignoreOrder: true);
    }

    [Fact]
    public void Inactive_callers_use_no_memory()
    {
        using var service = Service(perMinute: 1200);
        var limiter = service.Services.GetRequiredService<CallerRateLimiter>();
        for (var number = 0; number < 10_000; number++)
        {
            limiter.TryTake(new Caller($"network:{number}", "somewhere", CallerScopes.Read, GenesysAnalyticsApi.Queues.Directory.QueueVisibility.All), out _, out _).ShouldBeTrue();
            limiter.TryTakeUnknown($"network {number}", out _).ShouldBeTrue();
        }

        var before = limiter.Count;
        _clock.Advance(TimeSpan.FromMinutes(1));

        before.ShouldBe(20_000);
        limiter.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(null, "unknown")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void An_IPv6_address_counts_as_its_network(string? address, string expected) =>
        ClientNetwork.NameOf(address is null ? null : IPAddress.Parse(address)).ShouldBe(expected);

    private RunningService Service(int perMinute, BlockingGateway? genesys = null, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(Keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Callers:RequestsPerMinute"] = $"{perMinute}" };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return new RunningService
        {
            Settings = all,
            Clock = _clock,
            Replace = services => services.AddSingleton<IGenesysGateway>(genesys ?? new BlockingGateway()),
        };
    }

    private static async Task<List<HttpStatusCode>> StatusesAsync(RunningService service, string holder, int times)
    {
        var statuses = new List<HttpStatusCode>();
        for (var time = 0; time < times; time++)
        {
            using var response = await QueryAsync(service, holder);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }

    private static async Task<HttpResponseMessage> QueryAsync(RunningService service, string holder)
    {
        using var client = Keys.Of(holder, service);
        return await client.GetAsync(Cheap, TestCancellation);
    }

    private static (string Policy, string Limit) RateOf(HttpResponseMessage response) =>
        (response.Headers.GetValues(RateLimitHeaders.Policy).Single(), response.Headers.GetValues(RateLimitHeaders.Limit).Single());
}
