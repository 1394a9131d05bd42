using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Observability;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>What is counted about asking Genesys. Names, units and labels are explained in docs/operations.md.</summary>
internal sealed class GenesysTelemetry
{
    private static readonly IEnumerable<string> Kinds = Enum.GetValues<GenesysFailureKind>().Select(kind => kind.ToWireName());

    private readonly Histogram<double> _requests;
    private readonly Histogram<double> _waits;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _renewals;

    public GenesysTelemetry(ServiceMeter meter)
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

    public void Failed(GenesysFailureKind kind) => _failures.Add(1, new KeyValuePair<string, object?>("kind", kind.ToWireName()));

    public void Retried(GenesysFailureKind kind) => _retries.Add(1, new KeyValuePair<string, object?>("kind", kind.ToWireName()));

    public void Renewed(bool hasSucceeded) => _renewals.Add(1, new KeyValuePair<string, object?>("outcome", hasSucceeded ? "renewed" : "failed"));
}

/// <summary>
/// What traces show of asking Genesys. Nothing is made unless somebody listens:
/// <code>
///   genesys aggregates          a call with its retries: kind of failure, attempts
///     genesys permit            the wait for one, where there was any
///     POST aggregates           one attempt: status, inin-correlation-id
/// </code>
/// </summary>
internal static class GenesysTracing
{
    public const string SourceName = "GenesysAnalyticsApi.Genesys";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Call(string endpoint, RequestOrigin asker) =>
        Source.StartActivity($"genesys {endpoint}", ActivityKind.Internal, default(ActivityContext), [new("genesys.background", asker.IsBackground)]);

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

    /// <param name="word">What it is called, where that is better known than by the exception.</param>
    public static void Failed(this Activity? activity, Exception failed, string? word = null)
    {
        if (activity is not null)
        {
            word ??= WordOf(failed);
            activity.SetTag("error.type", word);
            // The sentence of a failure has no secret in it; texts of other exceptions may name addresses and proxies.
            activity.SetStatus(ActivityStatusCode.Error, failed is GenesysException known ? known.Failure.Message : word);
        }
    }

    /// <summary>What a request ended with that has no status of HTTP.</summary>
    public static string WordOf(Exception failed) => failed switch
    {
        GenesysException { Failure.Status: { } status } => WordOf(status),
        GenesysException known => known.Failure.Kind.ToWireName(),
        TimeoutRejectedException => "timeout",
        OperationCanceledException => "cancelled",
        _ => "unreachable",
    };

    /// <summary>A label: what is no status of HTTP shall not make more of them.</summary>
    public static string WordOf(int status) => status is >= 100 and < 600 ? status.ToString(CultureInfo.InvariantCulture) : "other";
}
