using System.Globalization;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>What is true of an answer's data as a whole, for headers and for what is counted.</summary>
internal sealed class AnswerLabels(Answered answered)
{
    private readonly LastText<long> _mayBeKept = new(seconds => string.Create(CultureInfo.InvariantCulture, $"private, max-age={seconds}"));

    /// <summary>When the first of its slices has to be fetched again.</summary>
    public Instant DueAt { get; } = answered.Slices.Select(slice => slice.DueAt).DefaultIfEmpty(Instant.MaxValue).Min();

    /// <summary>Nothing in it is stale, missing or left out: it may be kept, here and by callers.</summary>
    public bool IsWhole { get; } = answered.Meta.Complete && answered.Slices.All(slice => !slice.IsFailed && !slice.IsStale);

    public string? AsOf { get; } = answered.Meta.AsOf;

    public bool IsStale { get; } = answered.Meta.Stale;

    /// <summary>A slice is missing, or a statistic was left out.</summary>
    public bool HasGaps { get; } = !answered.Meta.Complete;

    /// <summary>When the oldest figures were fetched that can still change; null where none can.</summary>
    public Instant? OpenSince { get; } = answered.OpenSince;

    /// <summary>The most that Cache-Control may say, whatever is due when: a metric that is missing can come back at any time, and no slice is fresh for
    /// longer than a day, though the clock may have been set back since.</summary>
    public long MostSeconds { get; } = answered.IsLacking ? 60 : 86_400;

    public int Rows { get; } = answered.Records.Count;

    /// <summary>The text of Cache-Control: it changes once a second.</summary>
    public string MayBeKept(long seconds) => _mayBeKept.Of(seconds);
}
