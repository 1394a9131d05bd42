using System.Collections.Frozen;
using System.Text.Json;
using GenesysSimulator.Contract;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using NodaTime;

namespace GenesysSimulator.Aggregates;

/// <summary>From the body to a question, refusing what Genesys would refuse.</summary>
internal static class AggregateQuestionReader
{
    private const string Sync = "ConversationAggregationQuery";
    private const string Async = "ConversationAsyncAggregationQuery";

    private static readonly FrozenSet<string> SyncMembers = GenesysContract.Members(Sync);
    private static readonly FrozenSet<string> AsyncMembers = GenesysContract.Members(Async);
    private static readonly FrozenSet<string> MetricNames = GenesysContract.Values(Sync, "MetricsEnum");
    private static readonly FrozenSet<string> GroupNames = GenesysContract.Values(Sync, "GroupByEnum");
    private static readonly FrozenSet<string> TimeDimensions = GenesysContract.Values(Sync, "AlternateTimeDimensionEnum");
    private static readonly FrozenSet<string> QueryTypes = GenesysContract.Values(Sync, "QueryTypeEnum");

    // Listed in the contract and refused by the running service (genesys-api: metrics).
    private static readonly FrozenSet<string> AlwaysRefused =
        new[] { "tAgentVideoConnected", "tScreenMonitoring", "tSnippetRecord" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static AggregateQuestion Read(ReadOnlyMemory<byte> body, int rowLimit, bool isAsync = false)
    {
        using var document = Parse(body);
        var question = isAsync
            ? new StrictObject(document.RootElement, Async, AsyncMembers)
            : new StrictObject(document.RootElement, Sync, SyncMembers);

        var (start, end) = IntervalReader.Read(question.NeededText("interval"));
        var groupBy = question.ManyOf("groupBy", GroupNames);
        var metrics = ReadMetrics(question, groupBy);
        RefuseRankings(question);
        question.OneOf("alternateTimeDimension", TimeDimensions);
        question.Boolean("flattenMultivaluedDimensions");

        return new(
            Buckets.Of(start, end, question.Text("granularity"), ReadZone(question.Text("timeZone")), rowLimit),
            metrics,
            // Genesys always splits by media type, asked for or not.
            [.. groupBy.Append("mediaType").Distinct(StringComparer.Ordinal)],
            MetricViewReader.Read(question.List("views"), MetricNames),
            question.Find("filter") is { } filter ? DimensionFilterReader.Read(filter) : DimensionFilter.None)
        {
            Fingerprint = FingerprintOf(body.Span),
            PageSize = isAsync ? ReadPageSize(question) : null,
        };
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException)
        {
            throw Refusal.BadRequest("The request could not be understood by the server due to malformed syntax.");
        }
    }

    private static List<string> ReadMetrics(StrictObject question, List<string> groupBy)
    {
        var metrics = question.ManyOf("metrics", MetricNames);
        if (metrics.Count == 0)
        {
            throw question.Missing("metrics");
        }

        foreach (var metric in metrics)
        {
            if (AlwaysRefused.Contains(metric) || (metric == "nConversations" && groupBy.Contains("queueId")))
            {
                throw new Refusal(400, "invalid.value", $"Value [{metric}] is not valid for field type [metrics] with this groupBy.");
            }
        }

        return [.. metrics.Distinct(StringComparer.Ordinal)];
    }

    private static void RefuseRankings(StrictObject question)
    {
        var type = question.OneOf("queryType", QueryTypes) ?? "groupBy";
        if (type != "groupBy")
        {
            throw Refusal.BadRequest($"queryType {type} is not supported by the simulator.");
        }

        if (question.Find("sortMetric") is not null || question.Find("limit") is not null)
        {
            throw Refusal.BadRequest("sortMetric and limit go with topN and bottomN, which the simulator does not support.");
        }
    }

    private static DateTimeZone ReadZone(string? id) => id is null
        ? DateTimeZone.Utc
        : DateTimeZoneProviders.Tzdb.GetZoneOrNull(id) ?? throw Refusal.BadRequest($"timeZone [{id}] is not an IANA time zone.");

    private static int? ReadPageSize(StrictObject question) => question.Number("pageSize") is not { } size
        ? null
        : size is >= 1 and <= 10_000 && size == Math.Floor(size) ? (int)size : throw Refusal.BadRequest("pageSize must be from 1 to 10000.");

    private static ulong FingerprintOf(ReadOnlySpan<byte> body)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in body)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return Dice.Mix(hash, 1);
    }
}
