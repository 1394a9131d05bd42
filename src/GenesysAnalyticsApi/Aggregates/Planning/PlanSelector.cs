using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Chooses among plans that produce the same figures. Prefers slices of all queues, because all queries share them. If these need many Genesys
/// requests, a query for some queues uses their shards, and a query without granularity uses one bucket for its interval.
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
            var whole = await WithRequestCountAsync(SlicePlanner.PlanAsOneBucket(query, sharding.For(selection, query.Dimensions)));
            (plan, calls) = whole.Calls < calls ? whole : (plan, calls);
        }

        return plan;

        async Task<(SlicePlan Plan, int Calls)> WithRequestCountAsync(SlicePlan candidate)
        {
            // Cached slices need no request. They are looked up only if the estimate exceeds one request per slice.
            var (slices, requests) = (candidate.Slices, candidate.Slices.Sum(sizes.RequestsFor));
            foreach (var slice in requests > slices.Length ? slices : [])
            {
                requests -= await isFresh(slice) ? sizes.RequestsFor(slice) : 0;
            }

            return (candidate, requests);
        }
    }
}
