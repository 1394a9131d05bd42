namespace GenesysSimulator;

/// <summary>A request that the simulator received, and its outcome.</summary>
public sealed record RecordedCall(
    DateTimeOffset At, string Method, string Path, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The status that was sent; 0 if the connection ended before a status was sent.</summary>
    public int Status { get; init; }

    public string CorrelationId { get; init; } = "";
}
