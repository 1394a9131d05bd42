namespace GenesysAnalyticsApi.Genesys.Requests;

/// <summary>
/// The caller and the priority for which a Genesys request is sent. Callers are served round-robin, and background work leaves capacity for interactive
/// queries.
/// </summary>
/// <param name="Caller">The caller's identity, not its name: requests with the same identity share one queue.</param>
/// <param name="IsBackground">True if no query waits for the reply.</param>
internal sealed record RequestOrigin(string Caller, bool IsBackground)
{
    // The parentheses prevent a collision with a caller's identity.
    public static readonly RequestOrigin Anonymous = new("(anonymous)", IsBackground: false);

    /// <summary>The service itself: the queue directory and other background refreshes.</summary>
    public static readonly RequestOrigin Service = new("(service)", IsBackground: true);

    /// <summary>A diagnostic request. A failure is a valid result, so the request is not retried and does not affect the health of Genesys.</summary>
    public bool IsDiagnostic { get; init; }

    /// <summary>Limits the Genesys requests of one query; null if only the rate limiter applies.</summary>
    public CallBudget? Calls { get; init; }

    /// <summary>True if the request belongs to a job that reads many slices.</summary>
    public bool IsForJob { get; init; }

    /// <summary>Canceled when a query starts to wait for the reply to a background request. The request then has the priority of a query.</summary>
    public CancellationToken Awaited { get; init; }

    /// <summary>Whether a query waits for the reply.</summary>
    public bool HasPriority => !IsBackground || Awaited.IsCancellationRequested;
}
