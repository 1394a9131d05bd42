using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observability;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>A bearer token. Not a record: nothing may print it.</summary>
internal sealed class AccessToken(string value, DateTimeOffset renewAt, DateTimeOffset expiresAt)
{
    public string Value => value;

    public DateTimeOffset RenewAt => renewAt;

    public DateTimeOffset ExpiresAt => expiresAt;

    /// <summary>
    /// Renewed when four fifths of its life are over, a long one five minutes before its end: a token of 300 s is used for 240 s,
    /// one of a day for nearly all of it.
    /// </summary>
    public static AccessToken LivingFor(TimeSpan life, string value, DateTimeOffset now)
    {
        var early = life * 0.8;
        var late = life - TimeSpan.FromMinutes(5);
        return new(value, now + (early > late ? early : late), now + life);
    }
}

/// <summary>
/// The one client-credentials token of this process: in memory, renewed early, by one flight that all who need it share.
/// Tokens are not free (the endpoint throttles clients that mint many), so logins are rare whatever goes wrong: a failed one is remembered
/// (<see cref="LoginFailureCache"/>), and a token that Genesys refuses is replaced once a minute at most.
/// </summary>
internal sealed partial class AccessTokenProvider(
    TokenEndpointClient login, GenesysTelemetry metrics, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<AccessTokenProvider> logger)
{
    /// <summary>A new token for one that was refused; where that is refused too, another login would not help.</summary>
    internal static readonly TimeSpan BetweenReplacements = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly LoginFailureCache _failed = new();
    private AccessToken? _current;
    private Task<AccessToken>? _flight;
    private DateTimeOffset _nextReplacement;

    /// <summary>When the present token ends; null while there is none.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get
        {
            lock (_gate)
            {
                return _current?.ExpiresAt;
            }
        }
    }

    /// <summary>A token that lives. Cancellation ends this waiting, not the flight that others wait for too.</summary>
    /// <param name="isExamination">An examination makes one login, although the last one failed a moment ago.</param>
    public Task<AccessToken> GetAsync(CancellationToken cancellationToken, bool isExamination = false)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var known = isExamination ? null : _failed.Find(options.Value, now);
            if (_current is { } token && now < (known is null ? token.RenewAt : token.ExpiresAt))
            {
                return Task.FromResult(token);
            }

            if (_flight is null or { IsCompleted: true })
            {
                if (known is not null)
                {
                    return Task.FromException<AccessToken>(new GenesysException(known));
                }

                // On the pool: whatever the login does before its first wait must not run under the lock.
                var mayRetry = !_failed.IsFailing(options.Value);
                _flight = Task.Run(() => RenewAsync(mayRetry), CancellationToken.None).ObserveFault();
            }

            return _flight.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Fails while a failed login is remembered, so that a call that cannot be made takes no permit.</summary>
    public void ThrowIfNone()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (!(_current is { } token && now < token.ExpiresAt) && _flight is null or { IsCompleted: true } && _failed.Find(options.Value, now) is { } known)
            {
                throw new GenesysException(known);
            }
        }
    }

    /// <summary>
    /// Genesys refused the token. Of fifty callers who learn that, one drops it and the others find it gone.
    /// </summary>
    /// <returns>Null where another token can be had; else the time until the next login: this token is as good as any until then.</returns>
    public TimeSpan? Replace(AccessToken refused)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_current?.Value != refused.Value)
            {
                return null;
            }

            if (now < _nextReplacement)
            {
                return _nextReplacement - now;
            }

            (_current, _nextReplacement) = (null, now + BetweenReplacements);
            return null;
        }
    }

    private async Task<AccessToken> RenewAsync(bool mayRetry)
    {
        try
        {
            // Nobody's deadline in particular; without one of its own a flight could hang for ever.
            using var deadline = new CancellationTokenSource(options.Value.TotalTimeout, clock);
            var renewed = await login.RequestTokenAsync(mayRetry, deadline.Token);
            metrics.Renewed(hasSucceeded: true);
            Log.TokenRenewed(logger, renewed.RenewAt);
            return Keep(renewed);
        }
        catch (GenesysException failed)
        {
            metrics.Renewed(hasSucceeded: false);
            Log.TokenNotRenewed(logger, failed.Failure.Kind, failed.Failure.Code);
            var (known, living) = Remember(failed.Failure);
            return living ?? throw new GenesysException(known, inner: failed.InnerException);
        }
    }

    private AccessToken Keep(AccessToken token)
    {
        lock (_gate)
        {
            _failed.Forget();
            return _current = token;
        }
    }

    // A failed renewal is no failure while the old token still works.
    private (GenesysFailure Known, AccessToken? Living) Remember(GenesysFailure failure)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            _failed.Remember(failure, options.Value, now, Random.Shared.NextDouble());
            return (_failed.Find(options.Value, now) ?? failure, _current is { } token && now < token.ExpiresAt ? token : null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Debug, "The access token of Genesys was renewed; the next renewal is due at {RenewAt:O}")]
        public static partial void TokenRenewed(ILogger logger, DateTimeOffset renewAt);

        [LoggerMessage(1011, LogLevel.Warning, "The access token of Genesys could not be renewed: {Kind} ({Code})")]
        public static partial void TokenNotRenewed(ILogger logger, GenesysFailureKind kind, string? code);
    }
}
