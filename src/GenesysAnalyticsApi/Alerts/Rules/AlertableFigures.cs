using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Response;

namespace GenesysAnalyticsApi.Alerts.Rules;

/// <summary>The figures that a rule can name.</summary>
internal static class AlertableFigures
{
    /// <summary>Figures about the current conversations of a queue, for one media type or for all media types.</summary>
    public static ImmutableArray<string> OfConversations { get; } = ["waiting", "interacting", "alerting", "longestWaitMs", "longestInteractionMs"];

    /// <summary>Figures about the current users of a queue. Users belong to no media type.</summary>
    public static ImmutableArray<string> OfUsers { get; } = ["onQueueUsers", "activeUsers", "memberUsers", "offQueueUsers"];

    public static ImmutableArray<string> Live { get; } = [.. OfConversations, .. OfUsers];

    /// <summary>Figures of <c>GET /aggregates</c>, by name.</summary>
    public static ImmutableDictionary<string, FigureField> OfAggregates { get; } =
        RecordFieldDefinitions.Figures.ToImmutableDictionary(field => field.Name, StringComparer.Ordinal);

    /// <summary>The value of the figure in a record; null if the figure has no value.</summary>
    public static double? ValueOf(FigureField field, Aggregates.Folding.ResponseRecord record) => field switch
    {
        IntegerField whole => whole.Of(record.Figures),
        DecimalField number => number.Of(record.Figures),
        _ => null,
    };

    /// <summary>
    /// The value for a queue that has no record although the figures are complete. Counts and sums are 0, because the queue had no interactions; averages,
    /// maxima and rates have no value.
    /// </summary>
    public static double? ValueWithoutRecord(FigureField field) =>
        !field.Source.Contains('/', StringComparison.Ordinal)
        && (field.Source.EndsWith(".count", StringComparison.Ordinal) || field.Source.EndsWith(".sum", StringComparison.Ordinal)
            || field.Source.EndsWith(".numerator", StringComparison.Ordinal) || field.Source.EndsWith(".denominator", StringComparison.Ordinal))
            ? 0
            : null;
}
