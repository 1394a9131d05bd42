using GenesysSimulator.Faults;

namespace GenesysSimulator.Jobs;

/// <summary>
/// An asynchronous query. It is queued on the first poll, pending on the second, and then fulfilled, unless a fault, a cancellation or its age prevents this.
/// </summary>
internal sealed class QueryJob<TQuery>(TQuery query, DateTimeOffset submittedAt, IReadOnlyList<SimulatorFault> faults)
{
    private readonly string? _error = faults.FirstOrDefault(fault => fault.Name == FaultNames.JobFailed) is { } failed
        ? failed.Value ?? "The query could not be completed."
        : null;

    private readonly int _slowPolls = faults.FirstOrDefault(fault => fault.Name == FaultNames.JobSlow)?.Number(20) ?? 0;
    private readonly bool _expires = faults.Any(fault => fault.Name == FaultNames.JobExpired);
    private int _polls;

    public TQuery Query => query;

    public DateTimeOffset SubmittedAt => submittedAt;

    public string? Error => _error;

    public bool IsCancelled { get; set; }

    public string Poll(DateTimeOffset now, TimeSpan lifetime)
    {
        Interlocked.Increment(ref _polls);
        return State(now, lifetime);
    }

    public string State(DateTimeOffset now, TimeSpan lifetime) => _polls switch
    {
        _ when IsCancelled => "CANCELLED",
        _ when now >= submittedAt + lifetime => "EXPIRED",
        <= 1 => "QUEUED",
        var polls when polls <= 2 + _slowPolls => "PENDING",
        _ when _error is not null => "FAILED",
        _ when _expires => "EXPIRED",
        _ => "FULFILLED",
    };
}
