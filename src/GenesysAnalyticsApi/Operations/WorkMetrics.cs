using System.Diagnostics.Metrics;

namespace GenesysAnalyticsApi.Operations;

/// <summary>What is counted about questions that had to be turned away.</summary>
internal sealed class WorkMetrics(ServiceMeter meter)
{
    private readonly Counter<long> _refusals = meter.Counter("work.refusals", "{question}", "Questions that were refused because the service had too much to do.", "reason", "queue", "patience", "fetching", "rows");

    /// <param name="reason">Which limit it was: <c>queue</c>, <c>patience</c>, <c>fetching</c> or <c>rows</c>.</param>
    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
