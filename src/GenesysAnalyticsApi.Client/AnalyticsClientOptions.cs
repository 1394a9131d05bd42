namespace GenesysAnalyticsApi.Client;

/// <summary>The address of the service, the caller's credentials, and the limits of retries and of remembered responses.</summary>
public sealed class AnalyticsClientOptions
{
    /// <summary>The address of the service, such as <c>https://analytics.example.com</c>. May have a path, behind a reverse proxy.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Sent as <c>X-Api-Key</c>, to <see cref="BaseAddress"/> only. Null for an anonymous caller, or if <see cref="AccessToken"/> is set.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Returns a token of the identity provider, sent as <c>Authorization: Bearer</c>, to <see cref="BaseAddress"/> only. Called for each request: cache the token.</summary>
    public Func<CancellationToken, ValueTask<string>>? AccessToken { get; set; }

    /// <summary>
    /// The maximum duration of a call, including its retries, until the end of its response; for a stream, until its beginning. A call that takes longer is
    /// canceled.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How many times a request is retried after a 429 or 503; 0 for never.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>The maximum total wait of one call before its retries. If <c>Retry-After</c> would exceed it, the call fails at once.</summary>
    public TimeSpan MaxRetryTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many responses are remembered for conditional requests; 0 for none.</summary>
    public int MaxRememberedResponses { get; set; } = 100;

    /// <summary>The maximum total size of the remembered responses, in bytes. A larger response is not remembered.</summary>
    public long MaxRememberedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long a lost stream tries to reconnect before it fails.</summary>
    public TimeSpan MaxReconnectTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock for retries and streams.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <returns>What is wrong: the property, its value and what is accepted.</returns>
    internal IEnumerable<string> Faults(Uri? baseAddress)
    {
        if (baseAddress is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            yield return $"{nameof(BaseAddress)} is '{baseAddress}': an absolute http or https address is needed, such as https://analytics.example.com.";
        }

        // The message does not contain the key, because it can get into a log.
        if (ApiKey is not null && (ApiKey.Length == 0 || ApiKey.Any(character => character is <= ' ' or > '~')))
        {
            yield return $"{nameof(ApiKey)} is empty or contains characters other than visible ASCII characters. Give the key without spaces or line breaks.";
        }

        if (ApiKey is not null && AccessToken is not null)
        {
            yield return $"{nameof(ApiKey)} and {nameof(AccessToken)} are both set. Set only one of them.";
        }

        if (Timeout <= TimeSpan.Zero && Timeout != System.Threading.Timeout.InfiniteTimeSpan)
        {
            yield return $"{nameof(Timeout)} is '{Timeout}': a positive time is needed, or Timeout.InfiniteTimeSpan.";
        }

        (string Name, IComparable Value, IComparable Least)[] notNegative =
        [
            (nameof(MaxRetries), MaxRetries, 0),
            (nameof(MaxRetryTime), MaxRetryTime, TimeSpan.Zero),
            (nameof(MaxRememberedResponses), MaxRememberedResponses, 0),
            (nameof(MaxRememberedBytes), MaxRememberedBytes, 0L),
            (nameof(MaxReconnectTime), MaxReconnectTime, TimeSpan.Zero),
        ];
        foreach (var (name, value, _) in notNegative.Where(option => option.Value.CompareTo(option.Least) < 0))
        {
            yield return $"{name} is '{value}': 0 or more is needed.";
        }
    }
}
