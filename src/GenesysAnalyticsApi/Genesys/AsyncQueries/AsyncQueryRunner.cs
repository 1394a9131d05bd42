using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Pipeline;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.AsyncQueries;

/// <summary>
/// Runs asynchronous queries of all kinds, for both gateways: applies the time limit, records telemetry, and deletes every submitted query, whatever its
/// outcome. Each of its requests passes through the pipeline like any other Genesys request, so the rate limit, the retries and the circuit breaker apply. The
/// call budget applies to every request except the deletion.
/// </summary>
internal sealed partial class AsyncQueryRunner(
    GenesysApiClient api, GenesysTelemetry telemetry, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<AsyncQueryRunner> logger) : IHostedService
{
    private static readonly TimeSpan DeletionTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Task, byte> _deletions = new();

    /// <summary>Runs a query for figures.</summary>
    /// <exception cref="GenesysException">The query failed. The exception counts all attempts since the submission.</exception>
    public async Task<AggregatesReply> RunAsync(IAsyncQueryCalls calls, AggregatesRequest request, CancellationToken cancellationToken)
    {
        var reply = new AggregatesReply(AggregateFacts.Empty(request.Edges), default, 0);
        var definition = new AggregatesQueryDefinition(calls, request, options.Value.AsyncQueryPageSize);
        await foreach (var page in RunAsync(definition, cancellationToken))
        {
            reply = new AggregatesReply(page.Content ?? reply.Facts, page.SubmittedAt, reply.Calls + page.Calls);
        }

        return reply;
    }

    /// <summary>Runs a query and returns each page as soon as it has been read. If the consumer stops early, the query is abandoned and deleted.</summary>
    /// <exception cref="GenesysException">The query failed. The exception counts all attempts since the submission.</exception>
    public async IAsyncEnumerable<AsyncQueryPage<T>> RunAsync<T>(
        AsyncQueryDefinition<T> definition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var time = new AsyncQueryTime(options.Value.AsyncQueryTimeout, definition.HasTimeLimitPerPage, clock, cancellationToken);
        var query = new AsyncQuery(definition, api, options.Value, clock);
        var reportedCalls = 0;
        try
        {
            await RunStepAsync(() => query.StartAsync(time.Token), query, time);
            while (!query.IsComplete)
            {
                T? content = default;
                time.StartPage();
                await RunStepAsync(
                    async () =>
                    {
                        await query.ReadPageAsync(time.Token);
                        content = definition.Take(query.IsComplete);
                    },
                    query,
                    time);
                time.EndPage();
                query.Outcome = query.IsComplete ? GenesysTelemetry.Fulfilled : query.Outcome;

                var calls = query.Calls - reportedCalls;
                reportedCalls = query.Calls;
                yield return new AsyncQueryPage<T>(content!, Instant.FromDateTimeOffset(query.SubmittedAt), calls);
            }
        }
        finally
        {
            telemetry.RecordAsyncQuery(query.Outcome);
            Log.QueryEnded(logger, definition.From, definition.To, query.Outcome, time.Elapsed, query.Pages, query.Calls);
            if (query.Id is { } id)
            {
                StartDeletion(definition, id);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Waits for the deletions in progress, including the deletions of queries that the shutdown interrupted. Genesys limits how many asynchronous queries run
    /// at the same time, so leftover queries would delay the queries of the next process.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(_deletions.Keys).WaitAsync(cancellationToken);

    /// <summary>
    /// Runs one step of a query. Rethrows a failure with all attempts of the query. If the time limit is exceeded, throws a failure instead of the
    /// cancellation.
    /// </summary>
    private static async Task RunStepAsync(Func<Task> step, AsyncQuery query, AsyncQueryTime time)
    {
        try
        {
            await step();
        }
        catch (OperationCanceledException) when (!time.IsCallerGone)
        {
            throw FailedWith(time.Failure);
        }
        catch (GenesysException e)
        {
            throw FailedWith(e);
        }

        GenesysException FailedWith(GenesysException exception)
        {
            query.Outcome = exception.Failure.Kind.ToWireName();
            return new GenesysException(exception.Failure, query.Calls, exception);
        }
    }

    /// <summary>Starts the deletion of a query. Nothing waits for the deletion, because the outcome of the query does not depend on it.</summary>
    private void StartDeletion(AsyncQueryDefinition definition, string id)
    {
        var deletion = DeleteAsync(definition, id);
        _deletions[deletion] = 0;
        _ = deletion.ContinueWith(
            task => _deletions.TryRemove(task, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task DeleteAsync(AsyncQueryDefinition definition, string id)
    {
        // The call budget does not apply, because an exhausted budget would leave the query at Genesys. The deletion has background priority, because no caller
        // waits for it.
        var call = api.CreateCall(
            definition.Origin with { Calls = null, IsBackground = true }, definition.Permission, static (_, _) => ValueTask.CompletedTask, ReplyLimit.Small);
        using var timeout = new CancellationTokenSource(DeletionTimeout, clock);
        try
        {
            await definition.DeleteAsync(call, id, timeout.Token);
        }
        catch (GenesysException exception)
        {
            Log.NotDeleted(logger, exception.Failure.Kind, exception.Failure.CorrelationId);
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
