using System.Collections.Immutable;
using System.Globalization;
using GenesysAnalyticsApi.Facts;
using NodaTime;

namespace GenesysAnalyticsApi.Benchmarks;

/// <summary>The size of a Genesys reply in which every queue has a value for every media type, hour and metric.</summary>
internal sealed record ReplyShape(int Queues, int MediaTypes, int Hours, int MetricCount)
{
    private static readonly ImmutableArray<string> AllMediaTypes = ["voice", "chat", "email", "message", "callback"];

    public int Cells => Queues * MediaTypes * Hours * MetricCount;

    public ImmutableArray<string> Media => AllMediaTypes[..MediaTypes];

    /// <summary>Metrics spread evenly over the standard group, so that counters, timers and ratios keep their proportions.</summary>
    public ImmutableArray<string> Metrics
    {
        get
        {
            var standard = GenesysMetrics.StandardGroup.Metrics;
            return [.. Enumerable.Range(0, MetricCount).Select(number => standard[number * standard.Count / MetricCount])];
        }
    }

    public ImmutableArray<Instant> Edges =>
        [.. Enumerable.Range(0, Hours + 1).Select(hour => Instant.FromUtc(2026, 11, 1, 0, 0) + Duration.FromHours(hour))];

    /// <param name="text">Queues, media types, hours and metrics, such as <c>200 x 5 x 24 x 10</c>.</param>
    public static ReplyShape Parse(string text) =>
        text.Split(" x ").Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray() is [var queues, var media, var hours, var metrics]
            ? new ReplyShape(queues, media, hours, metrics)
            : throw new FormatException($"'{text}' is not a shape such as '200 x 5 x 24 x 10'.");
}
