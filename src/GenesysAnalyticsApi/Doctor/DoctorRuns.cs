namespace GenesysAnalyticsApi.Doctor;

/// <summary>
/// Shares one run among all requests during the run and up to <see cref="ReuseTime"/> after its end, because a run uses part of the rate limit, which callers
/// need too.
/// </summary>
internal sealed class DoctorRuns(DiagnosticRunner runner, TimeProvider clock)
{
    internal static readonly TimeSpan ReuseTime = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task<DoctorResponse>? _latest;
    private long _endedAt;

    /// <summary>Returns the result of a run. The token cancels the wait, not the run, because other requests might be waiting for the same run.</summary>
    public Task<DoctorResponse> DiagnoseAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_latest is null || (_latest.IsCompleted && clock.GetElapsedTime(_endedAt) >= ReuseTime))
            {
                _latest = Task.Run(RunAsync, CancellationToken.None);
            }

            return _latest.WaitAsync(cancellationToken);
        }
    }

    private async Task<DoctorResponse> RunAsync()
    {
        var response = await runner.RunAsync(faults: []);
        lock (_gate)
        {
            _endedAt = clock.GetTimestamp();
        }

        return response;
    }
}
