using System.Diagnostics;
using System.Diagnostics.Metrics;
using GenesysAnalyticsApi.Operations;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>What is counted about asking Genesys. Names, units and labels are explained in docs/operations.md.</summary>
internal sealed class GenesysMetrics
{
    private static readonly IEnumerable<string> Kinds = Enum.GetValues<GenesysFailureKind>().Select(kind => kind.Word());

    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _waits;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _renewals;

    public GenesysMetrics(ServiceMeter meter)
    {
        _requests = meter.Histogram("upstream.request.duration", "Requests to Genesys: from sending one until its answer was read.", ServiceMeter.Seconds);
        _waits = meter.Histogram("budget.wait.duration", "How long attempts waited for their permit.", ServiceMeter.Seconds);
        _failures = meter.Counter("upstream.failures", "{call}", "Calls to Genesys that failed, after all their retries.", "kind", Kinds);
        _retries = meter.Counter("upstream.retries", "{attempt}", "Attempts that failed and were repeated within their call.", "kind", Kinds);
        _renewals = meter.Counter("token.renewals", "{login}", "Logins at Genesys for a new access token.", "outcome", "renewed", "failed");
    }

    /// <param name="status">Of HTTP; or <c>timeout</c>, <c>cancelled</c>, <c>unreadable</c>, <c>unreachable</c>.</param>
    public void Requested(string endpoint, string status, TimeSpan took) =>
        _requests.Record(took.TotalSeconds, new TagList { { "endpoint", endpoint }, { "status", status } });

    public void Waited(TimeSpan took) => _waits.Record(took.TotalSeconds);

    public void Failed(GenesysFailureKind kind) => _failures.Add(1, new KeyValuePair<string, object?>("kind", kind.Word()));

    public void Retried(GenesysFailureKind kind) => _retries.Add(1, new KeyValuePair<string, object?>("kind", kind.Word()));

    public void Renewed(bool hasSucceeded) => _renewals.Add(1, new KeyValuePair<string, object?>("outcome", hasSucceeded ? "renewed" : "failed"));
}
