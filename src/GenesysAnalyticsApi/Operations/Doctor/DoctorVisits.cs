namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>
/// Visitors who come together, and those who come soon after, share one visit: each costs calls of the minute that callers' questions have too.
/// </summary>
internal sealed class DoctorVisits(ExaminationRound round, TimeProvider clock)
{
    internal static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task<DoctorAnswer>? _latest;
    private long _endedAt;

    /// <summary>The token ends the waiting, not the visit: others may wait for it.</summary>
    public Task<DoctorAnswer> VisitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_latest is null || (_latest.IsCompleted && clock.GetElapsedTime(_endedAt) >= Kept))
            {
                _latest = Task.Run(RunAsync, CancellationToken.None);
            }

            return _latest.WaitAsync(cancellationToken);
        }
    }

    private async Task<DoctorAnswer> RunAsync()
    {
        var answer = await round.RunAsync(faults: []);
        lock (_gate)
        {
            _endedAt = clock.GetTimestamp();
        }

        return answer;
    }
}
