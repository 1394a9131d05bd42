using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.SystemTests.Genesys.Authentication;

/// <summary>With failing logins or useless tokens, Genesys receives few requests, however many queries arrive. The fake upstream counts the requests.</summary>
public sealed class LoginFailureCacheTests : IDisposable
{
    private readonly ScriptedGenesys _genesys = new(new(DoctorUpstream.Settings));

    private int Logins => _genesys.Count(ScriptedGenesys.Login);

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    public async Task Many_queries_with_rejected_credentials_cause_one_login(int status)
    {
        _genesys.Replace(ScriptedGenesys.Login, () => Refused(status));

        for (var i = 0; i < 200; i++)
        {
            var response = await _genesys.QueryAsync();
            response.Status.ShouldBe(502);
            response.Detail.ShouldContain("Genesys:ClientSecret");
            response.RetryAfter.ShouldNotBeNull().ShouldBeInRange(1, 60);
        }

        Logins.ShouldBe(1);
        _genesys.Count(ScriptedGenesys.Aggregates).ShouldBe(0);
    }

    [Fact]
    public async Task Concurrent_queries_with_rejected_credentials_cause_one_login()
    {
        _genesys.Replace(ScriptedGenesys.Login, () => Refused(400));
        using var client = _genesys.Service.CreateClient();

        await Task.WhenAll(Enumerable.Range(1, 28).SelectMany(day => Enumerable.Repeat(day, 4)).Select(async day =>
        {
            using var response = await client.GetAsync(new Uri($"/aggregates?from=2026-02-{day:00}T00:00Z&to=2026-02-{day:00}T01:00Z", UriKind.Relative), TestContext.Current.CancellationToken);
        }));

        Logins.ShouldBe(1);
    }

