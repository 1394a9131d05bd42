using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis;

/// <summary>
/// The one connection to Redis. It is made in the background and makes itself anew; while there is none, or while Redis answers too
/// slowly to be of use, every replica is on its own, and nobody waits.
/// </summary>
internal sealed partial class RedisConnection(IOptions<CacheOptions> options, TimeProvider clock, ILogger<RedisConnection> logger)
    : IHostedService, IAsyncDisposable
{
    /// <summary>How long a slow Redis is left alone before it is tried again.</summary>
    internal static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    internal const int MostTimeouts = 3;

    private static readonly TimeSpan FirstAttemptTimeout = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<IConnectionMultiplexer> _multiplexer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IDatabase? _database;
    private ITimer? _rest;
    private volatile bool _isSlow;
    private volatile bool _isDisposed;
    private int _timeouts;

    /// <summary>One command. Redis takes well under a millisecond; a slice of some megabytes a few dozen.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Null while Redis cannot be reached, or is so slow that nobody should wait for it.</summary>
    public IDatabase? Database
    {
        get
        {
            Look();
            return IsUsable ? _database : null;
        }
    }

    /// <summary>For what lives longer than a command. Ends once there is a connection, or one that is still being tried.</summary>
    public Task<IConnectionMultiplexer> Multiplexer => _multiplexer.Task;

    private bool IsUsable => !_isSlow && _database is { Multiplexer.IsConnected: true };

    /// <summary>Asks Redis; <paramref name="otherwise"/> when there is none, when it refuses and when it does not answer in time.</summary>
    /// <exception cref="OperationCanceledException">Only when <paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> command, T otherwise, CancellationToken cancellationToken)
    {
        if (Database is not { } database)
        {
            return otherwise;
        }

        try
        {
            // A socket's time is real time, whatever clock the service was given.
            var answer = await command(database).ObserveFault().WaitAsync(CommandTimeout, cancellationToken);
            Interlocked.Exchange(ref _timeouts, 0);
            return answer;
        }
        catch (TimeoutException)
        {
            TimedOut();
        }
        catch (Exception refusal) when (refusal is RedisServerException or RedisCommandException)
        {
            Refused(refusal.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever it was: nobody shall fail because of what is only there to save calls.
            Look();
        }

        return otherwise;
    }

    /// <summary>The bytes of a key; null where there are none. More than <paramref name="most"/> are never fetched, and are none.</summary>
    /// <param name="kind">As <see cref="ToldInvalid"/> has it.</param>
    public async Task<byte[]?> BytesOfAsync(string key, int most, string kind, CancellationToken cancellationToken)
    {
        // Whatever lies there, one answer takes no more memory than that.
        byte[]? bytes = await AskAsync(database => database.StringGetRangeAsync(key, 0, most), RedisValue.Null, cancellationToken);
        if (bytes?.Length > most)
        {
            await DropInvalidAsync(key, kind, $"it has more than {most} bytes");
            return null;
        }

        return bytes is null or [] ? null : bytes;
    }

    /// <summary>Makes a connection of its own, now, to learn why the one that is shared cannot be used.</summary>
    /// <returns>Null where it was made.</returns>
    public Task<ConnectionFailureType?> TryAsync(CancellationToken cancellationToken) => TryAsync().ObserveFault().WaitAsync(cancellationToken);

    // Not ended with the waiting: what is made too late is closed all the same.
    private async Task<ConnectionFailureType?> TryAsync()
    {
        try
        {
            var settings = Settings(options.Value.Redis!);
            settings.AbortOnConnectFail = true;
            await using var own = await ConnectionMultiplexer.ConnectAsync(settings);
            return null;
        }
        catch (RedisConnectionException refused)
        {
            // Why is in what it wraps; the outer one says that there is no connection.
            return refused.Message.Contains("authentication failure", StringComparison.OrdinalIgnoreCase)
                ? ConnectionFailureType.AuthenticationFailure
                : refused.FailureType;
        }
    }

    /// <summary>Waits, but not long, for the first connection: who needs Redis at start would otherwise always come too early.</summary>
    public async Task WaitForStartAsync(CancellationToken cancellationToken) =>
        await ((Task)Multiplexer).WaitAsync(FirstAttemptTimeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

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
        if (_rest is not null)
        {
            await _rest.DisposeAsync();
        }

        if (_database is { } database)
        {
            await database.Multiplexer.DisposeAsync();
        }
    }

    private ConfigurationOptions Settings(string connectionString)
    {
        var settings = ConfigurationOptions.Parse(connectionString);
        settings.AbortOnConnectFail = false;
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        settings.ReconnectRetryPolicy = new LinearRetry(1_000);
        settings.ConnectTimeout = 1_000;
        settings.ConnectRetry = 1;
        settings.SyncTimeout = (int)CommandTimeout.TotalMilliseconds;
        settings.AsyncTimeout = (int)CommandTimeout.TotalMilliseconds;
        return settings;
    }

    private async Task ConnectAsync()
    {
        try
        {
            var multiplexer = await ConnectionMultiplexer.ConnectAsync(Settings(options.Value.Redis!));
            multiplexer.ConnectionFailed += (_, failed) => Failed(failed.FailureType.ToString());
            multiplexer.ConnectionRestored += (_, _) => _ = TryAgainAsync();
            _database = multiplexer.GetDatabase();
            if (_isDisposed)
            {
                await multiplexer.DisposeAsync();
                return;
            }

            _multiplexer.TrySetResult(multiplexer);
            if (!multiplexer.IsConnected)
            {
                Failed(nameof(ConnectionFailureType.UnableToConnect));
            }

            Look();
        }
        catch (Exception failure)
        {
            // Whatever it was, the service does without Redis; a name that cannot be resolved now may be resolved later.
            Failed(failure.GetType().Name);
            RestThen(ConnectAsync);
        }
    }

    private void Failed(string reason)
    {
        lock (_gate)
        {
            _reason = reason;
        }

        Look(mayBeFirst: true);
    }

    private void TimedOut()
    {
        if (Interlocked.Increment(ref _timeouts) != MostTimeouts)
        {
            return;
        }

        _isSlow = true;
        Failed($"{MostTimeouts} commands in a row took longer than {CommandTimeout.TotalMilliseconds} ms");
        RestThen(TryAgainAsync);
    }

    private void RestThen(Func<Task> next)
    {
        lock (_gate)
        {
            _rest?.Dispose();
            _rest = _isDisposed ? null : clock.CreateTimer(_ => _ = next(), null, Rest, Timeout.InfiniteTimeSpan);
        }
    }

    // A command of our own, so that no request has to find out whether Redis is quick again.
    private async Task TryAgainAsync()
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
            Look();
        }
        catch (Exception)
        {
            // Slow still, or gone altogether; then the connection says when it is restored.
            if (_isSlow)
            {
                RestThen(TryAgainAsync);
            }
        }
    }
}
