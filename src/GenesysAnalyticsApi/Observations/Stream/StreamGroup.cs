using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.Response;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>The services that <see cref="StreamGroup"/> needs.</summary>
internal sealed record StreamDependencies(
    ILiveState Live, ObservedQueuesResolver Queues, ObservationsResponseBuilder Builder, StreamTelemetry Telemetry, TimeProvider Clock, ILogger<StreamGroup> Logger);

/// <summary>
/// All subscribers of one query that see the same queues. The records of a state are computed once for the whole group. While there are subscribers, the group
/// follows the state. When the last subscriber has left, the group keeps its history for a while, so that a subscriber that reconnects gets only the changes.
/// </summary>
internal sealed partial class StreamGroup(ObservationsQuery query, Caller caller, StreamDependencies services) : IDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

    private readonly string _epoch = Guid.NewGuid().ToString("N")[..16];
    private readonly SemaphoreSlim _computing = new(1);
    private volatile Pulse _pulse = new(null, HasEnded: false);
    private ObservedQueues? _observed;
    private long _computedVersion;
    private CancellationTokenSource? _following;

    public StreamFrames Frames { get; } = new(services.Telemetry, services.Clock);

    /// <summary>The number of subscribers. Changed by <see cref="StreamGroupRegistry"/> under its lock.</summary>
    public int Subscribers { get; set; }

    /// <summary>When the last subscriber left. Meaningful only while there are no subscribers.</summary>
    public DateTimeOffset IdleSince { get; set; }

    /// <summary>The newest pulse: the newest state, and a task that completes when there is a newer state or a heartbeat may be due.</summary>
    public Pulse Newest => _pulse;

    /// <summary>Ensures that the group has a state. A state older than <paramref name="maxAge"/> is read again.</summary>
    /// <exception cref="GenesysException">The state could not be read.</exception>
    /// <exception cref="ProblemException">The queues of the query could not be resolved.</exception>
    public async Task<StreamState> StartAsync(Duration maxAge, Caller subscriber, CancellationToken cancellationToken)
    {
        await ComputeAsync(await services.Live.GetAsync(maxAge, subscriber.Origin, cancellationToken), isFirst: true, cancellationToken);
        return _pulse.State!;
    }

    /// <summary>Follows the state until <see cref="Stop"/>.</summary>
    public void Follow()
    {
        _following = new CancellationTokenSource();
        _ = FollowAsync(_following.Token);
    }

    public void Stop()
    {
        _following?.Cancel();
        _following?.Dispose();
        _following = null;
    }

    public void Dispose()
    {
        Stop();
        _computing.Dispose();
    }

    private async Task FollowAsync(CancellationToken stopped)
    {
        await using var timer = services.Clock.CreateTimer(_ => Publish(pulse => new(pulse.State, pulse.HasEnded)), null, StreamIntervals.Pulse, StreamIntervals.Pulse);
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                await foreach (var state in services.Live.WatchAsync(stopped))
                {
                    await ComputeAsync(state, isFirst: false, stopped);
                }
            }
            catch (Exception) when (stopped.IsCancellationRequested)
            {
                return;
            }
            catch (ProblemException problem) when (problem.Problem.Status < StatusCodes.Status500InternalServerError)
            {
                // The queues of the query can no longer be resolved. Subscribers get the reason when they subscribe again.
                Publish(pulse => new(pulse.State, HasEnded: true));
                return;
            }
            catch (Exception failure)
            {
                // A state that cannot be sent does not end the streams: they continue with the next state, and until then the age grows.
                Log.Failed(services.Logger, failure is GenesysException or ProblemException ? null : failure, failure.Message);
            }

            await Task.Delay(RetryPause, services.Clock, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ComputeAsync(LiveSnapshot snapshot, bool isFirst, CancellationToken cancellationToken)
    {
        await _computing.WaitAsync(cancellationToken);
        try
        {
            if (_pulse.State is not null && snapshot.Version <= _computedVersion)
            {
                return;
            }

            _observed = await ResolveAsync(isFirst, cancellationToken);
            var response = services.Builder.Build(snapshot, query, _observed, Instant.FromDateTimeOffset(services.Clock.GetUtcNow()));
            _computedVersion = snapshot.Version;
            var newest = _pulse.State?.Next(response) ?? StreamState.Start(response, _epoch);
            Publish(pulse => new(newest, pulse.HasEnded));
        }
        finally
        {
            _computing.Release();
        }
    }

    /// <summary>Resolves the queues again for each state, because new queues can match a name, and the queues that a caller sees can change.</summary>
    private async Task<ObservedQueues> ResolveAsync(bool isFirst, CancellationToken cancellationToken)
    {
        try
        {
            return await services.Queues.ResolveAsync(query, caller, cancellationToken);
        }
        catch (Exception failure) when (!isFirst && _observed is not null
            && failure is GenesysException or ProblemException { Problem.Status: >= StatusCodes.Status500InternalServerError })
        {
            // The directory cannot be read now, so the queues that were resolved last are used.
            return _observed!;
        }
    }

    /// <summary>Replaces the pulse and wakes the subscribers. The replacement is atomic, so the timer cannot replace a newer state with an older one.</summary>
    private void Publish(Func<Pulse, Pulse> next)
    {
        Pulse before;
        do
        {
            before = _pulse;
        }
        while (Interlocked.CompareExchange(ref _pulse, next(before), before) != before);
        before.End();
    }

    /// <param name="State">Null until the first state.</param>
    /// <param name="HasEnded">Whether the streams of the group must end.</param>
    internal sealed record Pulse(StreamState? State, bool HasEnded)
    {
        // Thousands of subscribers may be waiting. They continue on the thread pool, not on the thread that computes the state.
        private readonly TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Next => _next.Task;

        public void End() => _next.TrySetResult();
    }

    private static partial class Log
    {
        [LoggerMessage(9100, LogLevel.Warning, "A state of the queues could not be sent to the subscribers of a stream: {Reason}")]
        public static partial void Failed(ILogger logger, Exception? unexpected, string reason);
    }
}
