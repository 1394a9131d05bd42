using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>Limits for one aggregates query.</summary>
internal sealed class AggregatesOptions
{
    public const string Section = "Aggregates";

    /// <summary>Time limit for one request, all of its slices included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest interval of a query.</summary>
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Maximum estimated rows of a response. Larger queries are rejected.</summary>
    public int MaxRows { get; set; } = 1_000_000;

    /// <summary>Responses with more records are streamed without an ETag.</summary>
    public int StreamRows { get; set; } = 100_000;

    /// <summary>Genesys requests above which a query is rejected as too wide.</summary>
    public int AsyncAboveCalls { get; set; } = 20;

    /// <summary>Genesys requests that one query may send, including retries and splits. Defaults to twice <see cref="AsyncAboveCalls"/>.</summary>
    public int? MaxUpstreamCalls { get; set; }

    public CallBudget NewCallBudget() => new(MaxUpstreamCalls ?? 2 * AsyncAboveCalls);
}
