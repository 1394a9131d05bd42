using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using GenesysAnalyticsApi.Genesys.Limits;
using GenesysAnalyticsApi.Genesys.RateLimiting;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Genesys.Limits;

/// <summary>The limits that Genesys reports are ceilings for what the service sends: settings can only lower them.</summary>
public sealed partial class OrganizationLimitsTests
{
    private const string Limits = "/api/v2/organizations/limits/";

    [Theory]
    [InlineData("100000", 240)]
    [InlineData("90", 90)]
    public async Task The_rate_limiter_applies_the_lower_of_both_limits(string setting, int allowed)
    {
        await using var given = await StartAsync(new() { Queues = 3, RequestsPerMinute = 240, RateHeaders = false }, ("Genesys:RequestsPerMinute", setting));

        await AreReadAsync(given);

        given.Service.Services.GetRequiredService<GenesysRateLimiter>().State.Allowed.ShouldBe(allowed);
    }

    [Fact]
    public async Task With_the_limits_of_the_organization_no_query_is_rejected()
    {
        await using var given = await StartAsync(new() { Queues = 43, RequestsPerMinute = 1_000_000, MaxPredicates = 12, MaxActivityPageSize = 30 }, ("Observations:MaxPredicates", "40"));
        await AreReadAsync(given);
        given.Simulator.Faults.Set([new SimulatorFault(FaultNames.MissingPermission, Scope: FaultScopes.Activity)]);

        // While activity queries are forbidden, the service sends observations queries, which have predicates. Later, it sends activity queries, which have
        // pages.
        await given.QueryAsync("/observations");
        given.Simulator.Faults.Clear();
        given.FakeClock.Advance(TimeSpan.FromMinutes(16));
        await given.QueryAsync("/observations");

        var live = given.Simulator.Calls.Where(call => call.Status is 200 or 400 && IsLive(call)).ToList();
        live.ShouldAllBe(call => call.Status == 200);
        live.Max(PredicatesOf).ShouldBe(12);
        live.Max(PageSizeOf).ShouldBe(30);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whether_the_limits_are_read_or_not_no_request_is_rejected_twice_for_the_same_limit(bool areRead)
    {
        // If the limits are not read, only the headers of the replies reveal the allowed requests per minute before these are used up.
        var simulated = new SimulatorSettings
        {
            Queues = 40,
            Volume = 0.5,
            RequestsPerMinute = 60,
            RateHeaders = !areRead,
            RefusesUnfilteredActivity = true,
            MaxPredicates = 12,
            MaxActivityPageSize = 30,
            MaxTopics = 60,
            MaxChannels = 3,
        };
        await using var given = await StartAsync(
            simulated, ("Genesys:ReadLimits", $"{areRead}"), ("Genesys:Notifications", "true"), ("Genesys:RequestsPerMinute", "100000"));
        if (areRead)
        {
            await AreReadAsync(given);
        }

        await given.FakeClock.AdvanceUntilAsync(
            () => given.Service.Services.GetRequiredService<LiveState>().Latest is { Source: LiveSource.Notifications }, "notifications keep the state up to date", 600);
        for (var minute = 0; minute < 3; minute++)
        {
            await QueryConcurrentlyAsync(given, minute, 100);
            given.FakeClock.Advance(TimeSpan.FromSeconds(61));
        }

        var refused = given.Simulator.Calls.Where(call => call.Status is 400 or 429).Select(call => LimitOf(call, simulated)).Order(StringComparer.Ordinal).ToList();
        refused.ShouldBeUnique();
        refused.ShouldBeSubsetOf(["a query without a filter", "page size", "predicates", "requests per minute", "topics"]);
        given.Simulator.Calls.Where(call => call.Status == 200).Max(PredicatesOf).ShouldBe(12);
        given.Simulator.Calls.Where(call => call.Status == 200).Max(PageSizeOf).ShouldBe(30);
        given.Simulator.Calls.Where(call => call.Method == "PUT" && call.Status == 200).Max(TopicsOf).ShouldBe(60);

        // The third channel is reserved to replace another one. The channels were lost when the clock advanced by whole minutes, and are opened again.
        await given.FakeClock.AdvanceUntilAsync(() => given.Simulator.ConnectedChannels == 2, "two of three channels are open", 300);
    }

    [Fact]
    public async Task Topics_are_not_requested_if_the_channels_of_the_organization_cannot_hold_them_all()
    {
        await using var given = await StartAsync(new() { Queues = 120, RequestsPerMinute = 1_000_000, MaxTopics = 50, MaxChannels = 3 }, ("Genesys:Notifications", "true"));
        await AreReadAsync(given);

        await given.FakeClock.AdvanceUntilAsync(() => EventsOf(given, 9207) > 0, "the number of topics is logged", 120);
        var observed = await given.QueryAsync("/observations");

        observed.GetProperty("meta").GetProperty("source").GetString().ShouldBe("polling");
        given.Simulator.ConnectedChannels.ShouldBe(0);
    }

    [Fact]
    public async Task A_namespace_that_cannot_be_read_again_keeps_its_ceiling()
    {
        await using var given = await StartAsync(new() { Queues = 3, RequestsPerMinute = 240, RateHeaders = false, MaxPredicates = 100 }, ("Genesys:RequestsPerMinute", "100000"));
        await AreReadAsync(given);
        given.Simulator.Faults.Set(
        [
            new SimulatorFault(FaultNames.Unavailable, Path: $"{Limits}namespaces/analytics.realtime"), new SimulatorFault(FaultNames.HtmlAnswer, Path: $"{Limits}namespaces/platform.api"),
        ]);
        var before = ReadAt(given);

        await Eventually.IsTrueAsync(
            () =>
            {
                given.FakeClock.Advance(OrganizationLimitsRefresher.RetryInterval);
                return ReadAt(given) > before;
            },
            "the limits are read again");

        given.Service.Services.GetRequiredService<GenesysRateLimiter>().State.Allowed.ShouldBe(240);
        given.Service.Services.GetRequiredService<ActivityQueryRestrictions>().MaxPredicates.ShouldBe(100);
    }

    [Fact]
    public async Task Implausible_values_and_unrelated_limits_are_not_used_as_ceilings()
    {
        var limits = new Dictionary<string, int>
        {
            ["platform.api/client.credentials.token.rate.per.minute"] = -1,
            ["analytics.realtime/predicate.nesting.depth"] = 1,
            ["notifications/channel.connections.max"] = 1,
        };
        await using var given = await StartAsync(new() { Queues = 3, RateHeaders = false, Limits = limits }, ("Genesys:RequestsPerMinute", "100000"));
        await AreReadAsync(given);

        given.Service.Services.GetRequiredService<GenesysRateLimiter>().State.Allowed.ShouldBe(300, "the default applies");
        given.Service.Services.GetRequiredService<ActivityQueryRestrictions>().MaxPredicates.ShouldBe(200);
        given.Service.Services.GetRequiredService<LimitCeilings>().Channels(20).ShouldBe(20);
    }

    [Fact]
    public async Task Without_the_setting_the_limits_are_not_read()
    {
        await using var given = await StartAsync(new() { Queues = 3, RequestsPerMinute = 1_000_000 }, ("Genesys:ReadLimits", "false"));

        await given.QueryAsync("/observations");

        given.Service.Services.GetRequiredService<LimitCeilings>().Channels(20_000).ShouldBe(20_000);
        Reads(given).ShouldBe(0);
    }

    /// <summary>Sends queries that each need a Genesys request, and advances the clock until all have their responses.</summary>
    private static async Task QueryConcurrentlyAsync(SimulatedService given, int minute, int count)
    {
        var queries = Task.WhenAll(Enumerable.Range(0, count).Select(async number =>
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"/aggregates?interval=2026-11-{1 + (number % 20):00}/2026-11-{2 + (number % 20):00}&granularity=PT1H&groupBy=none&serviceLevelThresholdMs={1_000 + (100 * minute) + number}");
            using var response = await given.Client.GetAsync(new Uri(query, UriKind.Relative), TestContext.Current.CancellationToken);
            new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }.ShouldContain(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }));
        while (!queries.IsCompleted)
        {
            given.FakeClock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        await queries;
    }

