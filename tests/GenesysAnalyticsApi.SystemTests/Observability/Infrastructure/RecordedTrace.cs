using System.Collections.Concurrent;
using System.Diagnostics;
using GenesysAnalyticsApi.Aggregates.Slices;
using GenesysAnalyticsApi.Genesys.Monitoring;

namespace GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;

/// <summary>The spans of one trace, as a backend would receive them; the caller starts the trace.</summary>
internal sealed class RecordedTrace : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ConcurrentQueue<string> _started = [];
    private readonly ActivityListener _listener;

    public RecordedTrace()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is SliceTracing.SourceName or GenesysTracing.SourceName or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStarted = span =>
            {
                if (span.TraceId == TraceId)
                {
                    _started.Enqueue(span.OperationName);
                }
            },
            ActivityStopped = span =>
            {
                if (span.TraceId == TraceId)
                {
                    _spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ActivityTraceId TraceId { get; } = ActivityTraceId.CreateRandom();

    public IReadOnlyCollection<Activity> Spans => _spans;

    /// <summary>A request of a caller that sends a trace context.</summary>
    public HttpRequestMessage Request(string query) =>
        new(HttpMethod.Get, new Uri(query, UriKind.Relative)) { Headers = { { "traceparent", $"00-{TraceId}-{ActivitySpanId.CreateRandom()}-01" } } };

    public bool HasStarted(string name) => _started.Contains(name);

    public Activity One(string name) => _spans.Single(span => span.DisplayName == name);

    public void Dispose() => _listener.Dispose();
}