    [Fact]
    public async Task Rejected_credentials_are_retried_once_a_minute()
    {
        _genesys.Replace(ScriptedGenesys.Login, () => Refused(400));
        for (var second = 0; second < 600; second += 5)
        {
            await _genesys.QueryAsync();
            _genesys.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Logins.ShouldBeInRange(9, 11);
    }

    [Fact]
    public async Task A_changed_secret_is_tried_immediately()
    {
        _genesys.Replace(ScriptedGenesys.Login, () => Refused(400));
        await _genesys.QueryAsync();
        _genesys.Heal();
        (await _genesys.QueryAsync()).Status.ShouldBe(502, "nothing has changed yet");

        _genesys.Service.Services.GetRequiredService<IOptions<GenesysOptions>>().Value.ClientSecret = "another";
        _genesys.Clock.Advance(TimeSpan.FromSeconds(3)); // the directory reuses its failure for a short time

        (await _genesys.QueryAsync()).Status.ShouldBe(200);
        Logins.ShouldBe(2);
    }

    [Fact]
    public async Task A_secret_that_changes_in_a_reloaded_source_is_used()
    {
        _genesys.Replace(ScriptedGenesys.Login, () => Refused(400));
        await _genesys.QueryAsync();
        _genesys.Heal();

        var configuration = (IConfigurationRoot)_genesys.Service.Services.GetRequiredService<IConfiguration>();
        configuration["Genesys:ClientSecret"] = "another";
        configuration.Reload();
        _genesys.Clock.Advance(TimeSpan.FromSeconds(3)); // the directory reuses its failure for a short time

        (await _genesys.QueryAsync()).Status.ShouldBe(200);
        Logins.ShouldBe(2);
    }

    [Fact]
    public async Task A_reload_with_invalid_settings_changes_nothing()
    {
        await _genesys.QueryAsync();
        var configuration = (IConfigurationRoot)_genesys.Service.Services.GetRequiredService<IConfiguration>();
        configuration["Genesys:AttemptTimeout"] = "soon";

        Should.NotThrow(configuration.Reload);

        (await _genesys.QueryAsync()).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    public async Task An_unavailable_login_is_retried_with_growing_backoff(int status)
    {
        _genesys.Replace(ScriptedGenesys.Login, () => ScriptedGenesys.Json(status, "{}"));
        var start = _genesys.Clock.GetUtcNow();
        var loginsInFirstMinute = 0;
        while (_genesys.Clock.GetUtcNow() - start < TimeSpan.FromMinutes(10))
        {
            var response = await _genesys.QueryAsync();
            response.Status.ShouldBe(503);
            response.RetryAfter.ShouldNotBeNull().ShouldBeInRange(1, 120);
            _genesys.Clock.Advance(TimeSpan.FromSeconds(4));
            loginsInFirstMinute = _genesys.Clock.GetUtcNow() - start < TimeSpan.FromMinutes(1) ? Logins : loginsInFirstMinute;
        }

        loginsInFirstMinute.ShouldBeLessThanOrEqualTo(12);
        Logins.ShouldBeLessThanOrEqualTo(35);
        Logins.ShouldBeGreaterThanOrEqualTo(12, "retries continue");
    }

    [Fact]
    public async Task A_successful_login_clears_the_cached_failure()
    {
        _genesys.Replace(ScriptedGenesys.Login, () => Refused(400));
        await _genesys.QueryAsync();
        _genesys.Heal();
        _genesys.Clock.Advance(TimeSpan.FromSeconds(61));

        (await _genesys.QueryAsync()).Status.ShouldBe(200);
        (await _genesys.QueryAsync()).Status.ShouldBe(200);
        Logins.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_that_is_never_sent_does_not_count_against_the_rate_limit()
    {
        _genesys.Replace(ScriptedGenesys.Login, () => Refused(400));
        for (var i = 0; i < 400; i++)
        {
            (await _genesys.QueryAsync()).Status.ShouldBe(502, "never 503 because of an exhausted rate limit");
        }

        _genesys.Service.Services.GetRequiredService<GenesysRateLimiter>().State.Used.ShouldBeLessThan(5);
    }

    [Fact]
    public async Task A_token_that_the_API_always_rejects_causes_one_login_a_minute()
    {
        _genesys.Replace(ScriptedGenesys.Aggregates, () => ScriptedGenesys.Json(401, Wire.BadCredentials));
        var start = _genesys.Clock.GetUtcNow();
        for (var i = 0; i < 200; i++)
        {
            var response = await _genesys.QueryAsync();
            response.Status.ShouldBe(502);
            response.RetryAfter.ShouldNotBeNull().ShouldBeInRange(1, 60);
        }

        Logins.ShouldBe(2);

        for (var second = 0; second < 300; second += 5)
        {
            await _genesys.QueryAsync();
            _genesys.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        var minutes = (_genesys.Clock.GetUtcNow() - start).TotalMinutes;
        Logins.ShouldBeLessThanOrEqualTo(3 + (int)minutes);
    }

    [Fact]
    public async Task A_token_with_a_very_short_lifetime_does_not_cause_a_login_per_request()
    {
        _genesys.Replace(ScriptedGenesys.Login, () => ScriptedGenesys.Json(200, """{"access_token":"t","token_type":"bearer","expires_in":0.001}"""));
        for (var second = 0; second < 60; second += 2)
        {
            (await _genesys.QueryAsync()).Status.ShouldBe(200);
            _genesys.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Logins.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Readiness_reports_the_login_failure_and_the_doctor_sends_one_more_login()
    {
        _genesys.Replace(ScriptedGenesys.Login, () => Refused(400));
        await _genesys.QueryAsync();
        var ready = await _genesys.QueryAsync("/health/ready");
        Logins.ShouldBe(1);
        var failing = DoctorReport.Of((await _genesys.QueryAsync("/health/doctor")).Body);
        Logins.ShouldBe(2);

        _genesys.Heal();
        _genesys.Clock.Advance(TimeSpan.FromSeconds(11));
        var recovered = DoctorReport.Of((await _genesys.QueryAsync("/health/doctor")).Body);
        var after = await _genesys.QueryAsync();

        ready.Body.ShouldContain("Genesys:ClientSecret");
        failing["token"].Condition.ShouldBe("failed");
        recovered["token"].Condition.ShouldBe("ok");
        after.Status.ShouldBe(200, "the token of the doctor's login serves all callers");
        Logins.ShouldBe(3);
    }

    public void Dispose() => _genesys.Dispose();

    private static HttpResponseMessage Refused(int status) =>
        ScriptedGenesys.Json(status, """{"error":"invalid_client","description":"authentication failed","error_description":"authentication failed"}""");
}
