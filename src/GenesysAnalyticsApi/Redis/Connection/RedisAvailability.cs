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

    /// <summary>Why Redis is unavailable. The value is meaningful only while Redis is unavailable.</summary>
    public string Reason => _reason;

    /// <summary>Opens a separate connection to find out why the shared connection is unavailable.</summary>
    /// <returns>The type of the failure; null if the separate connection could be opened.</returns>
    public Task<ConnectionFailureType?> DiagnoseAsync(CancellationToken cancellationToken) => DiagnoseAsync().ObserveFault().WaitAsync(cancellationToken);

    // This method continues when the caller stops waiting, so a connection that opens late is closed too.
    private async Task<ConnectionFailureType?> DiagnoseAsync()
    {
        try
        {
            var configuration = CreateOptions(options.Value.Redis!);
            configuration.AbortOnConnectFail = true;
            await using var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
            return null;
        }
        catch (RedisConnectionException failure)
        {
            // The failure type of a rejected password is a general one. Only the message names the cause.
            return failure.Message.Contains("authentication failure", StringComparison.OrdinalIgnoreCase)
                ? ConnectionFailureType.AuthenticationFailure
                : failure.FailureType;
        }
    }

    /// <summary>
    /// Reports a value or a message from Redis that no replica could have written. Logs at most one line per kind in 5 minutes, because another program can
    /// write any number of invalid values.
    /// </summary>
    /// <param name="kind">The kind of value, such as <c>directory</c>. There are only a few kinds.</param>
    public void ReportInvalid(string kind, string reason)
    {
        if (ShouldReport($"invalid {kind}"))
        {
            Log.Invalid(logger, kind, reason);
        }
    }

    /// <summary>Reports an invalid value and deletes the key, so that no replica reads the value again.</summary>
    public Task DeleteInvalidAsync(string key, string kind, string reason)
    {
        ReportInvalid(kind, reason);
        return ExecuteAsync(database => database.KeyDeleteAsync(key), fallback: false, CancellationToken.None);
    }

    /// <summary>Compares the current state with the last reported one. Each change is logged once, whichever command notices the change first.</summary>
    /// <param name="reportUnchanged">
    /// Whether to report the state even if it has not changed. At startup, the first failure is not a change, because Redis is not yet available then.
    /// </param>
    private (bool IsUp, DateTimeOffset Since) UpdateState(bool reportUnchanged = false)
    {
        lock (_gate)
        {
            var isUp = IsUsable;
            if (isUp != _isUp)
            {
                (_isUp, _since) = (isUp, clock.GetUtcNow());
            }
            else if (!reportUnchanged)
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

    // A full Redis that evicts no keys rejects every write but still serves reads. At most one line is logged in 5 minutes, not one for each rejected command.
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
