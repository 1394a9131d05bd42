using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Doctor;

/// <summary>The doctor against a simulated organization. The tests cause each fault and check its remedy.</summary>
public sealed partial class DoctorTests
{
    private const string Aggregates = "/api/v2/analytics/conversations/aggregates";
    private const string Listing = "/api/v2/routing/queues";
    private const string Limits = "/api/v2/organizations";

    // Fast, so that pauses and time limits pass quickly, but slow enough for a busy machine to finish within the limits.
    private static TimeProvider QuickClock => new FastClock(SimulatedService.Monday, 4);

    [Fact]
    public async Task A_healthy_system_passes_every_check_in_nine_requests()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");
        var before = given.Simulator.Calls.Count;

        var found = await DoctorReport.OfAsync(given.Client);

        found.Healthy.ShouldBeTrue();
        found.Unhealthy.ShouldBeEmpty();
        found.Names.ShouldBe(
        [
            "configuration", "dns", "tls", "token", "queues-permission", "aggregates-permission", "users-permission", "wrapup-permission", "details-permission", "clock", "queues", "data", "limits", "budget", "directory", "redis",
        ]);
        found.Calls.ShouldBe(given.Simulator.Calls.Count - before);
        found.Calls.ShouldBe(9);
        found["token"].Finding.ShouldBe("A token was obtained, valid until 2026-11-24 09:15:20Z.");
        found["queues"].Finding.ShouldStartWith("8 queues are visible, in ");
        found["data"].Finding.ShouldStartWith("In the last complete hour there were ");
        found["clock"].Finding.ShouldBe("The clock is within a second of Genesys'.");
        found["tls"].ShouldBe(("skipped", "Not checked: the addresses are http, without TLS.", null));
        found["directory"].Finding.ShouldBe("The directory contains 8 queues and was read 0 s ago.");
        found["budget"].Condition.ShouldBe("ok");
    }

    [Fact]
    public async Task Queues_that_the_directory_has_read_are_not_read_again()
    {
        await using var given = await SimulatedService.StartAsync(new() { Queues = 1_201, Volume = 0.01, RequestsPerMinute = 1_000_000 });
        await given.QueryAsync("/queues");
        given.Simulator.ClearCalls();

        var found = await DoctorReport.OfAsync(given.Client);

        found["queues"].Finding.ShouldStartWith("1201 queues are visible, in ");
        given.Simulator.Calls.Count(call => call.Path.StartsWith(Listing, StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("simulator", "another", "Genesys rejects the secret of the OAuth client at", "Genesys:ClientSecret")]
    [InlineData("another", "simulator", "Genesys does not know the OAuth client at", "Genesys:ClientId")]
    public async Task Wrong_credentials_are_distinguished_and_the_region_is_named_as_a_possible_cause(string id, string secret, string finding, string setting)
    {
        await using var given = await SimulatedService.StartAsync(new() { ClientId = id, ClientSecret = secret });

        var found = await DoctorReport.OfAsync(given.Client);

        found.Healthy.ShouldBeFalse();
        found.Unhealthy.ShouldBe(["token"]);
        found["token"].Finding.ShouldStartWith(finding);
        found["token"].Remedy!.ShouldContain(setting);
        found["token"].Remedy!.ShouldContain("Genesys:Region");
        found.Detail("token", "code").ShouldBe("invalid_client");
        found["queues-permission"].ShouldBe(("skipped", "Not checked: it depends on 'token'.", null));
        found["data"].Condition.ShouldBe("skipped");
        found["clock"].Condition.ShouldBe("ok", "the rejection had a date");
        found.Calls.ShouldBe(0);
    }

    [Fact]
    public async Task A_throttled_login_is_not_reported_as_a_wrong_secret()
    {
        await using var given = await SimulatedService.StartAsync(clock: QuickClock, faults: new SimulatorFault(FaultNames.TokenThrottled));

        var found = await DoctorReport.OfAsync(given.Client);

        found["token"].Condition.ShouldBe("failed");
        found["token"].Finding.ShouldBe("Genesys is throttling the logins of the client, and the retries of this login were throttled too.");
        found["token"].Remedy!.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(Aggregates, "aggregates-permission", "analytics:conversationAggregate:view", "data")]
    [InlineData(Listing, "queues-permission", "routing:queue:view", "queues")]
    public async Task A_missing_permission_is_named_with_its_remedy(string path, string checkName, string permission, string dependent)
    {
        await using var given = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.MissingPermission, permission, null, path));

        var found = await DoctorReport.OfAsync(given.Client);

        found.Healthy.ShouldBeFalse();
        found.Unhealthy.ShouldBe([checkName]);
        found[checkName].Finding.ShouldEndWith($"is forbidden (403): the OAuth client lacks '{permission}'.");
        found[checkName].Remedy.ShouldBe(GenesysRemedies.RoleWith(permission));
        found.Detail(checkName, "message")!.ShouldContain(permission);
        found[dependent].Finding.ShouldBe($"Not checked: it depends on '{checkName}'.");
    }

    [Fact]
    public async Task Unreadable_limits_are_skipped_and_the_system_counts_as_healthy()
    {
        await using var given = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.MissingPermission, null, null, Limits));
        await given.QueryAsync("/queues");

        var found = await DoctorReport.OfAsync(given.Client);

        found.Healthy.ShouldBeTrue();
        found.Unhealthy.ShouldBeEmpty();
        // Genesys lets every client read the limits; this needs no permission.
        found["limits"].ShouldBe(("skipped", "Not checked: Genesys denied the request (403), although the request needs no permission.", null));
        (await given.QueryAsync("/health/ready")).GetProperty("checks").GetProperty("genesys").GetProperty("condition").GetString()
            .ShouldBe("ok", "a denied check does not mean that Genesys is unhealthy");
    }

    [Fact]
    public async Task Each_limit_shows_the_limit_of_the_organization_the_setting_and_the_effective_value()
    {
        await using var given = await SimulatedService.StartAsync(
            new() { Queues = 8, RequestsPerMinute = 240, RateHeaders = false, MaxPredicates = 400, Limits = new Dictionary<string, int> { ["notifications/channel.topics.max"] = -1, ["notifications/channels.max"] = 1 } },
            new() { ["Genesys:ReadLimits"] = "true", ["Genesys:RequestsPerMinute"] = "300", ["Observations:MaxPredicates"] = "150" });

        var found = await DoctorReport.OfAsync(given.Client);

        found["limits"].ShouldBe((
            "warning",
            "The organization allows 240 requests per minute and token, and Genesys:RequestsPerMinute is 300.",
            "Set Genesys:RequestsPerMinute to 240 or less, or ask Genesys to raise 'client.credentials.token.rate.per.minute'."));
        found.Detail("limits", "requestsPerMinute").ShouldBe(
            "240 requests per minute and token: the organization's limit is 240 (its own value of platform.api/client.credentials.token.rate.per.minute); Genesys:RequestsPerMinute is 300");
        found.Detail("limits", "predicates").ShouldBe(
            "150 predicates of a query for the state of queues: the organization's limit is 400 (its own value of analytics.realtime/query.predicates.max); Observations:MaxPredicates is 150");
        found.Detail("limits", "topicsPerChannel").ShouldBe(
            "1000 topics per notification channel: the organization's limit is 1000 (the documented default of notifications/channel.topics.max); Genesys:TopicsPerChannel is 1000");
        found.Detail("limits", "channels").ShouldBe(
            "20 notification channels: the organization's limit is not known, because channels.max is 1, which is too low to be this limit; this service's own limit is 20");
        found.Detail("limits", "activityPageSize").ShouldBe(
            "500 groups per page of an activity query: the organization's limit is 500 (its own value of analytics.realtime/activity.page.size.max); this service's own limit is 500");
        found["budget"].Finding.ShouldContain(" of the 240 requests allowed per minute have been used", customMessage: "what the doctor reads applies at once");
    }

    [Fact]
    public async Task A_limit_that_cannot_be_read_is_shown_with_the_value_read_before()
    {
        await using var given = await SimulatedService.StartAsync(
            new() { Queues = 8, RequestsPerMinute = 240 }, new() { ["Genesys:ReadLimits"] = "true", ["Genesys:RequestsPerMinute"] = "200" });
        await DoctorReport.OfAsync(given.Client);
        given.FakeClock.Advance(TimeSpan.FromMinutes(5));
        given.Simulator.Faults.Set([new SimulatorFault(FaultNames.Unavailable, null, null, "/api/v2/organizations/limits/namespaces/platform.api")]);

        var found = await DoctorReport.OfAsync(given.Client);

        found["limits"].ShouldBe((
            "ok",
            "The organization allows 240 requests per minute and token, and Genesys:RequestsPerMinute is 200. Some limits could not be read now: Genesys is unavailable (503).",
            null));
        found.Detail("limits", "requestsPerMinute")!.ShouldContain("platform.api/client.credentials.token.rate.per.minute, read 5 minutes ago)");
    }

    [Fact]
    public async Task A_client_that_sees_no_queues_gets_a_warning_to_assign_roles_in_divisions()
    {
        await using var given = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.EmptyPage));

        var found = await DoctorReport.OfAsync(given.Client);

        found.Healthy.ShouldBeTrue();
        found["queues"].Condition.ShouldBe("warning");
        found["queues"].Finding.ShouldBe("The client sees no queues: its roles are not assigned in any division with queues.");
        found["queues"].Remedy!.ShouldContain("Integrations > OAuth");
        found["data"].Finding.ShouldBe("Not checked: the client sees no queues.");
    }

    // The date of a reply has whole seconds, so on average half a second is lost.
    [Theory]
    [InlineData("20", "ok", "The clock is 20.5 s behind Genesys'.")]
    [InlineData("42", "warning", "The clock is 42.5 s behind Genesys'.")]
    [InlineData("-42", "warning", "The clock is 41.5 s ahead of Genesys'.")]
    [InlineData("600", "failed", "The clock is 600.5 s behind Genesys'. Genesys therefore interprets \"now\" as a different time.")]
    public async Task Clock_skew_is_measured_from_the_replies_of_Genesys(string seconds, string condition, string finding)
    {
        await using var given = await SimulatedService.StartAsync(faults: new SimulatorFault(FaultNames.WrongClock, seconds));

        var found = await DoctorReport.OfAsync(given.Client);

        (found["clock"].Condition, found["clock"].Finding).ShouldBe((condition, finding));
        found.Healthy.ShouldBe(condition != "failed");
    }

    [Fact]
    public async Task A_nonexistent_region_is_found_before_any_request()
    {
        using var service = new RunningService { Upstream = null, Settings = new() { ["Genesys:Region"] = "nowhere.invalid" } };

        var found = await DoctorReport.OfAsync(service.CreateClient());

        found.Unhealthy.ShouldBe(["dns"]);
        found["dns"].Finding.ShouldContain("'login.nowhere.invalid'");
        found["configuration"].Finding.ShouldBe("Requests go to api.nowhere.invalid with the client 'test…', in a region that this release does not list (nowhere.invalid).");
        found["token"].Finding.ShouldBe("Not checked: it depends on 'dns'.");
    }

    [Fact]
    public async Task An_unreachable_host_is_reported_with_its_remedy()
    {
        using var service = new RunningService { Upstream = null, Clock = QuickClock, Settings = new() { ["Genesys:ApiBaseUrl"] = "https://127.0.0.1:1", ["Genesys:LoginBaseUrl"] = "https://127.0.0.1:1" } };

        var found = await DoctorReport.OfAsync(service.CreateClient());

        found.Unhealthy.ShouldBe(["tls"]);
        found["tls"].ShouldBe(("failed", "127.0.0.1:1 cannot be reached: ConnectionRefused.", GenesysRemedies.Reach));
    }

    [Fact]
    public async Task A_hanging_request_is_named_and_the_other_checks_still_run()
    {
        await using var given = await SimulatedService.StartAsync(clock: QuickClock, faults: new SimulatorFault(FaultNames.Hang, null, null, Aggregates));

        var found = await DoctorReport.OfAsync(given.Client);

        found.Healthy.ShouldBeFalse();
        found["aggregates-permission"].ShouldBe(
            ("failed", "The request for the figures of one hour did not finish within 8 s.", GenesysRemedies.Hanging));
        found["queues"].Condition.ShouldBe("ok");
        found["limits"].Condition.ShouldNotBe("skipped");
    }

    [Fact]
    public void Every_check_is_documented_in_execution_order()
    {
        using var service = new RunningService();

        var described = Row().Matches(Repository.Read("docs/doctor.md")).Select(row => row.Groups["name"].Value);

        described.ShouldBe(service.Services.GetServices<DiagnosticCheck>().Select(check => check.Name));
    }

    [GeneratedRegex(@"^\| `(?<name>[\w-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
