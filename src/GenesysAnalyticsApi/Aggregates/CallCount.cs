using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Who asks for which queues, and how often Genesys was reached for it.</summary>
internal sealed class CallCount(RequestOrigin asker, ImmutableArray<string> queueIds)
{
    private int _total;
    private IReadOnlyList<ImmutableArray<string>>? _insteadOfAll;

    public RequestOrigin Asker => asker;

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
