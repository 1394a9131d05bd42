using System.Diagnostics;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Monitoring;

/// <summary>Records metrics and a span for one attempt, from before it is sent until its reply has been read.</summary>
internal sealed class AttemptInstrumentation(
    GenesysTelemetry metrics, TimeProvider clock, string endpoint, HttpRequestMessage request, int attempt, TimeSpan limit) : IDisposable
{
    private readonly long _started = clock.GetTimestamp();
    private readonly Activity? _activity = GenesysTracing.Attempt(request, endpoint, attempt);
    private string _status = "cancelled";

    public void RecordReply(HttpResponseMessage response)
    {
        _status = GenesysTracing.LabelOf((int)response.StatusCode);
        _activity?.SetTag("http.response.status_code", (int)response.StatusCode);
        if (_activity is not null && GenesysErrorBody.CorrelationIdOf(response) is { } id)
        {
            _activity.SetTag("genesys.correlation_id", id);
        }
    }

    public void RecordFailure(Exception failed)
    {
        // The exception does not show whether it was a timeout or a cancellation; the elapsed time does.
        _status = failed is OperationCanceledException && clock.GetElapsedTime(_started) >= limit ? "timeout" : GenesysTracing.LabelOf(failed);
        _activity.SetError(failed, _status);
    }

    public void Dispose()
    {
        metrics.RecordRequest(endpoint, _status, clock.GetElapsedTime(_started));
        _activity?.Dispose();
    }
}
