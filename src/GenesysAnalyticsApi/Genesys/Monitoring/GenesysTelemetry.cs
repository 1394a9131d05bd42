using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Observability;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys.Monitoring;

/// <summary>Metrics of Genesys requests. docs/operations.md explains names, units and labels.</summary>
internal sealed class GenesysTelemetry
{
    /// <summary>The outcome of an asynchronous query if all its pages were read.</summary>
    public const string Fulfilled = "fulfilled";

    /// <summary>The outcome of an asynchronous query that was given up because no caller was waiting for it.</summary>
    public const string Abandoned = "abandoned";

    private static readonly IEnumerable<string> Kinds = Enum.GetValues<GenesysFailureKind>().Select(kind => kind.ToWireName());

    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _waits;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _renewals;
    private readonly Counter<long> _asyncQueries;

    public GenesysTelemetry(ServiceMeter meter)
    {
        _requests = meter.Histogram(
            "upstream.request.duration", "Duration of each attempt of a Genesys request, from sending it until its reply has been read.", ServiceMeter.DurationBuckets);
        _waits = meter.Histogram("budget.wait.duration", "How long attempts waited for their lease.", ServiceMeter.DurationBuckets);
        _failures = meter.Counter("upstream.failures", "{call}", "Genesys requests that failed after all retries.", "kind", Kinds);
        _retries = meter.Counter("upstream.retries", "{attempt}", "Attempts that failed and were repeated within the same request.", "kind", Kinds);
        _renewals = meter.Counter("token.renewals", "{login}", "Logins to Genesys for a new access token.", "outcome", "renewed", "failed");
        _asyncQueries = meter.Counter("upstream.async.queries", "{query}", "Asynchronous queries that have ended.", "outcome", [Fulfilled, Abandoned, .. Kinds]);
    }

    /// <summary>Returns the name that metrics and traces use for the endpoints that need the permission.</summary>
    public static string EndpointOf(string? permission) => permission switch
    {
        GenesysPermissions.Aggregates => "aggregates",
        GenesysPermissions.Queues => "queues",
        GenesysPermissions.Users => "users",
        GenesysPermissions.WrapUpCodes => "wrapup-codes",
        GenesysPermissions.ConversationDetails => "conversation-details",
        GenesysPermissions.QueueActivity => "queue-activity",
        _ => "other",
    };

    /// <param name="status">
    /// The HTTP status, <c>other</c>, <c>cancelled</c>, <c>unreachable</c>, or a kind of failure such as <c>timeout</c> or <c>unreadable</c>.
    /// </param>
    public void RecordRequest(string endpoint, string status, TimeSpan duration) =>
        _requests.Record(duration.TotalSeconds, new TagList { { "endpoint", endpoint }, { "status", status } });

    public void RecordWait(TimeSpan duration) => _waits.Record(duration.TotalSeconds);

    public void RecordFailure(GenesysFailureKind kind) => _failures.Add(1, new KeyValuePair<string, object?>("kind", kind.ToWireName()));

    public void RecordRetry(GenesysFailureKind kind) => _retries.Add(1, new KeyValuePair<string, object?>("kind", kind.ToWireName()));

    /// <param name="outcome"><see cref="Fulfilled"/>, <see cref="Abandoned"/> or the kind of failure.</param>
    public void RecordAsyncQuery(string outcome) => _asyncQueries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void RecordRenewal(bool hasSucceeded) => _renewals.Add(1, new KeyValuePair<string, object?>("outcome", hasSucceeded ? "renewed" : "failed"));
}

/// <summary>
/// Spans of Genesys requests. Spans are created only while a listener is attached. They are nested as follows:
/// <code>
///   genesys aggregates          a request with its retries: genesys.background, and the kind of failure
///     genesys permit            the wait for a lease of the rate limiter
///     POST aggregates           one attempt: HTTP status, genesys.correlation_id, and the kind of failure
/// </code>
/// </summary>
internal static class GenesysTracing
{
    public const string SourceName = "GenesysAnalyticsApi.Genesys";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Call(string endpoint, RequestOrigin origin) =>
        Source.StartActivity($"genesys {endpoint}", ActivityKind.Internal, default(ActivityContext), [new("genesys.background", origin.IsBackground)]);

    public static Activity? Permit() => Source.StartActivity("genesys permit");

    public static Activity? Attempt(HttpRequestMessage request, string endpoint, int attempt) => Source.StartActivity(
        $"{request.Method} {endpoint}",
        ActivityKind.Client,
        default(ActivityContext),
        [
            new("http.request.method", request.Method.Method),
            new("server.address", request.RequestUri!.Host),
            new("server.port", request.RequestUri.Port),
            new("url.path", request.RequestUri.AbsolutePath),
            new("http.request.resend_count", attempt > 1 ? attempt - 1 : null),
        ]);

    /// <param name="errorType">Replaces the error type that is derived from the exception.</param>
    public static void SetError(this Activity? activity, Exception exception, string? errorType = null)
    {
        if (activity is not null)
        {
            errorType ??= LabelOf(exception);
            activity.SetTag("error.type", errorType);
            // The message of a failure contains no secret. The messages of other exceptions can contain the addresses of hosts and proxies.
            activity.SetStatus(ActivityStatusCode.Error, exception is GenesysException known ? known.Failure.Message : errorType);
        }
    }

    /// <summary>The label of a failed request: its HTTP status, or the kind of failure if there is no status.</summary>
    public static string LabelOf(Exception exception) => exception switch
    {
        GenesysException { Failure.Status: { } status } => LabelOf(status),
        GenesysException known => known.Failure.Kind.ToWireName(),
        TimeoutRejectedException => "timeout",
        OperationCanceledException => "cancelled",
        _ => "unreachable",
    };

    /// <summary>Values outside the HTTP range share one label, to keep the cardinality low.</summary>
    public static string LabelOf(int status) => status is >= 100 and < 600 ? status.ToString(CultureInfo.InvariantCulture) : "other";
}

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

    public void RecordFailure(Exception exception)
    {
        // An OperationCanceledException does not show whether the attempt timed out or was canceled, but the elapsed time does.
        _status = exception is OperationCanceledException && clock.GetElapsedTime(_started) >= limit ? "timeout" : GenesysTracing.LabelOf(exception);
        _activity.SetError(exception, _status);
    }

    public void Dispose()
    {
        metrics.RecordRequest(endpoint, _status, clock.GetElapsedTime(_started));
        _activity?.Dispose();
    }
}
