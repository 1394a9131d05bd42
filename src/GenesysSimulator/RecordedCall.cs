namespace GenesysSimulator;

/// <summary>A request the simulator got, and what became of it.</summary>
public sealed record RecordedCall(
    DateTimeOffset At, string Method, string Path, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The status that was sent; 0 where the caller left first or the connection was cut before one.</summary>
    public int Status { get; init; }

    public string CorrelationId { get; init; } = "";
}
