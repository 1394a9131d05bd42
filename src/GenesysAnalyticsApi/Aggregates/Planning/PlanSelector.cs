using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Queues.Directory;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Planning;

/// <summary>
/// Chooses among plans that give the same figures. Slices of all queues are shared by all questions, and come first. Where they would take
/// many calls, a question for some queues takes the shards of these, and a total takes its interval as one bucket.
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
            // What is kept costs nothing. It only has to be looked up where the estimate is more than a call for each slice.
            var (slices, all) = (one.Slices, one.Slices.Sum(sizes.RequestsFor));
            foreach (var slice in all > slices.Length ? slices : [])
            {
                all -= await isFresh(slice) ? sizes.RequestsFor(slice) : 0;
            }

            return (one, all);
        }
    }
}
