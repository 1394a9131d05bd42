using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// Decides when a failed slice fails the whole response: always if Genesys rejects our credentials, permissions or request, otherwise only if nothing
/// was fetched or the caller denies partial results. If there are several failures, the most severe is reported: 502, then 503, then 504.
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

        // Among equal failures, one with a Genesys reply is more informative than a request that was never sent.
        var mostSevere = failures.OrderBy(failure => Severity(failure.Kind)).ThenBy(failure => failure.CallsUsedUp || failure.UpstreamMessage is null).First();
        if (denyPartial || all.TrueForAll(outcome => outcome.IsFailed) || failures.Exists(failure => IsNeverPartial(failure.Kind)))
        {
            throw new GenesysException(mostSevere, all.Sum(outcome => outcome.Calls));
        }
    }

    public static FailedSlice Describe(SliceResult outcome) => new(
        InstantFormat.Print(outcome.Slice.Key.From),
        InstantFormat.Print(outcome.Slice.Key.To),
        outcome.Slice.Grain?.Iso,
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

/// <summary>Warnings about slices that are stale or incomplete.</summary>
internal static class SliceWarnings
{
    /// <summary>A query can cover a thousand queues. A few names are enough to find the cause.</summary>
    private const int MaxNamed = 10;

    /// <summary>One warning per reason for stale data.</summary>
    public static IEnumerable<ResponseWarning> Stale(IEnumerable<SliceResult> outcomes) => outcomes
        .Where(outcome => outcome.IsStale && !outcome.HasGaps)
        .GroupBy(outcome => outcome.Failure!.Kind.ToWireName(), StringComparer.Ordinal)
        .Select(group => new ResponseWarning(
            "stale", $"{PartsOf(group, "is", "are")} stale, because a refresh from Genesys failed ({group.Key}): {group.First().Failure!.Message}"));

    /// <summary>One warning per reason for queues that could not be fetched.</summary>
    public static IEnumerable<ResponseWarning> Lacking(IEnumerable<SliceResult> outcomes) => outcomes
        .Where(outcome => !outcome.Lacking.Ids.IsEmpty)
        .GroupBy(outcome => outcome.Failure!.Kind.ToWireName(), StringComparer.Ordinal)
        .Select(group =>
        {
            var ids = group.SelectMany(outcome => outcome.Lacking.Ids).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToList();
            var more = ids.Count > MaxNamed ? $" and {ids.Count - MaxNamed} more" : "";
            return new ResponseWarning(
                "queues-missing",
                $"{PartsOf(group, "lacks", "lack")} the queues {string.Join(", ", ids.Take(MaxNamed))}{more}, because they could not be fetched from Genesys ({group.Key}): {group.First().Failure!.Message}");
        });

    /// <summary>A warning that unknown queues are missing, because only known queues can be requested by id.</summary>
    public static IEnumerable<ResponseWarning> ByQueues(IEnumerable<SliceResult> outcomes, ResolvedQueues selection) =>
        selection.IsEverything && outcomes.Any(outcome => outcome.IsByQueues)
            ? [new ResponseWarning("known-queues-only", "Genesys does not return all queues at once, so the known queues were requested by id: a queue that was deleted before this service first saw it is missing.")]
            : [];

    private static string PartsOf(IEnumerable<SliceResult> outcomes, string singular, string plural) =>
        outcomes.Count() is var count && count == 1 ? $"1 part of the data {singular}" : $"{count} parts of the data {plural}";
}
