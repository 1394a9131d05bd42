namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// One upstream call: what its attempts share while they travel through the handlers, fastened to the request.
/// One attempt at a time touches it.
/// </summary>
/// <param name="asker">Whose turn it takes.</param>
/// <param name="permission">What the call needs in Genesys, for the message of a 403; null where it needs none.</param>
/// <param name="limit">How long a successful answer may be.</param>
/// <param name="read">Reads a successful answer; runs inside the attempt, so that a body that stalls or breaks is an attempt that failed.</param>
internal sealed class GenesysCall(
    GenesysAsker asker, string? permission, AnswerLimit limit, Func<Stream, CancellationToken, ValueTask> read, TimeSpan patience, TimeProvider clock)
{
    public const int MostRetries = 4;

    private static readonly HttpRequestOptionsKey<GenesysCall> Key = new(nameof(GenesysCall));

    private readonly long _started = clock.GetTimestamp();

    public GenesysAsker Asker => asker;

    public string? Permission => permission;

    public AnswerLimit Limit => limit;

    public string Endpoint { get; } = GenesysWire.EndpointOf(permission);

    /// <summary>Attempts that went out.</summary>
    public int Attempts { get; private set; }

    /// <summary>When the latest attempt went out: nothing that happened later can be in its answer.</summary>
    public DateTimeOffset SentAt { get; private set; }

    /// <summary>What is left until the deadline.</summary>
    public TimeSpan Patience => patience - clock.GetElapsedTime(_started);

    /// <summary>It stands in the queue for a permit; a deadline that passes then is the budget's doing.</summary>
    public bool AwaitsPermit { get; set; }

    /// <summary>The pause before the retry that <see cref="MayRetry"/> has granted.</summary>
    public TimeSpan Pause { get; private set; }

    private bool Replayed { get; set; }

    private bool RetriedAfterTimeout { get; set; }

    public static GenesysCall Of(HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out var call) ? call : throw new InvalidOperationException("Only the gateway sends requests to Genesys.");

    public void FastenTo(HttpRequestMessage request) => request.Options.Set(Key, this);

    public void GoesOut()
    {
        Attempts++;
        SentAt = clock.GetUtcNow();
    }

    public ValueTask ReadAsync(Stream body, CancellationToken cancellationToken) => read(body, cancellationToken);

    /// <summary>A refused token is renewed and the question asked again, once in a call, whatever else was retried.</summary>
    public bool MayReplay(Exception? failed) => failed is GenesysException { Retry: GenesysRetry.Replay } && !Replayed;

    /// <summary>Whether the failure can pass within this call; a wait that does not fit is refused at once instead of sat out.</summary>
    public bool MayRetry(Exception? failed, int retry, TimeSpan longestWait, double random)
    {
        if (asker.IsExamination
            || asker.Calls is { Left: 0 }
            || failed is not GenesysException { Retry: GenesysRetry.Once or GenesysRetry.Backoff } exception
            || (exception.Retry == GenesysRetry.Once && RetriedAfterTimeout)
            || exception.Failure.RetryAfter > longestWait)
        {
            return false;
        }

        Pause = GenesysBackoff.Delay(exception.Failure, retry, random);
        return Pause < Patience;
    }

    public void Replays() => Replayed = true;

    public void Retries(Exception? failed)
    {
        RetriedAfterTimeout |= failed is GenesysException { Retry: GenesysRetry.Once };
        if (failed is GenesysException { Failure: var failure })
        {
            asker.Calls?.SpendOn(failure);
        }
    }
}
