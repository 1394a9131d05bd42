using System.ComponentModel;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.OpenApi.Metadata;
using Microsoft.AspNetCore.Mvc;
using static GenesysAnalyticsApi.Errors.ParameterRules;

namespace GenesysAnalyticsApi.Reconciliation;

/// <summary>The parameters of GET /reconciliation as unchecked text. The parameters that select figures are the same as in GET /aggregates.</summary>
internal sealed record ReconciliationParameters
{
    public const int MaxLimit = 10_000;
    public const int DefaultLimit = 1_000;
    public const string Differences = "differences";

    public static readonly string[] Selections = [Differences, "all"];

    public static readonly ResponseFormat[] Formats = [ResponseFormat.Json, ResponseFormat.Csv];

    private static readonly string[] FormatNames = [.. Formats.Select(format => format.Name)];

    /// <summary>The names of all parameters.</summary>
    public static readonly IReadOnlyList<string> Names = ["from", "to", "interval", "last", "period", "timeZone", "granularity", "queueId", "queue", "divisionId", "mediaType", "only", "limit", "format"];

    /// <summary>The names of the parameters that can be repeated.</summary>
    public static readonly IReadOnlyList<string> RepeatableNames = ["queueId", "queue", "divisionId", "mediaType"];

    public static readonly IReadOnlyDictionary<string, ParameterMetadata> Metadata = Names.ToDictionary(
        name => name,
        name => name switch
        {
            "only" => new ParameterMetadata("all") { Values = Selections, Default = Differences },
            "limit" => new ParameterMetadata("100") { Range = (1, MaxLimit), Default = $"{DefaultLimit}" },
            "format" => new ParameterMetadata("csv") { Values = FormatNames },
            _ => AggregatesParameterMetadata.All[name],
        },
        StringComparer.Ordinal);

    [FromQuery(Name = "from")]
    [Description("Start of the interval, inclusive, in the formats of GET /aggregates. Without `to`, the interval ends now.")]
    public string? From { get; init; }

    [FromQuery(Name = "to")]
    [Description("End of the interval, exclusive, in the same formats as `from`.")]
    public string? To { get; init; }

    [FromQuery(Name = "interval")]
    [Description("Instead of from and to: start/end, as in Genesys Cloud.")]
    public string? Interval { get; init; }

    [FromQuery(Name = "last")]
    [Description("Instead of from and to: a duration that ends now. PT24H if no parameter sets an interval.")]
    public string? Last { get; init; }

    [FromQuery(Name = "period")]
    [Description("Instead of from and to: a calendar period in timeZone.")]
    public string? Period { get; init; }

    [FromQuery(Name = "timeZone")]
    [Description("Time zone for local times, calendar periods, and day, week and month buckets.")]
    public string? TimeZone { get; init; }

    [FromQuery(Name = "granularity")]
    [Description("Bucket size. Without it, there is one bucket for the whole interval.")]
    public string? Granularity { get; init; }

    [FromQuery(Name = "queueId")]
    [Description("Only these queues, by id; repeat the parameter or separate ids by commas.")]
    public string[]? QueueId { get; init; }

    [FromQuery(Name = "queue")]
    [Description("Only these queues, by name or by a pattern with *. Combined with queueId as \"or\".")]
    public string[]? Queue { get; init; }

    [FromQuery(Name = "divisionId")]
    [Description("Only queues of these divisions; repeat the parameter or separate ids by commas.")]
    public string[]? DivisionId { get; init; }

    [FromQuery(Name = "mediaType")]
    [Description("Only these media types; repeat the parameter or separate media types by commas.")]
    public string[]? MediaType { get; init; }

    [FromQuery(Name = "only")]
    [Description("differences: only cells with a difference, each with only the figures that differ. all: every cell with every figure.")]
    public string? Only { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The maximum number of cells to return, from 1 to 10000: unexplained differences first, then explained differences. meta counts all cells.")]
    public string? Limit { get; init; }

    [FromQuery(Name = "format")]
    [Description("The format of the response; it overrides the Accept header. csv has one line per figure.")]
    public string? Format { get; init; }

    /// <summary>
    /// The parameters of GET /aggregates for the same figures. Partial results are denied: if a part cannot be fetched, the request fails, because a missing
    /// part would look like a difference.
    /// </summary>
    public AggregatesParameters ToAggregates() => new()
    {
        From = From,
        To = To,
        Interval = Interval,
        Last = Last,
        Period = Period,
        TimeZone = TimeZone,
        Granularity = Granularity,
        QueueId = QueueId,
        Queue = Queue,
        DivisionId = DivisionId,
        MediaType = MediaType,
        Partial = "deny",
    };

    /// <summary>The errors in the parameters that GET /aggregates does not have, by name.</summary>
    public IEnumerable<KeyValuePair<string, string[]>> OwnErrors()
    {
        foreach (var (name, value, check) in new[]
        {
            ("only", Only, OneOf("valid", Selections)),
            ("limit", Limit, Number(1, MaxLimit, "cells")),
            ("format", Format, OneOf("a format", FormatNames)),
        })
        {
            if (value is not null && check(value) is { } reason)
            {
                yield return KeyValuePair.Create(name, new[] { reason });
            }
        }
    }
}
