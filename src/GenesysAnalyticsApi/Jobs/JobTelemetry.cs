using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Observability;

namespace GenesysAnalyticsApi.Jobs;

/// <summary>Exports the number of running jobs as a gauge.</summary>
internal sealed class JobGauges
{
    public JobGauges(ServiceMeter meter, JobRunner runner) => meter.Gauge("jobs.running", null, "Jobs that this instance runs.", () => runner.Running);
}

/// <summary>Counts the jobs that have ended.</summary>
internal sealed class JobTelemetry(ServiceMeter meter)
{
    private readonly Counter<long> _ended = meter.Counter("jobs.ended", "{job}", "Jobs that have ended.", "state", "succeeded", "failed", "cancelled");

    public void Ended(JobState state) => _ended.Add(1, new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()));
}
