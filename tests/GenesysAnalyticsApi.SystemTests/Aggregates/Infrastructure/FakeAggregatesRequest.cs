using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>An aggregates request, parsed only from its JSON. Parsing reports everything that Genesys would reject.</summary>
/// <param name="Direction">Value of the <c>originatingDirection</c> filter.</param>
internal sealed partial record FakeAggregatesRequest(ImmutableArray<Instant> Edges, IReadOnlySet<string> Metrics, string? Direction)
{
    /// <summary>The dimensions of the groups.</summary>
    public IReadOnlyList<string> GroupBy { get; private init; } = [];

    /// <summary>The requested views; empty for none.</summary>
    public IReadOnlyList<FakeView> Views { get; private init; } = [];

    private static readonly InstantPattern Written = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");

    public static FakeAggregatesRequest Read(JsonObject body, Action<string> report)
    {
        foreach (var violation in OfficialModels.Violations("ConversationAggregationQuery", body))
        {
            report(violation);
        }

        foreach (var needed in new[] { "interval", "groupBy", "metrics" }.Where(needed => body[needed] is null))
        {
            report($"{needed} is missing");
        }

        var metrics = body["metrics"]!.AsArray().Select(name => name!.GetValue<string>()).ToList();
        if (metrics.Count == 0 || metrics.Distinct(StringComparer.Ordinal).Count() != metrics.Count)
        {
            report("metrics are empty or contain duplicates");
        }

        return new FakeAggregatesRequest(EdgesOf(body, report), metrics.ToHashSet(StringComparer.Ordinal), DirectionOf(body["filter"], report))
        {
            GroupBy = [.. body["groupBy"]!.AsArray().Select(name => name!.GetValue<string>())],
            Views = FakeView.ReadAll(body["views"], report),
        };
    }

    /// <summary>A bucket's interval in the format of Genesys.</summary>
    public string IntervalOf(int bucket) => $"{Written.Format(Edges[bucket])}/{Written.Format(Edges[bucket + 1])}";

    public int? BucketOf(Instant instant)
    {
        var found = Edges.BinarySearch(instant);
        var bucket = found >= 0 ? found : ~found - 1;
        return bucket >= 0 && bucket < Edges.Length - 1 ? bucket : null;
    }

    private static ImmutableArray<Instant> EdgesOf(JsonObject body, Action<string> report)
    {
        var interval = body.Text("interval")!;
        if (!IntervalForm().IsMatch(interval))
        {
            report($"the interval '{interval}' is not two instants with milliseconds and Z");
        }

        var (from, to) = (Written.Parse(interval.Split('/')[0]).Value, Written.Parse(interval.Split('/')[1]).Value);
        if (from >= to)
        {
            report($"the interval '{interval}' is empty");
        }

        var granularity = body.Text("granularity");
        var zone = body.Text("timeZone") is { } id ? DateTimeZoneProviders.Tzdb[id] : DateTimeZone.Utc;
        if (!DateTimeZoneProviders.Tzdb.Ids.Contains(zone.Id))
        {
            report($"'{zone.Id}' is not an IANA time zone");
        }

        var edges = new List<Instant> { from };
        while (edges[^1] < to)
        {
            edges.Add(granularity is null ? to : Next(edges[^1], granularity, zone));
        }

        if (edges[^1] != to)
        {
            report($"{granularity} does not divide the interval '{interval}'");
        }

        if (granularity is not null != edges.Count > 2)
        {
            report($"{granularity ?? "no granularity"} for {edges.Count - 1} buckets");
        }

        return [.. edges];
    }

    private static Instant Next(Instant at, string granularity, DateTimeZone zone)
    {
        var step = PeriodPattern.Roundtrip.Parse(granularity).Value;
        return step.HasDateComponent ? at.InZone(zone).LocalDateTime.Plus(step).InZoneLeniently(zone).ToInstant() : at + step.ToDuration();
    }

    private static string? DirectionOf(JsonNode? filter, Action<string> report)
    {
        if (filter is null)
        {
            return null;
        }

        var predicates = filter["clauses"]!.AsArray().SelectMany(clause => clause!["predicates"]!.AsArray()).ToList();
        if (predicates is not [{ } only] || only["dimension"]!.GetValue<string>() != "originatingDirection")
        {
            report($"unexpected filter: {filter.ToJsonString()}");
            return null;
        }

        return only["value"]!.GetValue<string>();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex IntervalForm();
}
