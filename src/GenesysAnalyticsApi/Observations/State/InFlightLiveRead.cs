using System.Diagnostics.CodeAnalysis;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>One read of the state, for all callers that need the state while the read is in progress.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer and no handle, and a caller can promote the read after it has ended.")]
internal sealed class InFlightLiveRead
{
    private readonly CancellationTokenSource _awaited = new();

    /// <param name="notBefore">The caller who started the read accepts no state with an earlier <see cref="LiveSnapshot.AsOf"/>.</param>
    public InFlightLiveRead(Instant notBefore, Instant startedAt, Func<InFlightLiveRead, Task<LiveSnapshot>> read)
    {
        (NotBefore, StartedAt) = (notBefore, startedAt);
        Completion = Task.Run(() => read(this)).ObserveFault();
    }

    public Instant NotBefore { get; }

    public Instant StartedAt { get; }

    public Task<LiveSnapshot> Completion { get; }

    /// <summary>Canceled when a query waits for the read. If the read was started in the background, it then gets the priority of a query.</summary>
    public CancellationToken Awaited => _awaited.Token;

    public void PromoteFor(RequestOrigin origin)
    {
        if (!origin.IsBackground)
        {
            _awaited.Cancel();
        }
    }
}
