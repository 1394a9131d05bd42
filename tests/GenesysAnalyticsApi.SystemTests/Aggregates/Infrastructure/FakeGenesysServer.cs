using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>
/// A fake Genesys for the tests: a list of events, and plain loops that count them. It checks every request as strictly as the
/// official models do. It is independent of the simulator, so that the two share no assumptions about the wire format.
/// </summary>
internal sealed class FakeGenesysServer
{
    /// <summary>An address that every user of the listing has, and that the service must never return or log.</summary>
    public const string PlantedEmail = "planted.person@example.org";

    private const string Token = "stand-in-token";
    private const int EntitiesPerPage = 3;

    private readonly Random _order = new(20261123);

    public IReadOnlyList<FakeEvent> Events { get; init; } = [];

    /// <summary>The queues of the listing; may change while the service runs.</summary>
    public IReadOnlyList<FakeQueue> Queues { get; set; } = FakeEvents.Queues;

    /// <summary>The users of the listing; may change while the service runs.</summary>
    public IReadOnlyList<FakeName> Users { get; set; } = [];

    /// <summary>The wrap-up codes of the listing; may change while the service runs.</summary>
    public IReadOnlyList<FakeName> WrapUpCodes { get; set; } = [];

    /// <summary>Returns an error reply if a request for users or wrap-up codes is to fail, otherwise null. May change while the service runs.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?> FailsToList { get; set; } = _ => null;

    /// <summary>Everything in the requests that Genesys would reject.</summary>
    public ConcurrentQueue<string> Violations { get; } = [];

    public ConcurrentQueue<FakeAggregatesRequest> Requests { get; } = [];

    /// <summary>Replaces the reply computed from the events.</summary>
    public Func<FakeAggregatesRequest, JsonObject>? Replies { get; init; }

    /// <summary>Returns the body of a 400 if the request is to be rejected, otherwise null. May change while the service runs.</summary>
    public Func<FakeAggregatesRequest, string?> Rejects { get; set; } = _ => null;

    /// <summary>An error body as Genesys formats it.</summary>
    public static string Error(string? message, string code = "bad.request") =>
        new JsonObject { ["message"] = message, ["code"] = code, ["status"] = 400, ["contextId"] = "c-1", ["details"] = new JsonArray(), ["errors"] = new JsonArray() }.ToJsonString();

    public FakeUpstream Upstream() => new FakeUpstream()
        .On(HttpMethod.Post, "/oauth/token", LogIn)
        .On(HttpMethod.Get, "/api/v2/routing/queues", List)
        .On(HttpMethod.Get, "/api/v2/users", request => FailsToList(request) ?? List(request, Users, PersonOf, "state"))
        .On(HttpMethod.Get, "/api/v2/routing/wrapupcodes", request => FailsToList(request) ?? List(request, WrapUpCodes, CodeOf))
        .On(HttpMethod.Post, "/api/v2/analytics/conversations/aggregates/query", Aggregate);

    private HttpResponseMessage LogIn(HttpRequestMessage request)
    {
        Check(request.Headers.Authorization?.Scheme == "Basic", "a login without Basic credentials");
        Check(BodyOf(request) == "grant_type=client_credentials", "a login with another grant type");
        return Json($$"""{"access_token":"{{Token}}","token_type":"bearer","expires_in":86400}""");
    }

    private HttpResponseMessage List(HttpRequestMessage request) => List(request, Queues, queue => new JsonObject
    {
        ["id"] = queue.Id,
        ["name"] = queue.Name,
        ["division"] = queue.DivisionId is null ? null : new JsonObject { ["id"] = queue.DivisionId, ["name"] = queue.DivisionName },
    });

    private HttpResponseMessage List<T>(HttpRequestMessage request, IReadOnlyList<T> all, Func<T, JsonObject> entityOf, params string[] names)
    {
        CheckToken(request);
        var parameters = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        Check(parameters.AllKeys.All(key => key is "pageSize" or "pageNumber" || names.Contains(key)), $"a listing with {request.RequestUri.Query}");
        Check(int.Parse(parameters["pageSize"]!, CultureInfo.InvariantCulture) is > 0 and <= 500, $"a page of {parameters["pageSize"]} entries");
        Check(names is [] || parameters["state"] == "any", $"a listing with {request.RequestUri.Query}");

        var (page, pages) = (int.Parse(parameters["pageNumber"]!, CultureInfo.InvariantCulture), (all.Count + EntitiesPerPage - 1) / EntitiesPerPage);
        return Json(new JsonObject
        {
            ["entities"] = new JsonArray([.. all.Skip((page - 1) * EntitiesPerPage).Take(EntitiesPerPage).Select(entityOf)]),
            ["pageNumber"] = page,
            ["pageCount"] = pages,
            // Points to another host. The service must never follow it, because it would send its token there.
            ["nextUri"] = page < pages ? $"https://elsewhere.invalid{request.RequestUri.AbsolutePath}?pageNumber=2" : null,
        }.ToJsonString());
    }

    /// <summary>A user with personal data that the service must not keep.</summary>
    private static JsonObject PersonOf(FakeName user) => new()
    {
        ["id"] = user.Id,
        ["name"] = user.Name,
        ["state"] = user.State,
        ["email"] = PlantedEmail,
        ["username"] = PlantedEmail,
        ["title"] = PlantedEmail,
        ["primaryContactInfo"] = new JsonArray(new JsonObject { ["address"] = PlantedEmail, ["mediaType"] = "EMAIL", ["type"] = "PRIMARY" }),
        ["division"] = new JsonObject { ["id"] = "d0000000-0000-4000-8000-000000000001", ["name"] = "Division 1" },
    };

