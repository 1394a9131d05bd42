using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Settings;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>
/// Negative cache of logins: after a failed login no other is attempted for a while. Rejected credentials stay rejected, so the pause after them
/// is one minute. Other failures may be temporary: their pause grows from 2 s to one minute, shortened by up to half by jitter; a longer Retry-After
/// replaces it, up to two minutes. A change of credentials, region or address ends the pause. Not thread-safe: <see cref="AccessTokenProvider"/>
/// serializes access.
/// </summary>
internal sealed class LoginFailureCache
{
    internal static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>A longer Retry-After is shortened to this.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(2);

    private (string? Id, string? Secret, string? Region, Uri? Address) _login;
    private GenesysFailure? _failure;
    private DateTimeOffset _until;
    private int _earlierFailures;

    /// <summary>The last failure while its pause lasts, with the remaining time as its retry time; otherwise null.</summary>
    public GenesysFailure? Find(GenesysOptions options, DateTimeOffset now) =>
        _failure is { } failure && now < _until && _login == LoginOf(options) ? failure with { RetryAfter = _until - now } : null;

    /// <summary>Whether the last login with these settings failed, even if its pause is over.</summary>
    public bool IsFailing(GenesysOptions options) => _failure is not null && _login == LoginOf(options);

    /// <param name="random">From 0 to 1, for the jitter.</param>
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

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static (string? Id, string? Secret, string? Region, Uri? Address) LoginOf(GenesysOptions options) =>
        (options.ClientId, options.ClientSecret, options.Region, options.LoginBaseUrl);
}
