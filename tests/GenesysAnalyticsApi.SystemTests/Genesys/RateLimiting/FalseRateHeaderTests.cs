using GenesysAnalyticsApi.SystemTests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Genesys.RateLimiting;

/// <summary>False rate headers and Retry-After values stop requests for at most two minutes, and callers get a short Retry-After.</summary>
public sealed class FalseRateHeaderTests : IDisposable
{
    private readonly ScriptedGenesys _genesys = new();

    [Theory]
    [InlineData("300", "300", "86400")]
    [InlineData("300", "300", "2147483647")]
    [InlineData("300", "300", "99999999999999999999")]
    [InlineData("300", "300", "-60")]
    [InlineData("300", "300", "soon")]
    [InlineData("300", "300", null)]
    [InlineData("2147483647", null, "86400")]
    [InlineData("99999999", "300", "86400")]
    [InlineData("0", "1", "86400")]
    [InlineData("0", "0", "86400")]
    [InlineData("-5", "-5", "-5")]
    [InlineData("300, 1", "300, 1", "60, 86400")]
    public async Task A_single_false_rate_header_stops_requests_for_at_most_a_minute(string? count, string? allowed, string? reset)
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => With(ScriptedGenesys.Json(200, """{"results":[]}"""), count, allowed, reset));
        await _genesys.QueryAsync();
        _genesys.Heal();

        var during = await _genesys.QueryAsync();
        _genesys.Clock.Advance(TimeSpan.FromSeconds(61));
        var after = await _genesys.QueryAsync();
        var later = await _genesys.QueryAsync();

        during.RetryAfter?.ShouldBeInRange(1, 120);
        after.Status.ShouldBe(200);
        later.Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("count > allowed", "301", "300", "30")]
    [InlineData("allowed 0", "5", "0", "30")]
    [InlineData("negative", "-1", "-1", "-1")]
    [InlineData("text", "many", "few", "soon")]
    public async Task Nonsensical_rate_headers_stop_no_requests(string what, string count, string allowed, string reset)
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => With(ScriptedGenesys.Json(200, """{"results":[]}"""), count, allowed, reset));

        for (var i = 0; i < 20; i++)
        {
            (await _genesys.QueryAsync()).Status.ShouldBe(200, what);
        }
    }

    [Fact]
    public async Task Contradictory_rate_headers_are_ignored()
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => With(With(ScriptedGenesys.Json(200, """{"results":[]}"""), "300", "300", "60"), "1", "300", "86400"));

        await _genesys.QueryAsync();

        (await _genesys.QueryAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_permanently_false_rate_header_is_detected_by_the_first_probe()
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => With(ScriptedGenesys.Json(200, """{"results":[]}"""), "300", "300", "86400"));
        await _genesys.QueryAsync();
        (await _genesys.QueryAsync()).Status.ShouldBe(503);
        _genesys.Clock.Advance(TimeSpan.FromSeconds(61));

        for (var i = 0; i < 50; i++)
        {
            (await _genesys.QueryAsync()).Status.ShouldBe(200);
        }
    }

    [Theory]
    [InlineData(429, "86400")]
    [InlineData(503, "86400")]
    [InlineData(429, "2147483647")]
    [InlineData(503, "Fri, 31 Dec 9999 23:59:59 GMT")]
    [InlineData(429, null)]
    public async Task A_Retry_After_of_a_day_is_probed_after_a_minute_and_never_passed_to_callers(int status, string? wait)
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () =>
        {
            var refusal = ScriptedGenesys.Json(status, wait is null ? Wire.Error("too.many.requests", "Rate limit exceeded the maximum. Retry the request in [86400] seconds") : "{}");
            if (wait is not null)
            {
                Wire.RetryAfter(refusal, wait);
            }

            return refusal;
        });
        var first = await _genesys.QueryAsync();
        var second = await _genesys.QueryAsync();
        _genesys.Count(ScriptedGenesys.Aggregates).ShouldBe(1);
        _genesys.Heal();
        _genesys.Clock.Advance(TimeSpan.FromSeconds(61));

        foreach (var response in new[] { first, second })
        {
            response.Status.ShouldBe(503);
            response.RetryAfter.ShouldNotBeNull().ShouldBeInRange(1, 120);
        }

        (await _genesys.QueryAsync()).Status.ShouldBe(200);
        (await _genesys.QueryAsync()).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("Rate limit exceeded the maximum. Retry the request in [7] seconds", 7)]
    [InlineData("Retry in [7] seconds", 7)]
    [InlineData("Please retry after 12 sec.", 12)]
    public async Task A_wait_in_the_message_is_respected(string message, int seconds)
    {
        var refused = false;
        DateTimeOffset rejectedAt = default, retriedAt = default;
        _genesys.Replace(ScriptedGenesys.Aggregates, () =>
        {
            if (refused)
            {
                retriedAt = _genesys.Clock.GetUtcNow();
                return ScriptedGenesys.Json(200, """{"results":[]}""");
            }

            (refused, rejectedAt) = (true, _genesys.Clock.GetUtcNow());
            return ScriptedGenesys.Json(429, Wire.Error("too.many.requests", message));
        });

        (await _genesys.QueryAsync("/aggregates?from=2026-01-01&to=2026-01-02")).Status.ShouldBe(200);

        (retriedAt - rejectedAt).TotalSeconds.ShouldBeInRange(seconds, (seconds * 1.1) + 1);
    }

    [Fact]
    public async Task The_RetryAfter_header_takes_precedence_over_the_message()
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () =>
        {
            var refusal = ScriptedGenesys.Json(429, Wire.Error("too.many.requests", "Retry the request in [3] seconds"));
            Wire.RetryAfter(refusal, "40");
            return refusal;
        });

        (await _genesys.QueryAsync()).RetryAfter.ShouldNotBeNull().ShouldBeInRange(39, 40);
    }

    public void Dispose() => _genesys.Dispose();

    private static HttpResponseMessage With(HttpResponseMessage response, string? count, string? allowed, string? reset)
    {
        foreach (var (name, value) in new[] { ("inin-ratelimit-count", count), ("inin-ratelimit-allowed", allowed), ("inin-ratelimit-reset", reset) })
        {
            if (value is not null)
            {
                response.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
            }
        }

        return response;
    }
}
