using System.Net.Http.Headers;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Monitoring;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>A bearer token. This class is not a record, because the ToString method of a record would print the value.</summary>
internal sealed class AccessToken(string value, TimeSpan lifetime, DateTimeOffset issuedAt)
{
    public string Value => value;

    /// <summary>
    /// Renewal is due after four fifths of the lifetime or five minutes before its end, whichever is later. For example, a token that is valid for 300 s is
    /// renewed after 240 s, and a token that is valid for one day is renewed five minutes before it expires.
    /// </summary>
    public DateTimeOffset RenewAt { get; } = issuedAt + new[] { lifetime * 0.8, lifetime - TimeSpan.FromMinutes(5) }.Max();

    public DateTimeOffset ExpiresAt { get; } = issuedAt + lifetime;

    public bool IsValid(DateTimeOffset now) => now < ExpiresAt;
}

/// <summary>
/// Provides the client-credentials token of this process. Keeps the token in memory and renews it early. Concurrent callers share one renewal. Genesys
/// throttles clients that request many tokens, so logins are rare even after errors: a failed login is cached (<see cref="LoginFailureCache"/>), and a
/// rejected token is replaced at most once a minute.
/// </summary>
internal sealed partial class AccessTokenProvider(
    TokenEndpointClient login, GenesysTelemetry metrics, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<AccessTokenProvider> logger)
{
    /// <summary>Minimum time between two replacements of a rejected token. If the new token is rejected too, another login would not help.</summary>
    internal static readonly TimeSpan ReplacementInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly LoginFailureCache _failures = new();
    private volatile AccessToken? _current;
    private Task<AccessToken>? _renewal;
    private DateTimeOffset _nextReplacement;

    /// <summary>When the current token expires; null while there is none.</summary>
    public DateTimeOffset? ExpiresAt => _current?.ExpiresAt;

    /// <summary>Returns a valid token. Cancellation ends only this wait, not the renewal that other callers share.</summary>
    /// <param name="isDiagnostic">If a login is needed, attempts it even if the previous login failed recently.</param>
    public Task<AccessToken> GetAsync(CancellationToken cancellationToken, bool isDiagnostic = false)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var cached = isDiagnostic ? null : _failures.Find(options.Value, now);
            if (_current is { } token && now < (cached is null ? token.RenewAt : token.ExpiresAt))
            {
                return Task.FromResult(token);
            }

            if (_renewal is null or { IsCompleted: true })
            {
                if (cached is not null)
                {
                    return Task.FromException<AccessToken>(new GenesysException(cached));
                }

                // Task.Run is necessary, because the synchronous part of the login must not run under the lock.
                var mayRetry = !_failures.IsFailing(options.Value);
                _renewal = Task.Run(() => RenewAsync(mayRetry), CancellationToken.None).ObserveFault();
            }

            return _renewal.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Throws if a failed login is cached and there is neither a valid token nor a login in progress. A request that cannot get a token then takes no lease.
    /// </summary>
    public void ThrowIfUnavailable()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_current?.IsValid(now) != true && _renewal is null or { IsCompleted: true } && _failures.Find(options.Value, now) is { } cached)
            {
                throw new GenesysException(cached);
            }
        }
    }

    /// <summary>
    /// Discards a token that Genesys rejected, unless the previous rejected token was discarded less than <see cref="ReplacementInterval"/> ago. Only the first
    /// of several concurrent callers discards the token.
    /// </summary>
    /// <returns>Null if the next request gets another token; otherwise the time until the token can be replaced.</returns>
    public TimeSpan? Discard(AccessToken rejected)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_current?.Value != rejected.Value)
            {
                return null;
            }

            if (now < _nextReplacement)
            {
                return _nextReplacement - now;
            }

            (_current, _nextReplacement) = (null, now + ReplacementInterval);
            return null;
        }
    }

    private async Task<AccessToken> RenewAsync(bool mayRetry)
    {
        try
        {
            // The renewal belongs to no single caller, so it needs its own deadline.
            using var deadline = new CancellationTokenSource(options.Value.TotalTimeout, clock);
            var renewed = await login.RequestTokenAsync(mayRetry, deadline.Token);
            metrics.RecordRenewal(hasSucceeded: true);
            Log.TokenRenewed(logger, renewed.RenewAt);
            lock (_gate)
            {
                _failures.Clear();
                return _current = renewed;
            }
        }
        catch (GenesysException exception)
        {
            metrics.RecordRenewal(hasSucceeded: false);
            Log.TokenNotRenewed(logger, exception.Failure.Kind, exception.Failure.Code);
            lock (_gate)
            {
                var now = clock.GetUtcNow();
                _failures.Remember(exception.Failure, options.Value, now, Random.Shared.NextDouble());

                // A failed renewal does not matter while the old token is still valid.
                return _current is { } token && token.IsValid(now)
                    ? token
                    : throw new GenesysException(_failures.Find(options.Value, now) ?? exception.Failure, inner: exception.InnerException);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Debug, "Genesys access token was renewed; the next renewal is due at {RenewAt:O}")]
        public static partial void TokenRenewed(ILogger logger, DateTimeOffset renewAt);

        [LoggerMessage(1011, LogLevel.Warning, "Genesys access token could not be renewed: {Kind} ({Code})")]
        public static partial void TokenNotRenewed(ILogger logger, GenesysFailureKind kind, string? code);
    }
}

