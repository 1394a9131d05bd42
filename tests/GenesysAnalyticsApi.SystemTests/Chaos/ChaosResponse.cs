using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Xml;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>A response and its times. A 304 confirms that the caller's copy is still correct.</summary>
/// <param name="Body">For a 304, the caller's copy.</param>
/// <param name="AsOf">For a 304, the value of its header; otherwise null, because the body contains it.</param>
internal sealed record ChaosResponse(
    ChaosQuery Query, DateTimeOffset SentAt, DateTimeOffset ReceivedAt, HttpStatusCode Status, string? ContentType, bool HasRetryAfter, string Body, string? AsOf, bool? IsStale)
{
    /// <summary>A query can join a running fetch. That fetch may wait for another replica as long as a request may take, and then take as long again.</summary>
    private static readonly TimeSpan Joined = TimeSpan.FromSeconds(90);

    private static readonly Dictionary<string, int[]> Problems = new()
    {
        ["/problems/genesys-refused"] = [502],
        ["/problems/genesys-rate-limited"] = [503],
        ["/problems/genesys-unavailable"] = [503],
        ["/problems/overloaded"] = [503],
        ["/problems/genesys-timeout"] = [504],
        // While Genesys rejects replies as too large, a query needs more Genesys requests and can exceed their limit.
        ["/problems/too-wide"] = [422],
    };

    public bool IsWhole => Status is HttpStatusCode.OK or HttpStatusCode.NotModified && Read().Meta is var meta && Is(meta, "complete") && !(IsStale ?? Is(meta, "stale"));

    /// <summary>Describes everything that is wrong with the response; empty if it is correct or reports what it lacks.</summary>
    public IEnumerable<string> Faults(ChaosTruth truth, TimeSpan deadline) =>
        LateFaults(deadline).Concat(Status is HttpStatusCode.OK or HttpStatusCode.NotModified ? FigureFaults(truth) : ProblemFaults());

    private IEnumerable<string> LateFaults(TimeSpan deadline)
    {
        if (ReceivedAt - SentAt > deadline)
        {
            yield return $"took {ReceivedAt - SentAt}";
        }
    }

    private IEnumerable<string> ProblemFaults()
    {
        if (ContentType != "application/problem+json")
        {
            yield return $"{Status} is {ContentType}: {Body}";
            yield break;
        }

        var type = JsonSerializer.Deserialize<JsonElement>(Body).GetProperty("type").GetString()!;
        if (!Problems.TryGetValue(type, out var statuses) || !statuses.Contains((int)Status))
        {
            yield return $"{(int)Status} with {type}: {Body}";
        }

        if (Status == HttpStatusCode.ServiceUnavailable && !HasRetryAfter)
        {
            yield return $"503 without Retry-After: {Body}";
        }
    }

    private IEnumerable<string> FigureFaults(ChaosTruth truth)
    {
        var (meta, records) = Read();
        var failed = meta.GetProperty("failedSlices").EnumerateArray().Select(slice => (From: Time(slice, "from"), To: Time(slice, "to"))).ToList();
        if (Is(meta, "complete") == failed.Count > 0)
        {
            yield return "complete and failedSlices contradict each other";
        }

        if (Query.Denies && failed.Count > 0)
        {
            yield return "partial=deny got a partial response";
        }

        // The response contains nothing that happened after it was received, and everything that had happened when its oldest part was fetched.
        var asOf = (AsOf ?? meta.GetProperty("asOf").GetString()) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : ReceivedAt;
        if (!(IsStale ?? Is(meta, "stale")) && Query.Longest is { } longest && ReceivedAt - asOf > TimeSpan.FromSeconds(longest + 1) + Joined + (ReceivedAt - SentAt))
        {
            yield return $"is {(ReceivedAt - asOf).TotalSeconds:0} s old without a label";
        }

        // The warning of a response that may lack an unknown queue.
        var onlyListed = meta.GetProperty("warnings").EnumerateArray().Any(warning => Text(warning, "code") == "known-queues-only");
        var given = records.ToDictionary(record => (Text(record, "queueId"), Text(record, "mediaType"), Time(record, "from")));
        foreach (var (from, to) in Buckets())
        {
            var isAffected = failed.Exists(slice => slice.From < to && from < slice.To);
            foreach (var key in truth.Keys(Query))
            {
                var record = given.TryGetValue((key.QueueId, key.MediaType, from), out var found) ? found : default(JsonElement?);
                foreach (var fault in RecordFaults(truth, key, from, to, asOf, record, isAffected, onlyListed))
                {
                    yield return $"{key} {from:O}: {fault}";
                }
            }
        }

        var known = truth.Keys(Query).ToHashSet();
        foreach (var unexpected in given.Keys.Where(key => !known.Contains((key.Item1, key.Item2))))
        {
            yield return $"an unexpected record: {unexpected}";
        }
    }

    private IEnumerable<string> RecordFaults(
        ChaosTruth truth, (string? QueueId, string? MediaType) key, DateTimeOffset from, DateTimeOffset to, DateTimeOffset asOf, JsonElement? record, bool isAffected, bool onlyListed)
    {
        if (record is { } there && isAffected && Is(there, "complete"))
        {
            yield return "one of its slices failed, but it is marked complete";
        }

        // A total that ends now contains everything until its fetch, although its interval ends at a full minute.
        DateTimeOffset End(DateTimeOffset now) => Query is { EndsNow: true, Granularity: null } && now >= to ? now.AddMilliseconds(1) : to;
        var (queue, media) = (key.QueueId ?? Query.QueueId, key.MediaType ?? Query.MediaType);
        var least = truth.Of(queue, media, from, End(asOf), asOf, onlyListed);
        var most = truth.Of(queue, media, from, End(ReceivedAt), ReceivedAt);
        foreach (var field in ChaosTruth.Fields)
        {
            var value = record is { } given && given.GetProperty(field) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : 0;
            if (value > most[field] || (value < least[field] && !isAffected))
            {
                yield return $"{field} is {value}, expected {least[field]} to {most[field]}";
            }
        }

        if (record is { } row)
        {
            foreach (var (quotient, above, below) in new[] { ("averageHandleTimeMs", "totalHandleTimeMs", "handled"), ("serviceLevel", "serviceLevelNumerator", "serviceLevelDenominator") })
            {
                var divisor = row.GetProperty(below).GetInt64();
                var expected = divisor == 0 ? default(double?) : row.GetProperty(above).GetInt64() / (double)divisor;
                var value = row.GetProperty(quotient) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : default(double?);
                if (value is null != expected is null || Math.Abs((value ?? 0) - (expected ?? 0)) > 1e-6)
                {
                    yield return $"{quotient} is {value} instead of {expected}";
                }
            }
        }
    }

    /// <summary>Computes the buckets from the interval of the response, not from its records, so that a missing bucket is noticed.</summary>
    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Buckets()
    {
        var interval = JsonSerializer.Deserialize<JsonElement>(Body).GetProperty("query").GetProperty("interval").GetString()!.Split('/');
        var (from, to) = (DateTimeOffset.Parse(interval[0], CultureInfo.InvariantCulture), DateTimeOffset.Parse(interval[1], CultureInfo.InvariantCulture));
        var step = Query.Granularity is { } granularity ? XmlConvert.ToTimeSpan(granularity) : to - from;
        for (var begin = from; begin < to; begin += step)
        {
            yield return (begin, begin + step);
        }
    }

    private (JsonElement Meta, IReadOnlyList<JsonElement> Records) Read()
    {
        var response = JsonSerializer.Deserialize<JsonElement>(Body);
        return (response.GetProperty("meta"), [.. response.GetProperty("records").EnumerateArray()]);
    }

    private static bool Is(JsonElement part, string name) => part.GetProperty(name).GetBoolean();

    private static string? Text(JsonElement part, string name) => part.GetProperty(name).GetString();

    private static DateTimeOffset Time(JsonElement part, string name) => DateTimeOffset.Parse(Text(part, name)!, CultureInfo.InvariantCulture);
}
