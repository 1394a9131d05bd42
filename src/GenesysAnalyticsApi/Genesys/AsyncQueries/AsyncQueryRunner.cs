using System.Collections.Concurrent;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>
/// Runs asynchronous queries for both gateways: the time limit, the telemetry, and the deletion, which follows every submitted query whatever its
/// outcome. Each call goes through the pipeline like any other, so the rate limit, the retries, the circuit breaker and the call budget apply to it.
/// </summary>
internal sealed partial class AsyncQueryRunner(
    GenesysApiClient api, GenesysTelemetry telemetry, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<AsyncQueryRunner> logger) : IHostedService
{
    private static readonly TimeSpan DeletionTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Task, byte> _deletions = new();

    /// <exception cref="GenesysException">The failure, with all attempts since the submission.</exception>
    public async Task<AggregatesReply> RunAsync(IAsyncQueryCalls calls, AggregatesRequest request, CancellationToken cancellationToken)
    {
        var limit = options.Value.AsyncQueryTimeout;
        using var deadline = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var query = new AsyncQuery(calls, api, request, options.Value, clock);
        var started = clock.GetTimestamp();
        var outcome = GenesysTelemetry.Abandoned;
        try
        {
            var reply = await query.RunAsync(both.Token);
            outcome = GenesysTelemetry.Fulfilled;
            return reply;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw FailedWith(AsyncQueryFailures.TimedOut(limit));
        }
        catch (GenesysException e)
        {
            throw FailedWith(e);
        }
        finally
        {
            telemetry.RecordAsyncQuery(outcome);
            Log.QueryEnded(logger, request.Edges[0], request.Edges[^1], outcome, clock.GetElapsedTime(started), query.Pages, query.Calls);
            if (query.Id is { } id)
            {
                StartDeletion(calls, id, request.Origin);
            }
        }

        GenesysException FailedWith(GenesysException failed)
        {
            outcome = failed.Failure.Kind.ToWireName();
            return new GenesysException(failed.Failure, query.Calls, failed);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for the deletions of queries that the shutdown ended: Genesys limits how many may run, also for the next process.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_deletions.Keys).WaitAsync(cancellationToken);

    /// <summary>Deletes a query. Its outcome is already known, so it neither waits for the deletion nor depends on it.</summary>
    private void StartDeletion(IAsyncQueryCalls calls, string id, RequestOrigin origin)
    {
        var deletion = DeleteAsync(calls, id, origin);
        _deletions[deletion] = 0;
        _ = deletion.ContinueWith(
            done => _deletions.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task DeleteAsync(IAsyncQueryCalls calls, string id, RequestOrigin origin)
    {
        // An exhausted call budget must not leave the query at Genesys. No query waits for this call, so others have priority in the rate limiter.
        var call = api.CreateCall(
            origin with { Calls = null, IsBackground = true }, GenesysWire.AggregatesPermission, static (_, _) => ValueTask.CompletedTask, ReplyLimit.Small);
        using var limit = new CancellationTokenSource(DeletionTimeout, clock);
        try
        {
            await calls.DeleteAsync(call, id, limit.Token);
        }
        catch (GenesysException failed)
        {
            Log.NotDeleted(logger, failed.Failure.Kind, failed.Failure.CorrelationId);
        }
        catch (OperationCanceledException)
        {
            Log.NotDeleted(logger, GenesysFailureKind.Timeout, null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1005, LogLevel.Information, "An asynchronous query from {From} to {To} ended after {Duration}: {Outcome} ({Pages} pages, {Calls} calls)")]
        public static partial void QueryEnded(ILogger logger, Instant from, Instant to, string outcome, TimeSpan duration, int pages, int calls);

        [LoggerMessage(1006, LogLevel.Debug, "An asynchronous query was not deleted: {Kind} (correlation id {CorrelationId}); its results expire at Genesys")]
        public static partial void NotDeleted(ILogger logger, GenesysFailureKind kind, string? correlationId);
    }
}