    /// <summary>The limit that the simulator enforced when it rejected the request. It checks the filter before the page size.</summary>
    private static string LimitOf(RecordedCall call, SimulatorSettings simulated) =>
        call.Status == 429 ? "requests per minute"
        : call.Path.Contains("/subscriptions", StringComparison.Ordinal) && TopicsOf(call) > simulated.MaxTopics ? "topics"
        : IsLive(call) && PredicatesOf(call) == 0 ? "a query without a filter"
        : PredicatesOf(call) > simulated.MaxPredicates ? "predicates"
        : PageSizeOf(call) > simulated.MaxActivityPageSize ? "page size"
        : $"{call.Method} {call.Path} {call.Body}";

    private static bool IsLive(RecordedCall call) => call.Path.Contains("/activity/query", StringComparison.Ordinal) || call.Path.Contains("/observations/query", StringComparison.Ordinal);

    private static int PredicatesOf(RecordedCall call) => IsLive(call) ? Predicate().Count(call.Body) : 0;

    private static int TopicsOf(RecordedCall call) => Topic().Count(call.Body);

    private static int PageSizeOf(RecordedCall call) => IsLive(call) && PageSize().Match(call.Path) is { Success: true } size ? int.Parse(size.ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static Instant ReadAt(SimulatedService given) => given.Service.Services.GetRequiredService<LimitCeilings>().Find(LimitKind.Channels).Ceiling!.ReadAt;

    private static int Reads(SimulatedService given) => given.Simulator.Calls.Count(call => call.Path.StartsWith(Limits, StringComparison.Ordinal));

    private static int EventsOf(SimulatedService given, int id) => given.Service.Log.Events.Count(line =>
        line.Properties.TryGetValue("EventId", out var eventId) && eventId.ToString().Contains(id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    private static Task AreReadAsync(SimulatedService given) => Eventually.IsTrueAsync(
        () => given.Service.Services.GetRequiredService<LimitCeilings>().Find(LimitKind.Channels).Ceiling is not null, "the limits are read");

    private static Task<SimulatedService> StartAsync(SimulatorSettings simulated, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string> { ["Genesys:ReadLimits"] = "true" };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return SimulatedService.StartAsync(simulated, all);
    }

    [GeneratedRegex("\"dimension\":")]
    private static partial Regex Predicate();

    [GeneratedRegex("\"id\":")]
    private static partial Regex Topic();

    [GeneratedRegex(@"(?<=[?&]pageSize=)\d+")]
    private static partial Regex PageSize();
}
