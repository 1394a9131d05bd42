using GenesysAnalyticsApi.Operations;
using Microsoft.Extensions.Options;

namespace GenesysAnalyticsApi.Genesys;

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

    /// <summary>For a while, though its renewal was due: it could not be had.</summary>
    public AccessToken RenewedLater(DateTimeOffset renewAt) => new(value, renewAt, expiresAt);
}

/// <summary>
/// The one client-credentials token of this process: in memory, renewed early, by one flight that all who need it share.
/// Tokens are not free (the endpoint throttles who mints many), so none is asked for that is not needed.
/// </summary>
internal sealed partial class GenesysAccessTokens(
    GenesysLogin login, GenesysMetrics metrics, IOptions<GenesysOptions> options, TimeProvider clock, ILogger<GenesysAccessTokens> logger)
{
    private static readonly TimeSpan BetweenRenewals = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private AccessToken? _current;
    private Task<AccessToken>? _flight;

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
    public Task<AccessToken> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is { } token && clock.GetUtcNow() < token.RenewAt)
            {
                return Task.FromResult(token);
            }

            if (_flight is null or { IsCompleted: true })
            {
                // On the pool: whatever the login does before its first wait shall not run under the lock.
                _flight = Task.Run(RenewAsync, CancellationToken.None).MayBeLeft();
            }

            return _flight.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Genesys refused the token. Of fifty callers who learn that, one drops it and the others find it gone.</summary>
    public void Invalidate(AccessToken refused)
    {
        lock (_gate)
        {
            if (_current?.Value == refused.Value)
            {
                _current = null;
            }
        }
    }

    private async Task<AccessToken> RenewAsync()
    {
        try
        {
            // Nobody's deadline in particular; without one of its own a flight could hang for ever.
            using var deadline = new CancellationTokenSource(options.Value.TotalTimeout, clock);
            var renewed = await login.LogInAsync(deadline.Token);
            metrics.Renewed(hasSucceeded: true);
            Log.TokenRenewed(logger, renewed.RenewAt);
            return Keep(renewed);
        }
        catch (GenesysException failed)
        {
            metrics.Renewed(hasSucceeded: false);
            Log.TokenNotRenewed(logger, failed.Failure.Kind, failed.Failure.Code);
            if (StillLiving() is { } token)
            {
                return token;
            }

            throw;
        }
    }

    private AccessToken Keep(AccessToken token)
    {
        lock (_gate)
        {
            return _current = token;
        }
    }

    // A failed renewal is no failure while the old token still works.
    private AccessToken? StillLiving()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            return _current is { } token && now < token.ExpiresAt
                ? _current = token.RenewedLater(now + BetweenRenewals < token.ExpiresAt ? now + BetweenRenewals : token.ExpiresAt)
                : null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1010, LogLevel.Information, "The access token of Genesys was renewed; the next renewal is due at {RenewAt:O}")]
        public static partial void TokenRenewed(ILogger logger, DateTimeOffset renewAt);

        [LoggerMessage(1011, LogLevel.Warning, "The access token of Genesys could not be renewed: {Kind} ({Code})")]
        public static partial void TokenNotRenewed(ILogger logger, GenesysFailureKind kind, string? code);
    }
}
