using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Authentication;

/// <summary>
/// The negative cache of logins: a login that failed is not tried again for a while, whoever asks. Refused credentials stay refused, so
/// that is a minute; everything else may pass, so the pause grows from 2 s to a minute, with jitter. Other credentials or another address
/// end it. Not thread-safe: <see cref="AccessTokenProvider"/> locks.
/// </summary>
internal sealed class LoginFailureCache
{
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    /// <summary>Genesys may ask for more than our own longest pause, but not for hours.</summary>
    private static readonly TimeSpan LongestTold = TimeSpan.FromMinutes(2);

    private (string? Id, string? Secret, string? Region, Uri? Address) _login;
    private GenesysFailure? _failure;
    private DateTimeOffset _until;
    private int _inARow;

    /// <summary>The failure that is still in force, with what is left of the pause.</summary>
    public GenesysFailure? Find(GenesysOptions options, DateTimeOffset now) =>
        _failure is { } failure && now < _until && _login == LoginOf(options) ? failure with { RetryAfter = _until - now } : null;

    /// <summary>Whether the last login with these settings failed, however long ago.</summary>
    public bool IsFailing(GenesysOptions options) => _failure is not null && _login == LoginOf(options);

    /// <param name="random">0–1.</param>
    public void Remember(GenesysFailure failure, GenesysOptions options, DateTimeOffset now, double random)
    {
        _inARow = IsFailing(options) ? _inARow + 1 : 0;
        (_login, _failure, _until) = (LoginOf(options), failure, now + PauseAfter(failure, _inARow, random));
    }

    public void Forget() => (_failure, _inARow) = (null, 0);

    private static TimeSpan PauseAfter(GenesysFailure failure, int inARow, double random)
    {
        if (failure.Kind is GenesysFailureKind.Unauthorized or GenesysFailureKind.Rejected)
        {
            return Longest;
        }

        var step = First * Math.Pow(2, Math.Min(inARow, 10));
        var pause = (step < Longest ? step : Longest) * (0.5 + (0.5 * random));
        return failure.RetryAfter is { } told && told > pause ? Shorter(told, LongestTold) : pause;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static (string? Id, string? Secret, string? Region, Uri? Address) LoginOf(GenesysOptions options) =>
        (options.ClientId, options.ClientSecret, options.Region, options.LoginBaseUrl);
}
