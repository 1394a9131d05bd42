using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Infrastructure;

/// <summary>A fake Genesys with one queue and no figures. A test can hold its replies and release them.</summary>
internal sealed class BlockingGateway : IGenesysGateway
{
    private TaskCompletionSource _gate = Open();
    private TaskCompletionSource _listing = Open();
    private int _requests;

    /// <summary>The number of aggregates requests so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public bool IsBreakerClosed => true;

    /// <summary>A request whose interval begins at this instant fails, however often it is sent.</summary>
    public Instant? FailsAt { get; init; }

    public void Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Holds the queue listing. Call it before the service first reads the listing.</summary>
    public void HoldListing() => _listing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _gate.TrySetResult();

    public Task<AggregatesReply> RunAsynchronousQueryAsync(AggregatesRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async Task<AggregatesReply> QueryAggregatesAsync(AggregatesRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _requests);
        await _gate.Task.WaitAsync(cancellationToken);
        if (request.Edges[0] == FailsAt)
        {
            throw new GenesysException(new GenesysFailure(GenesysFailureKind.Unavailable, "Genesys is unavailable."));
        }

        return new AggregatesReply(AggregateFacts.Empty(request.Edges), Instant.FromUtc(2026, 11, 23, 9, 15), 1);
    }

    public async Task<ListPage<GenesysQueue>> ListQueuesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken)
    {
        await _listing.Task.WaitAsync(cancellationToken);
        return new ListPage<GenesysQueue>([QueueBuilder.Listed(1, "Sales")], 1, 1, HasNext: false);
    }

    public Task<ListPage<GenesysName>> ListUsersAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        Task.FromResult(new ListPage<GenesysName>([], 1, 1, HasNext: false));

    public Task<ListPage<GenesysName>> ListWrapUpCodesAsync(int pageNumber, RequestOrigin origin, CancellationToken cancellationToken) =>
        Task.FromResult(new ListPage<GenesysName>([], 1, 1, HasNext: false));

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
