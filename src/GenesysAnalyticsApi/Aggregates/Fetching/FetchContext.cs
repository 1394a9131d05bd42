using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>The context of one slice fetch: its origin, its queues, and the number of requests sent so far.</summary>
internal sealed class FetchContext(RequestOrigin origin, ImmutableArray<string> queueIds)
{
    private int _total;
    private IReadOnlyList<ImmutableArray<string>>? _insteadOfAll;

    public RequestOrigin Origin => origin;

    public ImmutableArray<string> QueueIds => queueIds;

    /// <summary>All queues were to be asked for, and it takes their ids: these lists of them.</summary>
    public IReadOnlyList<ImmutableArray<string>>? InsteadOfAll
    {
        get => Volatile.Read(ref _insteadOfAll);
        set => Interlocked.CompareExchange(ref _insteadOfAll, value, null);
    }

    public int Total => Volatile.Read(ref _total);

    public void Add(int calls) => Interlocked.Add(ref _total, calls);
}
