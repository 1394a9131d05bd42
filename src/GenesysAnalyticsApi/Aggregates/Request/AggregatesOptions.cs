using System.ComponentModel.DataAnnotations;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>The limits on the cost of one query.</summary>
internal sealed class AggregatesOptions : IValidatableObject
{
    public const string Section = "Aggregates";

    /// <summary>Time limit for one request with all its slices. If the response is read in segments, the limit applies to each segment.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The maximum length of an interval.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "3660.00:00:00")]
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromDays(400);

    /// <summary>
    /// Maximum estimated rows of a response; a query with more rows is rejected. This is also the maximum for all large responses in progress together; a
    /// further response waits.
    /// </summary>
    [Range(1, 100_000_000)]
    public int MaxRows { get; set; } = 1_000_000;

    /// <summary>The maximum for a response that is read in segments of time. The memory for such a response does not grow with its rows.</summary>
    [Range(1, 1_000_000_000)]
    public int MaxSegmentedRows { get; set; } = 20_000_000;

    /// <summary>The number of records above which a response is streamed, without an ETag. A format that cannot be streamed allows no more records.</summary>
    [Range(1, 100_000_000)]
    public int StreamRows { get; set; } = 100_000;

    /// <summary>Maximum number of planned Genesys requests for one query. A query that needs more is rejected unless a job runs it.</summary>
    [Range(1, 10_000)]
    public int AsyncAboveCalls { get; set; } = 20;

    /// <summary>
    /// Maximum number of Genesys requests for one query, including retries and splits. Each slice of a job has its own budget of this size. The default is
    /// twice <see cref="AsyncAboveCalls"/>.
    /// </summary>
    [Range(1, 100_000)]
    public int? MaxUpstreamCalls { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // An accepted plan takes up to AsyncAboveCalls requests, so a lower budget would stop the plan halfway.
        if (MaxUpstreamCalls < AsyncAboveCalls)
        {
            yield return new($"is less than {Section}:{nameof(AsyncAboveCalls)}. Give at least {AsyncAboveCalls}.", [nameof(MaxUpstreamCalls)]);
        }
    }
}
