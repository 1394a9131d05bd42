using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.Authentication;

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
