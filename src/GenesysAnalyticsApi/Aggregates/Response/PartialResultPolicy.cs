using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// Decides when a failed slice fails the whole response: always if Genesys rejects the credentials, the permissions or a request of this service;
/// otherwise, only if nothing was fetched or the caller denies partial results. Of several failures, the most severe is reported: 502, then 503, then 504.
/// </summary>
internal static class PartialResultPolicy
{
    public static void Check(IEnumerable<SliceResult> outcomes, bool denyPartial)
    {
        var all = outcomes.ToList();
        var failures = all.Where(outcome => outcome.HasGaps).Select(outcome => outcome.Failure!).ToList();
        if (failures is [])
        {
            return;
        }

        // Among equal failures, a failure with a message from Genesys is more informative than a request that was never sent.
        var mostSevere = failures.OrderBy(failure => Severity(failure.Kind)).ThenBy(failure => failure.CallsUsedUp || failure.UpstreamMessage is null).First();
        if (denyPartial || all.TrueForAll(outcome => outcome.IsFailed) || failures.Exists(failure => IsNeverPartial(failure.Kind)))
        {
            throw new GenesysException(mostSevere, all.Sum(outcome => outcome.Calls));
        }
    }

    public static FailedSlice Describe(SliceResult outcome) => new(
        InstantFormat.Print(outcome.Slice.Key.From),
        InstantFormat.Print(outcome.Slice.Key.To),
        outcome.Slice.RequestedGranularity?.Iso,
        $"{outcome.Failure!.Kind.ToWireName()}: {outcome.Failure.Message}");

    /// <summary>Whether this failure of one slice fails the whole response.</summary>
    public static bool IsNeverPartial(GenesysFailureKind kind) =>
        kind is GenesysFailureKind.Unauthorized or GenesysFailureKind.Forbidden or GenesysFailureKind.Rejected;

    private static int Severity(GenesysFailureKind kind) => kind switch
    {
        GenesysFailureKind.Unauthorized => 0,
        GenesysFailureKind.Forbidden => 1,
        GenesysFailureKind.Rejected => 2,
        GenesysFailureKind.TooLarge => 3,
        GenesysFailureKind.Unreadable => 4,
        GenesysFailureKind.RateLimited => 5,
        GenesysFailureKind.Unavailable => 6,
        _ => 7,
    };
}
