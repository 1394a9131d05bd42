using System.ComponentModel.DataAnnotations;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>Limits what one query may cost.</summary>
internal sealed class AggregatesOptions : IValidatableObject
{
    public const string Section = "Aggregates";

    /// <summary>Time limit of one request with all its slices.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest interval.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "3660.00:00:00")]
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Estimated rows of a response; a query with more is rejected.</summary>
    [Range(1, 100_000_000)]
    public int MaxRows { get; set; } = 1_000_000;

    /// <summary>The same limit for a response that is read in segments of time, because its memory does not grow with its rows.</summary>
    [Range(1, 1_000_000_000)]
    public int MaxSegmentedRows { get; set; } = 20_000_000;

    /// <summary>Records above which a response is streamed, without an ETag.</summary>
    [Range(1, 100_000_000)]
    public int StreamRows { get; set; } = 100_000;

    /// <summary>Planned Genesys requests above which a query is too wide for one request.</summary>
    [Range(1, 10_000)]
    public int AsyncAboveCalls { get; set; } = 20;

    /// <summary>Genesys requests that one query may cause, including retries and splits. The default is twice <see cref="AsyncAboveCalls"/>.</summary>
    [Range(1, 100_000)]
    public int? MaxUpstreamCalls { get; set; }

    public CallBudget NewCallBudget() => new(MaxUpstreamCalls ?? 2 * AsyncAboveCalls);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // An accepted plan takes up to AsyncAboveCalls requests, so a lower limit would stop it halfway.
        if (MaxUpstreamCalls < AsyncAboveCalls)
        {
            yield return new($"is less than {Section}:{nameof(AsyncAboveCalls)}. Give at least {AsyncAboveCalls}.", [nameof(MaxUpstreamCalls)]);
        }
    }
}
