using System.Diagnostics;
using System.Globalization;
using Polly.Timeout;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// What traces show of asking Genesys. Nothing is made unless somebody listens:
/// <code>
///   genesys aggregates          a call with its retries: kind of failure, attempts
///     genesys permit            the wait for one, where there was any
///     POST aggregates           one attempt: status, inin-correlation-id
/// </code>
/// </summary>
internal static class GenesysTrace
{
    public const string SourceName = "GenesysAnalyticsApi.Genesys";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Call(string endpoint, GenesysAsker asker) =>
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
        GenesysException known => known.Failure.Kind.Word(),
        TimeoutRejectedException => "timeout",
        OperationCanceledException => "cancelled",
        _ => "unreachable",
    };

    /// <summary>A label: what is no status of HTTP shall not make more of them.</summary>
    public static string WordOf(int status) => status is >= 100 and < 600 ? status.ToString(CultureInfo.InvariantCulture) : "other";
}
