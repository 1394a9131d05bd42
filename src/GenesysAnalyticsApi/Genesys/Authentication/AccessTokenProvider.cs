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
