using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>
/// Injects every fault that the simulator offers for aggregates, first once and then permanently. The response is always correct, a labeled part of the
/// correct response, or a problem that names the cause (<see cref="FaultyResponse.ShouldBeHonest"/>). The table lists the expected outcomes.
/// </summary>
public sealed class FaultTests(FaultyOrganization organization) : IClassFixture<FaultyOrganization>
{
    /// <summary>Fault, outcome if it occurs once, outcome if it is permanent. <c>|</c> separates outcomes that depend on the affected slice.</summary>
    public static readonly TheoryData<string, string, string> Table = new()
    {
        { FaultNames.RateLimitSeconds, "right", "genesys-rate-limited" },
        { FaultNames.RateLimitDate, "right", "genesys-rate-limited" },
        { FaultNames.RateLimitHours, "partial|genesys-rate-limited", "genesys-rate-limited" },
        { FaultNames.RateLimitBare, "right", "genesys-rate-limited" },
        { FaultNames.RevokedToken, "right", "genesys-refused" },
        { FaultNames.MissingPermission, "genesys-refused", "genesys-refused" },
        { FaultNames.ServerError, "right", "genesys-unavailable" },
        { FaultNames.BadGatewayHtml, "right", "genesys-unavailable" },
        { FaultNames.Unavailable, "right", "genesys-unavailable" },
        { FaultNames.UnavailableAfter, "right", "genesys-unavailable" },
        { FaultNames.GatewayTimeout, "right", "genesys-timeout|genesys-unavailable" }, // The circuit breaker may open first
        { FaultNames.Redirect, "genesys-refused", "genesys-refused" },
        { FaultNames.Slow, "right", "right" },
        { FaultNames.WrongClock, "right", "right" },
        { FaultNames.Hang, "right", "genesys-timeout|genesys-unavailable" },
        { FaultNames.CutBody, "right", "genesys-unavailable|genesys-refused" }, // Before or after the headers arrive
        { FaultNames.CutChunks, "right", "genesys-unavailable|genesys-refused" },
        { FaultNames.HtmlAnswer, "right", "genesys-refused" },
        { FaultNames.TruncatedJson, "right", "genesys-refused" },
        { FaultNames.TooLarge, "right|genesys-refused", "genesys-refused" }, // A single bucket cannot be split
        { FaultNames.UnknownMetric, "right", "right" },
        { FaultNames.MissingMin, "right", "right" },
        { FaultNames.ForeignBucket, "right|partial", "genesys-refused" }, // Days are requested again in hours
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task An_aggregates_fault_never_causes_a_wrong_figure(string fault, string once, string permanent)
    {
        var first = await organization.QueryAsync(FaultyOrganization.Query, new SimulatorFault(fault, null, 1, FaultyOrganization.Aggregates));
        var always = await organization.QueryAsync(FaultyOrganization.Query, new SimulatorFault(fault, null, null, FaultyOrganization.Aggregates));

        first.Outcome.ShouldBeOneOf(once.Split('|'));
        always.Outcome.ShouldBeOneOf(permanent.Split('|'));
    }

    [Fact]
    public void Every_fault_is_in_a_table_or_has_its_own_test()
    {
        string[] own = [FaultNames.RefusedMetric, FaultNames.RefusedViews, FaultNames.MissingViews, FaultNames.MissingResults, FaultNames.GroupWithoutQueue, FaultNames.UnknownMediaType];
        string[] ofJobs = [FaultNames.TooLargeAt, .. AsyncQueryFetchTests.Faults.Select(row => row.Data.Item1).Distinct()];
        var covered = Table.Select(row => row.Data.Item1).Concat(LoginFaultTests.Table.Select(row => row.Data.Item1)).Concat(ListingFaultTests.Table.Select(row => row.Data.Item1));

        FaultNames.All.Except(ofJobs).Except(FaultNames.OfDetails).Except(FaultNames.OfRealTime).Except(FaultNames.OfNotifications).ShouldBe(covered.Concat(own).Distinct(), ignoreOrder: true);
    }

    [Fact]
    public async Task A_Retry_After_of_an_hour_fails_the_query_immediately()
    {
        var refused = await organization.QueryAsync(
            FaultyOrganization.Query, new SimulatorFault(FaultNames.RateLimitHours, "3600", null, FaultyOrganization.Aggregates));

        refused.Outcome.ShouldBe("genesys-rate-limited");
        refused.RetryAfter.ShouldBe(TimeSpan.FromMinutes(2), "callers never get a longer Retry-After");
        refused.Took.ShouldBeLessThan(TimeSpan.FromMinutes(4), "one or two attempts; four minutes on this clock are six real seconds");
        organization.Simulator.Calls.Count(call => call.Path.StartsWith(FaultyOrganization.Aggregates, StringComparison.Ordinal))
            .ShouldBeLessThanOrEqualTo(4, "one request per slice, none repeated");
    }
}