/// <summary>
/// Adds the access token to each request, and discards a token that Genesys rejects. The pipeline, not this handler, replays the request with a new token, so
/// the replay acquires its own lease.
/// </summary>
internal sealed class AuthenticationHandler(AccessTokenProvider tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (GenesysException exception) when (exception.Failure is { Kind: GenesysFailureKind.Unauthorized, Status: 401 })
        {
            if (tokens.Discard(token) is { } wait)
            {
                // A replay with the same token would be rejected again.
                throw new GenesysException(exception.Failure with { RetryAfter = wait }, inner: exception.InnerException);
            }

            throw;
        }
    }
}

/// <summary>
/// Negative cache of logins. After a failed login, only a diagnostic attempts another login before a pause is over. If the login was rejected, the pause is
/// one minute, because another attempt would be rejected too. Other failures can be temporary. After such failures, the pause grows from 2 s to one minute,
/// and jitter shortens it by up to half. A longer Retry-After replaces the pause, up to two minutes. The pause ends early if the credentials, the region or
/// the login address change. Not thread-safe: <see cref="AccessTokenProvider"/> serializes access.
/// </summary>
internal sealed class LoginFailureCache
{
    internal static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>The maximum pause after a Retry-After. A longer Retry-After is shortened.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(2);

    private (string? Id, string? Secret, string? Region, Uri? Address) _login;
    private GenesysFailure? _failure;
    private DateTimeOffset _until;
    private int _earlierFailures;

    /// <summary>
    /// Returns the last failure, with the remaining pause as its <see cref="GenesysFailure.RetryAfter"/>. Returns null if the pause is over, or if the login
    /// settings have changed.
    /// </summary>
    public GenesysFailure? Find(GenesysOptions options, DateTimeOffset now) =>
        _failure is { } failure && now < _until && _login == LoginOf(options) ? failure with { RetryAfter = _until - now } : null;

    /// <summary>Whether the last login failed with the same login settings, even if the pause after it is over.</summary>
    public bool IsFailing(GenesysOptions options) => _failure is not null && _login == LoginOf(options);

    /// <param name="random">A random number from 0 to 1, for the jitter.</param>
    public void Remember(GenesysFailure failure, GenesysOptions options, DateTimeOffset now, double random)
    {
        _earlierFailures = IsFailing(options) ? _earlierFailures + 1 : 0;
        (_login, _failure, _until) = (LoginOf(options), failure, now + PauseAfter(failure, _earlierFailures, random));
    }

    public void Clear() => (_failure, _earlierFailures) = (null, 0);

    private static TimeSpan PauseAfter(GenesysFailure failure, int earlierFailures, double random)
    {
        if (failure.Kind is GenesysFailureKind.Unauthorized or GenesysFailureKind.Rejected)
        {
            return MaxPause;
        }

        var step = FirstPause * Math.Pow(2, Math.Min(earlierFailures, 10));
        var pause = (step < MaxPause ? step : MaxPause) * (0.5 + (0.5 * random));
        return failure.RetryAfter is { } requested && requested > pause ? Shorter(requested, MaxRetryAfter) : pause;
    }

    private static TimeSpan Shorter(TimeSpan first, TimeSpan second) => first < second ? first : second;

    private static (string? Id, string? Secret, string? Region, Uri? Address) LoginOf(GenesysOptions options) =>
        (options.ClientId, options.ClientSecret, options.Region, options.LoginBaseUrl);
}