    private static JsonObject CodeOf(FakeName code) => code.Name is null ? new() { ["id"] = code.Id } : new() { ["id"] = code.Id, ["name"] = code.Name };

    private HttpResponseMessage Aggregate(HttpRequestMessage request)
    {
        CheckToken(request);
        Check(request.RequestUri!.Query.Length == 0, $"an aggregates query with {request.RequestUri.Query}");
        Check(request.Content!.Headers.ContentType?.MediaType == "application/json", "a body whose content type is not JSON");
        var aggregates = FakeAggregatesRequest.Read(JsonNode.Parse(BodyOf(request))!.AsObject(), Violations.Enqueue);
        Requests.Enqueue(aggregates);
        if (Rejects(aggregates) is { } body)
        {
            return new(HttpStatusCode.BadRequest) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }

        return Json((Replies?.Invoke(aggregates) ?? ReplyTo(aggregates)).ToJsonString());
    }

    private JsonObject ReplyTo(FakeAggregatesRequest request)
    {
        var seen = Events
            .Where(one => request.Direction is null || one.Direction == request.Direction)
            .Where(one => request.Metrics.Contains(one.Metric) || one.Metric == FakeEvents.UnknownMetric)
            .Select(one => (Event: one, Bucket: request.BucketOf(one.At)))
            .Where(one => one.Bucket is not null)
            .ToList();
        var results = seen.GroupBy(one => Group(one.Event, request.GroupBy).ToJsonString()).Select(series => new JsonObject
        {
            ["group"] = JsonNode.Parse(series.Key),
            ["data"] = Shuffled(series.GroupBy(one => one.Bucket!.Value).Select(bucket => new JsonObject
            {
                ["interval"] = request.IntervalOf(bucket.Key),
                ["metrics"] = Shuffled(bucket.GroupBy(one => one.Event.Metric).Select(metric => Metric(metric.Key, [.. metric.Select(one => one.Event)]))),
                ["views"] = Shuffled(request.Views.SelectMany(view => View(view, [.. bucket.Select(one => one.Event)]))),
            })),
        });

        // Genesys expresses an empty result in either of two ways.
        return seen.Count > 0 ? new JsonObject { ["results"] = Shuffled(results) }
            : request.Edges.Length % 2 == 0 ? new JsonObject { ["results"] = new JsonArray() }
            : [];
    }

    /// <summary>A dimension without a value is omitted.</summary>
    private static JsonObject Group(FakeEvent one, IReadOnlyList<string> dimensions) => new(dimensions
        .Select(name => KeyValuePair.Create(name, name switch
        {
            "queueId" => one.QueueId,
            "mediaType" => one.MediaType,
            "messageType" => one.MessageType,
            "originatingDirection" => one.Direction,
            "userId" => one.UserId,
            "wrapUpCode" => one.WrapUpCode,
            _ => throw new NotSupportedException(name),
        }))
        .Where(pair => pair.Value is not null)
        .Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    /// <summary>Like a metric, a view without events is omitted.</summary>
    private static IEnumerable<JsonObject> View(FakeView view, FakeEvent[] events)
    {
        FakeEvent[] seen = [.. events.Where(one => one.Metric == view.Target && view.Contains(one.Value))];
        return seen is [] ? [] : [new JsonObject { ["name"] = view.Name, ["stats"] = Metric(view.Target, seen)["stats"]!.DeepClone() }];
    }

    private static JsonObject Metric(string name, FakeEvent[] events)
    {
        var stats = new JsonObject();
        if (name is "oServiceLevel" or "oCallbackServiceLevel")
        {
            var hits = events.Count(one => one.Value > 0);
            stats["ratio"] = (double)hits / events.Length;
            stats["numerator"] = hits;
            stats["denominator"] = events.Length;
            stats["target"] = TargetOf(events[0].QueueId);
        }
        else
        {
            stats["count"] = name == "nConversations" ? events.DistinctBy(one => one.Value).Count() : events.Length;
            if (name[0] == 't')
            {
                stats["sum"] = events.Sum(one => one.Value);
                if (events[0].MediaType != FakeEvents.MediaWithoutMin)
                {
                    stats["min"] = events.Min(one => one.Value);
                }

                if (events[0].MediaType != FakeEvents.MediaWithoutMax)
                {
                    stats["max"] = events.Max(one => one.Value);
                }
            }
        }

        return new JsonObject { ["metric"] = name, ["stats"] = stats };
    }

    /// <summary>Targets differ by queue.</summary>
    public static double TargetOf(string? queueId) => queueId?[^1] is '1' or '2' ? 0.8 : 0.95;

    private JsonArray Shuffled(IEnumerable<JsonObject> items)
    {
        JsonNode[] all = [.. items];
        lock (_order)
        {
            _order.Shuffle(all);
        }

        return new JsonArray(all);
    }

    private void CheckToken(HttpRequestMessage request) =>
        Check(request.Headers.Authorization?.ToString() == $"Bearer {Token}", $"{request.RequestUri} was requested without the token");

    private void Check(bool isValid, string violation)
    {
        if (!isValid)
        {
            Violations.Enqueue(violation);
        }
    }

    private static string BodyOf(HttpRequestMessage request)
    {
        using var reader = new StreamReader(request.Content!.ReadAsStream(), Encoding.UTF8, leaveOpen: true);
        return reader.ReadToEnd();
    }

    private static HttpResponseMessage Json(string text) =>
        new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
}
