namespace GenesysAnalyticsApi.Client;

/// <summary>The address of the service, the caller's credentials, and the limits of retries and of remembered responses.</summary>
public sealed class AnalyticsClientOptions
{
    /// <summary>The address of the service, such as <c>https://analytics.example.com</c>. It can contain a path, as behind a reverse proxy.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>
    /// The caller's key, sent in the <c>X-Api-Key</c> header and only to <see cref="BaseAddress"/>. Null for an anonymous caller, or if
    /// <see cref="AccessToken"/> is set.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// Returns a token of the identity provider. The client sends the token as <c>Authorization: Bearer</c>, and only to <see cref="BaseAddress"/>. The client
    /// calls this function for each request, so the function should cache the token.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? AccessToken { get; set; }

    /// <summary>
    /// The maximum duration of a call, including its retries: until the end of the response or, for a stream, until the stream begins. A call that takes
    /// longer is canceled.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The maximum number of retries of a request after a 429 or 503; 0 for none.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>The maximum total time that a call waits before its retries. If the next wait would exceed this limit, the call fails at once.</summary>
    public TimeSpan MaxRetryTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum number of responses that are remembered for conditional requests; 0 for none.</summary>
    public int MaxRememberedResponses { get; set; } = 100;

    /// <summary>The maximum total size of the remembered responses, in bytes. A larger response is not remembered.</summary>
    public long MaxRememberedBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The maximum time for which the client tries to reconnect a lost stream before the stream fails.</summary>
    public TimeSpan MaxReconnectTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock for retries and streams.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <returns>One message for each fault. The message names the property, the fault and what is accepted.</returns>
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

        (string Name, IComparable Value, IComparable Minimum)[] bounded =
        [
            (nameof(MaxRetries), MaxRetries, 0),
            (nameof(MaxRetryTime), MaxRetryTime, TimeSpan.Zero),
            (nameof(MaxRememberedResponses), MaxRememberedResponses, 0),
            (nameof(MaxRememberedBytes), MaxRememberedBytes, 0L),
            (nameof(MaxReconnectTime), MaxReconnectTime, TimeSpan.Zero),
        ];
        foreach (var (name, value, _) in bounded.Where(option => option.Value.CompareTo(option.Minimum) < 0))
        {
            yield return $"{name} is '{value}': 0 or more is needed.";
        }
    }
}
