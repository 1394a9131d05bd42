using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Observability;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Connection;

/// <summary>
/// The connection to Redis, which is opened in the background and reconnects automatically. While Redis is unavailable, or after
/// <see cref="MaxTimeouts"/> consecutive timeouts, commands return their fallback immediately, and each replica works alone.
/// </summary>
internal sealed partial class RedisConnection(IOptions<CacheStorageOptions> options, TimeProvider clock, ILogger<RedisConnection> logger)
    : IHostedService, IAsyncDisposable
{
    /// <summary>The pause before the next probe of a slow Redis, or before the next attempt to connect after an exception.</summary>
    internal static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    /// <summary>The number of consecutive timeouts after which Redis counts as too slow.</summary>
    internal const int MaxTimeouts = 3;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<IConnectionMultiplexer> _multiplexer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IDatabase? _database;
    private ITimer? _retryTimer;
    private volatile bool _isSlow;
    private volatile bool _isDisposed;
    private int _timeouts;

    /// <summary>
    /// The timeout of one command. Redis usually replies in less than a millisecond, or in a few dozen milliseconds for a slice of several megabytes.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The Redis database; null while Redis is unavailable or too slow.</summary>
    public IDatabase? Database
    {
        get
        {
            UpdateState();
            return IsUsable ? _database : null;
        }
    }

    /// <summary>The multiplexer, which subscriptions need. The task completes when the multiplexer exists, even if Redis is unavailable at that time.</summary>
    public Task<IConnectionMultiplexer> Multiplexer => _multiplexer.Task;

    private bool IsUsable => !_isSlow && _database is { Multiplexer.IsConnected: true };

    /// <summary>Runs a command. Returns <paramref name="fallback"/> if Redis is unavailable, rejects the command or does not reply in time.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled. Other cancellations return the fallback.</exception>
    public async Task<T> ExecuteAsync<T>(Func<IDatabase, Task<T>> command, T fallback, CancellationToken cancellationToken)
    {
        if (Database is not { } database)
        {
            return fallback;
        }

        try
        {
            // Network timeouts use the system clock, even in tests that inject another clock.
            var result = await command(database).ObserveFault().WaitAsync(CommandTimeout, cancellationToken);
            Interlocked.Exchange(ref _timeouts, 0);
            return result;
        }
        catch (TimeoutException)
        {
            RecordTimeout();
        }
        catch (Exception rejection) when (rejection is RedisServerException or RedisCommandException)
        {
            ReportRejected(rejection.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A query does not need Redis, so a failure of Redis must not fail the query.
            UpdateState();
        }

        return fallback;
    }

    /// <summary>
    /// Reads the value of a key. A value of more than <paramref name="maxBytes"/> is not read to its end, but reported and deleted.
    /// </summary>
    /// <param name="kind">See <see cref="ReportInvalid"/>.</param>
    /// <returns>Null if the key has no value or an empty one, if the value is too large, or if Redis is unavailable.</returns>
    public async Task<byte[]?> GetBytesAsync(string key, int maxBytes, string kind, CancellationToken cancellationToken)
    {
        // One byte more than allowed is enough to see that the value is too large.
        byte[]? bytes = await ExecuteAsync(database => database.StringGetRangeAsync(key, 0, maxBytes), RedisValue.Null, cancellationToken);
        if (bytes?.Length > maxBytes)
        {
            await DeleteInvalidAsync(key, kind, $"larger than {maxBytes} bytes");
            return null;
        }

        return bytes is null or [] ? null : bytes;
    }

    /// <summary>Reads the time stamp of a <see cref="VersionedPayload"/> without the body.</summary>
    /// <returns>Null if the key has no value of this version, or if Redis is unavailable.</returns>
    public async Task<Instant?> GetStampAsync(string key, byte version, CancellationToken cancellationToken)
    {
        byte[]? head = await ExecuteAsync(
            database => database.StringGetRangeAsync(key, 0, VersionedPayload.HeadLength - 1), RedisValue.Null, cancellationToken);
        return VersionedPayload.ReadStamp(version, head);
    }

    /// <summary>Waits up to one second for the multiplexer to be created. Without this wait, every read from Redis at startup would come too early.</summary>
    public async Task WaitForStartAsync(CancellationToken cancellationToken) =>
        await ((Task)Multiplexer).WaitAsync(StartTimeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = Task.Run(ConnectAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _multiplexer.TrySetCanceled();
        if (_retryTimer is not null)
        {
            await _retryTimer.DisposeAsync();
        }

        if (_database is { } database)
        {
            await database.Multiplexer.DisposeAsync();
        }
    }

    private ConfigurationOptions CreateOptions(string connectionString)
    {
        var configuration = ConfigurationOptions.Parse(connectionString);
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(1_000);
        configuration.ConnectTimeout = 1_000;
        configuration.ConnectRetry = 1;
        configuration.SyncTimeout = (int)CommandTimeout.TotalMilliseconds;
        configuration.AsyncTimeout = (int)CommandTimeout.TotalMilliseconds;
        return configuration;
    }

    private async Task ConnectAsync()
    {
        try
        {
            var multiplexer = await ConnectionMultiplexer.ConnectAsync(CreateOptions(options.Value.Redis!));
            multiplexer.ConnectionFailed += (_, arguments) => RecordFailure(arguments.FailureType.ToString());
            multiplexer.ConnectionRestored += (_, _) => _ = ProbeAsync();
            _database = multiplexer.GetDatabase();
            if (_isDisposed)
            {
                await multiplexer.DisposeAsync();
                return;
            }

            _multiplexer.TrySetResult(multiplexer);
            if (!multiplexer.IsConnected)
            {
                RecordFailure(nameof(ConnectionFailureType.UnableToConnect));
            }

            UpdateState();
        }
        catch (Exception failure)
        {
            // The service works without Redis. The next attempt might succeed, for example because the host name can be resolved then.
            RecordFailure(failure.GetType().Name);
            RetryAfterPause(ConnectAsync);
        }
    }

    private void RecordFailure(string reason)
    {
        _reason = reason;
        UpdateState(reportUnchanged: true);
    }

    private void RecordTimeout()
    {
        if (Interlocked.Increment(ref _timeouts) != MaxTimeouts)
        {
            return;
        }

        _isSlow = true;
        RecordFailure($"{MaxTimeouts} consecutive commands took longer than {CommandTimeout.TotalMilliseconds} ms");
        RetryAfterPause(ProbeAsync);
    }

    private void RetryAfterPause(Func<Task> attempt)
    {
        lock (_gate)
        {
            _retryTimer?.Dispose();
            _retryTimer = _isDisposed ? null : clock.CreateTimer(_ => _ = attempt(), null, RetryPause, Timeout.InfiniteTimeSpan);
        }
    }

    // Checks in the background whether Redis responds in time again: while Redis counts as slow, and after each reconnect. No query waits for this check.
    private async Task ProbeAsync()
    {
        if (_database is not { } database)
        {
            return;
        }

        try
        {
            await database.PingAsync().ObserveFault().WaitAsync(CommandTimeout);
            Interlocked.Exchange(ref _timeouts, 0);
            _isSlow = false;
            UpdateState();
        }
        catch (Exception)
        {
            // Redis is still slow or disconnected. If Redis did not count as slow, a reconnect started this probe, and only the next reconnect starts another.
            if (_isSlow)
            {
                RetryAfterPause(ProbeAsync);
            }
        }
    }
}
