using GenesysAnalyticsApi.Hosting.Health;

namespace GenesysAnalyticsApi.Redis;

/// <summary>What is told of the connection: how it is, since when and why, and each change once, in the log.</summary>
internal sealed partial class RedisConnection
{
    private static readonly TimeSpan RefusalIsToldEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan InvalidIsToldEvery = TimeSpan.FromMinutes(5);

    private bool _isUp;
    private bool _isToldDown;
    private DateTimeOffset _since = clock.GetUtcNow();
    private DateTimeOffset _refusalTold;
    private readonly Dictionary<string, DateTimeOffset> _invalidTold = [];
    private string _reason = "no connection yet";

    public ComponentHealth Readiness
    {
        get
        {
            Look();
            lock (_gate)
            {
                return new(_isUp ? ComponentStatus.Ok : ComponentStatus.Down, _since);
            }
        }
    }

    /// <summary>A word or two on why it cannot be used; of meaning while it cannot.</summary>
    public string Reason
    {
        get
        {
            lock (_gate)
            {
                return _reason;
            }
        }
    }

    /// <summary>Compares what is with what was told last, so that each change is told once, whoever notices it first.</summary>
    private void Look(bool mayBeFirst = false)
    {
        lock (_gate)
        {
            var isUp = IsUsable;
            if (isUp != _isUp)
            {
                _isUp = isUp;
                _since = clock.GetUtcNow();
            }
            else if (!mayBeFirst)
            {
                return;
            }

            if (isUp && _isToldDown)
            {
                Log.Back(logger);
            }
            else if (!isUp && !_isToldDown && !_isDisposed)
            {
                Log.Gone(logger, _reason);
            }

            _isToldDown = !isUp;
        }
    }

    /// <summary>
    /// Something in Redis is not what a replica writes, and counts as missing. Told once in a while for each kind, however many there are.
    /// </summary>
    /// <param name="kind">Such as <c>directory</c>; one of a few.</param>
    public void ToldInvalid(string kind, string reason)
    {
        lock (_gate)
        {
            if (_invalidTold.TryGetValue(kind, out var told) && told + InvalidIsToldEvery > clock.GetUtcNow())
            {
                return;
            }

            _invalidTold[kind] = clock.GetUtcNow();
        }

        Log.Invalid(logger, kind, reason);
    }

    /// <summary>The same, and takes it away, so that no replica reads it again.</summary>
    public Task DropInvalidAsync(string key, string kind, string reason)
    {
        ToldInvalid(kind, reason);
        return AskAsync(database => database.KeyDeleteAsync(key), otherwise: false, CancellationToken.None);
    }

    private void Refused(string reason)
    {
        lock (_gate)
        {
            // A full Redis refuses every write and answers every read: told once in a while, not at each of them.
            if (_refusalTold + RefusalIsToldEvery > clock.GetUtcNow())
            {
                return;
            }

            _refusalTold = clock.GetUtcNow();
        }

        Log.Refused(logger, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(5000, LogLevel.Warning, "Redis cannot be used: {Reason}. Until it can, this replica shares nothing with the others")]
        public static partial void Gone(ILogger logger, string reason);

        [LoggerMessage(5001, LogLevel.Information, "Redis can be used again")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(5002, LogLevel.Warning, "Redis refused a command: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);

        [LoggerMessage(5003, LogLevel.Warning, "A value in Redis ({Kind}) is not valid and was dropped: {Reason}. Does anything else write to genesys-analytics:*?")]
        public static partial void Invalid(ILogger logger, string kind, string reason);
    }
}
