using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Reports the jobs that are running when telemetry is collected.</summary>
internal sealed class JobGauges
{
    public JobGauges(ServiceMeter meter, JobRunner runner) => meter.Gauge("jobs.running", null, "Jobs that this instance runs.", () => runner.Running);
}

/// <summary>Telemetry of jobs.</summary>
internal sealed class JobTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _ended = meter.Counter("jobs.ended", "{job}", "Jobs that have ended.", "state", "succeeded", "failed", "cancelled");

    public void Ended(JobState state) => _ended.Add(1, new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()));
}
