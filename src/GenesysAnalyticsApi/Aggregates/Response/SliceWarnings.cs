using GenesysAnalyticsApi.Aggregates.Fetching;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Warnings about slices that are stale or incomplete.</summary>
internal static class SliceWarnings
{
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
            return new ResponseWarning(
                "queues-missing",
                $"{PartsOf(group, "lacks", "lack")} the queues {ResponseWarning.Named(ids)}, because they could not be fetched from Genesys ({group.Key}): {group.First().Failure!.Message}");
        });

    /// <summary>Warns that unknown queues are missing if queues were requested by id, because only known queues can be requested by id.</summary>
    public static IEnumerable<ResponseWarning> ByQueues(IEnumerable<SliceResult> outcomes, ResolvedQueues selection) =>
        selection.IsEverything && outcomes.Any(outcome => outcome.HasListedQueuesOnly)
            ? [new ResponseWarning("known-queues-only", "Genesys does not return all queues at once, so the known queues were requested by id: a queue that was deleted before this service first saw it is missing.")]
            : [];

    private static string PartsOf(IEnumerable<SliceResult> outcomes, string singular, string plural) =>
        outcomes.Count() is var count && count == 1 ? $"1 part of the data {singular}" : $"{count} parts of the data {plural}";
}
