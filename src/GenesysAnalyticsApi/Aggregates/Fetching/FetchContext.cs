using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Aggregates.Fetching;

/// <summary>The context of one slice fetch: its origin, its queues, and the number of Genesys requests sent so far.</summary>
internal sealed class FetchContext(RequestOrigin origin, ImmutableArray<string> queueIds)
{
    private int _total;
    private IReadOnlyList<ImmutableArray<string>>? _queueIdLists;

    public RequestOrigin Origin => origin;

    public ImmutableArray<string> QueueIds => queueIds;

    /// <summary>The lists of ids to request instead of all queues; null as long as all queues are requested at once. Only the first value is kept.</summary>
    public IReadOnlyList<ImmutableArray<string>>? QueueIdLists
    {
        get => Volatile.Read(ref _queueIdLists);
        set => Interlocked.CompareExchange(ref _queueIdLists, value, null);
    }

    /// <summary>The number of Genesys requests sent so far, including retries.</summary>
    public int Total => Volatile.Read(ref _total);

    public void Add(int calls) => Interlocked.Add(ref _total, calls);

    /// <summary>Sends a request of this fetch, counts its attempts, and keeps only the figures of the requested queues.</summary>
    public async Task<AggregatesReply> SendAsync(
        AggregatesRequest request, Func<AggregatesRequest, CancellationToken, Task<AggregatesReply>> send, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await send(request with { Origin = Origin }, cancellationToken);
            Add(reply.Calls);
            return request.QueueIds is [] ? reply : reply with { Facts = QueueFactsFilter.KeepRequested(reply.Facts, request.QueueIds) };
        }
        catch (GenesysException e)
        {
            Add(e.Calls);
            throw;
        }
    }
}

internal static class CallBudgets
{
    /// <summary>Returns a new budget for the Genesys requests of one query, or of one slice that no query waits for.</summary>
    public static CallBudget NewCallBudget(this AggregatesOptions limits) => new(limits.MaxUpstreamCalls ?? 2 * limits.AsyncAboveCalls);
}

/// <summary>The time limit of one slice fetch. From the start of an asynchronous query, a longer limit applies.</summary>
internal sealed class FetchDeadline : IDisposable
{
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _linked;
    private (TimeSpan Limit, string Setting) _current;

    /// <param name="setting">The name of the setting, for the failure message.</param>
    /// <param name="abandoned">Canceled when no query waits for the slice any longer.</param>
    public FetchDeadline(TimeSpan limit, string setting, TimeProvider clock, CancellationToken abandoned)
    {
        _current = (limit, setting);
        _timeout = new CancellationTokenSource(limit, clock);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(abandoned, _timeout.Token);
    }

    public CancellationToken Token => _linked.Token;

    public GenesysFailure Failure => new(
        GenesysFailureKind.Timeout, $"Genesys did not respond within {_current.Limit.TotalSeconds:0.###} s (Genesys:{_current.Setting}).");

    public void Restart(TimeSpan limit, string setting)
    {
        _current = (limit, setting);
        _timeout.CancelAfter(limit);
    }

    public void Dispose()
    {
        _linked.Dispose();
        _timeout.Dispose();
    }
}
