using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>
/// Negative cache of logins: after a failed login no other is attempted for a while. Rejected credentials stay rejected, so that pause is one
/// minute. Other failures may be temporary, so their pause grows from 2 s to one minute, with jitter. Different credentials or another
/// address end the pause. Not thread-safe: <see cref="AccessTokenProvider"/> locks.
/// </summary>
internal sealed class LoginFailureCache
{
    internal static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause that Genesys may request.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(2);

    private (string? Id, string? Secret, string? Region, Uri? Address) _login;
    private GenesysFailure? _failure;
    private DateTimeOffset _until;
    private int _consecutiveFailures;

    /// <summary>The failure that is still in effect, with the rest of its pause.</summary>
    public GenesysFailure? Find(GenesysOptions options, DateTimeOffset now) =>
        _failure is { } failure && now < _until && _login == LoginOf(options) ? failure with { RetryAfter = _until - now } : null;

    /// <summary>Whether the last login with these settings failed, even if its pause is over.</summary>
    public bool IsFailing(GenesysOptions options) => _failure is not null && _login == LoginOf(options);

    /// <param name="random">0–1.</param>
    public void Remember(GenesysFailure failure, GenesysOptions options, DateTimeOffset now, double random)
    {
        _consecutiveFailures = IsFailing(options) ? _consecutiveFailures + 1 : 0;
        (_login, _failure, _until) = (LoginOf(options), failure, now + PauseAfter(failure, _consecutiveFailures, random));
    }

    public void Clear() => (_failure, _consecutiveFailures) = (null, 0);

    private static TimeSpan PauseAfter(GenesysFailure failure, int consecutiveFailures, double random)
    {
        if (failure.Kind is GenesysFailureKind.Unauthorized or GenesysFailureKind.Rejected)
        {
            return MaxPause;
        }

        var step = FirstPause * Math.Pow(2, Math.Min(consecutiveFailures, 10));
        var pause = (step < MaxPause ? step : MaxPause) * (0.5 + (0.5 * random));
        return failure.RetryAfter is { } requested && requested > pause ? Shorter(requested, MaxRetryAfter) : pause;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static (string? Id, string? Secret, string? Region, Uri? Address) LoginOf(GenesysOptions options) =>
        (options.ClientId, options.ClientSecret, options.Region, options.LoginBaseUrl);
}
