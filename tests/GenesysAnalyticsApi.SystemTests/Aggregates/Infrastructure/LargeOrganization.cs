using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>
/// A fake Genesys that limits the size of a reply. Each queue has a fixed number of <c>voice</c> contacts per hour, which all
/// occur at the full hour.
/// </summary>
internal sealed class LargeOrganization
{
    private static readonly InstantPattern Written = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>The queues of the listing; may change while the service runs.</summary>
    public IReadOnlyList<string> Listed { get; set; } = [];

    /// <summary>Contacts offered per hour, by queue, including queues that no listing contains.</summary>
    public Dictionary<string, int> Offered { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Rejects a request without queue ids as too large.</summary>
    public bool RejectsAll { get; set; }

    /// <summary>With <see cref="RejectsAll"/>, a request for all queues still gets a reply if it covers at most this many hours.</summary>
    public int AcceptsAllHours { get; set; }

    /// <summary>The largest number of groups × buckets with data in one reply.</summary>
    public int MaxRows { get; set; } = 30_000;

    /// <summary>Every reply contains all queues, whatever the filter requests.</summary>
    public bool IgnoresFilter { get; set; }

    public bool IsDown { get; set; }

    /// <summary>Requests whose interval begins at this instant or later fail.</summary>
    public Instant DownFrom { get; set; } = Instant.MaxValue;

    /// <summary>The queue ids of each request; empty for all queues.</summary>
    public ConcurrentQueue<IReadOnlyList<string>> Requests { get; } = [];

    public static string Id(int number) => $"b0000000-0000-4000-8000-{number:x12}";

    public LargeOrganization With(int queues)
    {
        Listed = [.. Enumerable.Range(1, queues).Select(Id)];
        foreach (var id in Listed)
        {
            Offered[id] = 1;
        }

        return this;
    }

    public FakeUpstream Upstream() => new FakeUpstream()
        .On(HttpMethod.Post, "/oauth/token", _ => Json("""{"access_token":"token-of-large","token_type":"bearer","expires_in":86400}"""))
        .On(HttpMethod.Get, "/api/v2/routing/queues", List)
        .On(HttpMethod.Post, "/api/v2/analytics/conversations/aggregates/query", Aggregate);

    private HttpResponseMessage List(HttpRequestMessage request)
    {
        var parameters = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        var (page, size, listed) = (int.Parse(parameters["pageNumber"]!, CultureInfo.InvariantCulture), int.Parse(parameters["pageSize"]!, CultureInfo.InvariantCulture), Listed);
        return Json(JsonSerializer.Serialize(new
        {
            entities = listed.Skip((page - 1) * size).Take(size).Select((id, index) => new
            {
                id,
                name = $"Queue {id[^6..]}",
                division = new { id = $"d0000000-0000-4000-8000-00000000000{id[^1]}", name = $"Division {id[^1]}" },
            }),
            pageNumber = page,
            pageCount = Math.Max(1, (listed.Count + size - 1) / size),
        }));
    }

    private HttpResponseMessage Aggregate(HttpRequestMessage request)
    {
        using var reader = new StreamReader(request.Content!.ReadAsStream(), Encoding.UTF8, leaveOpen: true);
        var body = JsonNode.Parse(reader.ReadToEnd())!.AsObject();
        var ids = (body["filter"]?["clauses"]!.AsArray() ?? []).SelectMany(clause => clause!["predicates"]!.AsArray())
            .Where(predicate => predicate!.AsObject().Text("dimension") == "queueId").Select(predicate => predicate!.AsObject().Text("value")!).ToList();
        Requests.Enqueue(ids);
        var buckets = BucketsOf(body);
        if (IsDown || buckets[0].From >= DownFrom)
        {
            return Error(HttpStatusCode.NotImplemented, "down");
        }

        var counted = (ids is [] || IgnoresFilter ? Offered.Keys : ids.Distinct(StringComparer.OrdinalIgnoreCase).Where(Offered.ContainsKey)).ToList();
        var hours = buckets.Select(bucket => (Bucket: bucket, Hours: HoursIn(bucket.From, bucket.To))).Where(bucket => bucket.Hours > 0).ToList();
        if ((RejectsAll && ids is [] && hours.Sum(bucket => bucket.Hours) > AcceptsAllHours) || ids.Count > 300 || counted.Count * hours.Count > MaxRows)
        {
            return Error(HttpStatusCode.BadRequest, "Result set is larger than result limit");
        }

        return Json(JsonSerializer.Serialize(new
        {
            results = counted.Select(id => new
            {
                group = new { queueId = id, mediaType = "voice" },
                data = hours.Select(bucket => new
                {
                    interval = $"{Written.Format(bucket.Bucket.From)}/{Written.Format(bucket.Bucket.To)}",
                    metrics = new[] { new { metric = "nOffered", stats = new { count = bucket.Hours * Offered[id] } } },
                }),
            }),
        }));
    }

    private static int HoursIn(Instant from, Instant to) =>
        (int)(((to.ToUnixTimeSeconds() + 3599) / 3600) - ((from.ToUnixTimeSeconds() + 3599) / 3600));

    private static List<(Instant From, Instant To)> BucketsOf(JsonObject body)
    {
        var interval = body.Text("interval")!.Split('/').Select(text => Written.Parse(text).Value).ToArray();
        var step = body.Text("granularity") is { } text ? PeriodPattern.NormalizingIso.Parse(text).Value.ToDuration() : interval[1] - interval[0];
        var buckets = new List<(Instant, Instant)>();
        for (var at = interval[0]; at < interval[1]; at += step)
        {
            buckets.Add((at, at + step));
        }

        return buckets;
    }

    private static HttpResponseMessage Error(HttpStatusCode status, string message) =>
        Reply(status, $$"""{"message":"{{message}}","code":"bad.request","status":{{(int)status}}}""");

    private static HttpResponseMessage Json(string text) => Reply(HttpStatusCode.OK, text);

    private static HttpResponseMessage Reply(HttpStatusCode status, string text) =>
        new(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
}
