using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.Redis.Connection;

/// <summary>Reports the state of the connection to the readiness check, and logs each change once.</summary>
internal sealed partial class RedisConnection : IHealthCheck
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, DateTimeOffset> _reportedAt = [];
    private bool _isUp;
    private bool _isReportedDown;
    private DateTimeOffset _since = clock.GetUtcNow();
    private volatile string _reason = "no connection yet";

    /// <summary>Whether Redis is available, and since when this has been the case.</summary>
    public (bool IsUp, DateTimeOffset Since) State => UpdateState();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (isUp, since) = State;
        return Readiness.ResultAsync(isUp ? HealthStatus.Healthy : HealthStatus.Unhealthy, since);
    }

    /// <summary>Why Redis is unavailable. Meaningful only while it is.</summary>
    public string Reason => _reason;

    /// <summary>Opens a separate connection to find out why the shared one is unavailable.</summary>
    /// <returns>Null if it could be opened.</returns>
    public Task<ConnectionFailureType?> DiagnoseAsync(CancellationToken cancellationToken) => DiagnoseAsync().ObserveFault().WaitAsync(cancellationToken);

    // Not canceled when the caller stops waiting, so that a connection that opens late is closed too.
    private async Task<ConnectionFailureType?> DiagnoseAsync()
    {
        try
        {
            var configuration = CreateOptions(options.Value.Redis!);
            configuration.AbortOnConnectFail = true;
            await using var separate = await ConnectionMultiplexer.ConnectAsync(configuration);
            return null;
        }
        catch (RedisConnectionException failure)
        {
            // A rejected password has a general failure type; only the message names the cause.
            return failure.Message.Contains("authentication failure", StringComparison.OrdinalIgnoreCase)
                ? ConnectionFailureType.AuthenticationFailure
                : failure.FailureType;
        }
    }

    /// <summary>
    /// Reports a value in Redis that no replica could have written. The value is treated as missing. Logs at most one line per kind in 5 minutes,
    /// because another program can write any number of such values.
    /// </summary>
    /// <param name="kind">What the value should be, such as <c>directory</c>. There are only a few kinds.</param>
    public void ReportInvalid(string kind, string reason)
    {
        if (ShouldReport($"invalid {kind}"))
        {
            Log.Invalid(logger, kind, reason);
        }
    }

    /// <summary>Reports an invalid value and deletes it, so that no replica reads it again.</summary>
    public Task DeleteInvalidAsync(string key, string kind, string reason)
    {
        ReportInvalid(kind, reason);
        return ExecuteAsync(database => database.KeyDeleteAsync(key), fallback: false, CancellationToken.None);
    }

    /// <summary>Compares the state with the reported one, so that each change is logged once, whichever command notices it first.</summary>
    /// <param name="reportFirst">Whether to report the state even if it has not changed since the start.</param>
    private (bool IsUp, DateTimeOffset Since) UpdateState(bool reportFirst = false)
    {
        lock (_gate)
        {
            var isUp = IsUsable;
            if (isUp != _isUp)
            {
                (_isUp, _since) = (isUp, clock.GetUtcNow());
            }
            else if (!reportFirst)
            {
                return (_isUp, _since);
            }

            if (isUp && _isReportedDown)
            {
                Log.Available(logger);
            }
            else if (!isUp && !_isReportedDown && !_isDisposed)
            {
                Log.Unavailable(logger, _reason);
            }

            _isReportedDown = !isUp;
            return (_isUp, _since);
        }
    }

    // A full Redis rejects every write but still serves reads, so at most one line is logged in 5 minutes, not one for each write.
    private void ReportRejected(string reason)
    {
        if (ShouldReport("rejected"))
        {
            Log.Rejected(logger, reason);
        }
    }

    private bool ShouldReport(string subject)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_reportedAt.TryGetValue(subject, out var reported) && reported + ReportInterval > now)
            {
                return false;
            }

            _reportedAt[subject] = now;
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5000, LogLevel.Warning, "Redis is unavailable: {Reason}. This replica works alone until Redis is available again")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(5001, LogLevel.Information, "Redis is available again")]
        public static partial void Available(ILogger logger);

        [LoggerMessage(5002, LogLevel.Warning, "Redis rejected a command: {Reason}")]
        public static partial void Rejected(ILogger logger, string reason);

        [LoggerMessage(5003, LogLevel.Warning, "Discarded an invalid value from Redis ({Kind}): {Reason}. Check whether another program writes to genesys-analytics:*")]
        public static partial void Invalid(ILogger logger, string kind, string reason);
    }
}
