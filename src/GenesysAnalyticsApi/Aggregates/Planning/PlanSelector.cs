using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Chooses among plans that produce the same figures. Slices of all queues are preferred because all queries share them. If these need many Genesys
/// requests, a query for some queues uses their shards, and a query without granularity uses one bucket for its interval.
/// </summary>
internal sealed class PlanSelector(
    QueueSharding scopes, AdaptiveSliceSize sizes, IOptions<AggregatesOptions> options, IOptions<GenesysOptions> genesys)
{
    /// <param name="isFresh">Whether a slice is in the cache and fresh enough for the query.</param>
    public async Task<SlicePlan> ChooseAsync(AggregatesQuery query, ResolvedQueues selection, Func<Slice, Task<bool>> isFresh)
    {
        var settle = Duration.FromHours(genesys.Value.SettleHours);
        var (plan, calls) = await CountedAsync(SlicePlanner.Plan(query, settle, scopes.For(selection)));
        if (calls <= plan.Slices.Length)
        {
            return plan;
        }

        if (!selection.IsEverything)
        {
            var byShards = await CountedAsync(SlicePlanner.Plan(query, settle, scopes.ShardsFor(selection)));
            (plan, calls) = byShards.Calls < calls ? byShards : (plan, calls);
        }

        if (query.Granularity is null && calls > options.Value.AsyncAboveCalls)
        {
            var whole = await CountedAsync(SlicePlanner.PlanWhole(query, scopes.For(selection)));
            (plan, calls) = whole.Calls < calls ? whole : (plan, calls);
        }

        return plan;

        async Task<(SlicePlan Plan, int Calls)> CountedAsync(SlicePlan one)
        {
            // Cached slices cost no request. They are looked up only if the estimate exceeds one request per slice.
            var (slices, all) = (one.Slices, one.Slices.Sum(sizes.RequestsFor));
            foreach (var slice in all > slices.Length ? slices : [])
            {
                all -= await isFresh(slice) ? sizes.RequestsFor(slice) : 0;
            }

            return (one, all);
        }
    }
}
