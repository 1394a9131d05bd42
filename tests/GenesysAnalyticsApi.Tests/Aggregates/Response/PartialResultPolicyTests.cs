using System.Globalization;
using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Tests.Aggregates.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Aggregates.Response;

public sealed class PartialResultPolicyTests
{
    [Theory]
    [InlineData("RateLimited Timeout", "RateLimited")]
    [InlineData("Timeout Unavailable", "Unavailable")]
    [InlineData("Unavailable Unreadable Timeout", "Unreadable")]
    [InlineData("Timeout TooLarge RateLimited", "TooLarge")]
    [InlineData("Timeout Forbidden Unreadable", "Forbidden")]
    [InlineData("Rejected Unauthorized", "Unauthorized")]
    [InlineData("Timeout", "Timeout")]
    public void If_all_slices_fail_the_most_severe_failure_is_reported(string kinds, string expected) =>
        ReportedFailure(kinds, fetched: 0, deny: false).ShouldBe(expected);

    [Theory]
    [InlineData("RateLimited", null)]
    [InlineData("Unavailable Timeout", null)]
    [InlineData("Unreadable TooLarge", null)]
    [InlineData("Unauthorized", "Unauthorized")]
    [InlineData("Timeout Forbidden", "Forbidden")]
    [InlineData("Unreadable Rejected", "Rejected")]
    public void A_misconfiguration_of_this_service_never_gives_a_partial_response(string kinds, string? expected) =>
        ReportedFailure(kinds, fetched: 1, deny: false).ShouldBe(expected);

    [Theory]
    [InlineData("Timeout", "Timeout")]
    [InlineData("Timeout RateLimited", "RateLimited")]
    [InlineData("", null)]
    public void If_the_caller_denies_partial_results_a_failed_slice_fails_the_query(string kinds, string? expected) =>
        ReportedFailure(kinds, fetched: 3, deny: true).ShouldBe(expected);

    /// <summary>The failure that is thrown, or null for a partial or complete response.</summary>
    private static string? ReportedFailure(string kinds, int fetched, bool deny)
    {
        var failures = kinds.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(kind => new GenesysFailure(Enum.Parse<GenesysFailureKind>(kind), kind));
        SliceResult[] outcomes =
        [
            .. Enumerable.Repeat<GenesysFailure?>(null, fetched).Concat(failures).Select((failure, hour) => OutcomeOf(failure, hour)),
        ];
        try
        {
            PartialResultPolicy.Check(outcomes, deny);
            return null;
        }
        catch (GenesysException thrown)
        {
            thrown.Calls.ShouldBe(outcomes.Length);
            return thrown.Failure.Kind.ToString();
        }
    }

    private static SliceResult OutcomeOf(GenesysFailure? failure, int hour)
    {
        var from = AggregatesClient.Now + Duration.FromHours(hour);
        var key = new SliceKey(from, Duration.FromHours(1), 1, hour.ToString(CultureInfo.InvariantCulture), null);
        var facts = failure is null ? AggregateFacts.Empty(key.Edges) : null;
        return new SliceResult(new Slice(key, null, null, GenesysMetrics.StandardGroup), facts, AggregatesClient.Now, failure, 1, new HashSet<string>());
    }
}
