using System.Diagnostics;
using GenesysAnalyticsApi.Genesys.Failures;

namespace GenesysAnalyticsApi.Genesys.Pipeline;

/// <summary>One request to Genesys, as metrics and traces see it: begun before it is sent, over when its answer was read.</summary>
internal sealed class AttemptInstrumentation(
    GenesysTelemetry metrics, TimeProvider clock, string endpoint, HttpRequestMessage request, int attempt, TimeSpan limit) : IDisposable
{
    private readonly long _started = clock.GetTimestamp();
    private readonly Activity? _activity = GenesysTracing.Attempt(request, endpoint, attempt);
    private string _status = "cancelled";

    public void Answered(HttpResponseMessage response)
    {
        _status = GenesysTracing.WordOf((int)response.StatusCode);
        _activity?.SetTag("http.response.status_code", (int)response.StatusCode);
        if (_activity is not null && GenesysErrorBody.CorrelationIdOf(response) is { } id)
        {
            _activity.SetTag("genesys.correlation_id", id);
        }
    }

    public void Failed(Exception failed)
    {
        // Whoever gave up, the exception is the same.
        _status = failed is OperationCanceledException && clock.GetElapsedTime(_started) >= limit ? "timeout" : GenesysTracing.WordOf(failed);
        _activity.Failed(failed, _status);
    }

    public void Dispose()
    {
        metrics.Requested(endpoint, _status, clock.GetElapsedTime(_started));
        _activity?.Dispose();
    }
}
