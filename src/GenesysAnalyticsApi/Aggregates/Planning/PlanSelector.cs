using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Chooses among plans that produce the same figures. Prefers the slices that all queries share. If such a plan needs more Genesys requests than it has
/// slices, a plan that needs fewer requests replaces it: for a query of some queues, the shards of these queues; for a query without granularity that would
/// otherwise be too wide, one bucket for its interval.
/// </summary>
internal sealed class PlanSelector(
    QueueSharding sharding, LearnedSliceSize sizes, IOptions<AggregatesOptions> options, IOptions<GenesysOptions> genesys)
{
    /// <param name="isFresh">Whether a slice is in the cache and fresh enough for the query.</param>
    public async Task<SlicePlan> ChooseAsync(AggregatesQuery query, ResolvedQueues selection, Func<Slice, Task<bool>> isFresh)
    {
        var settle = Duration.FromHours(genesys.Value.SettleHours);
        var (plan, calls) = await WithRequestCountAsync(SlicePlanner.Plan(query, settle, sharding.For(selection, query.Dimensions)));
        if (calls <= plan.Slices.Length)
        {
            return plan;
        }

        if (!selection.IsEverything)
        {
            var byShards = await WithRequestCountAsync(SlicePlanner.Plan(query, settle, sharding.ShardsFor(selection, query.Dimensions)));
            (plan, calls) = byShards.Calls < calls ? byShards : (plan, calls);
        }

        if (query is { Granularity: null, LocalTime: null } && calls > options.Value.AsyncAboveCalls)
        {
            var asOneBucket = await WithRequestCountAsync(SlicePlanner.PlanAsOneBucket(query, sharding.For(selection, query.Dimensions)));
            (plan, calls) = asOneBucket.Calls < calls ? asOneBucket : (plan, calls);
        }

        return plan;

        async Task<(SlicePlan Plan, int Calls)> WithRequestCountAsync(SlicePlan candidate)
        {
            // Cached slices need no request. The cache is searched only if the estimate exceeds one request per slice.
            var (slices, requests) = (candidate.Slices, candidate.Slices.Sum(sizes.RequestsFor));
            foreach (var slice in requests > slices.Length ? slices : [])
            {
                requests -= await isFresh(slice) ? sizes.RequestsFor(slice) : 0;
            }

            return (candidate, requests);
        }
    }
}
