using GenesysAnalyticsApi.Genesys.Pipeline;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>How much one question about aggregates may ask for.</summary>
internal sealed class AggregatesOptions
{
    public const string Section = "Aggregates";

    /// <summary>One request with all its slices.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest interval.</summary>
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Estimated rows of an answer; above it the question is refused.</summary>
    public int MaxRows { get; set; } = 1_000_000;

    /// <summary>Records above which an answer is streamed as it is written, without an ETag.</summary>
    public int StreamRows { get; set; } = 100_000;

    /// <summary>Upstream calls above which a question is too wide for one request.</summary>
    public int AsyncAboveCalls { get; set; } = 20;

    /// <summary>Upstream calls that one question may make, retries and splits included; twice <see cref="AsyncAboveCalls"/> where it is not set.</summary>
    public int? MaxUpstreamCalls { get; set; }

    public CallBudget NewCallBudget() => new(MaxUpstreamCalls ?? 2 * AsyncAboveCalls);
}
