using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;

/// <summary>
/// A fake Genesys with a few queues. A test sets the current state, the limits and the permissions. By default, n conversations wait in queue n, and n users
/// are on queue.
/// </summary>
internal sealed class LiveGenesys
{
    public const string Conversations = "/api/v2/analytics/conversations/activity/query";
    public const string Users = "/api/v2/analytics/routing/activity/query";
    public const string Observations = "/api/v2/analytics/queues/observations/query";

    /// <summary>Three minutes before the clock of <see cref="RunningService"/>.</summary>
    public static readonly DateTimeOffset WaitingSince = new(2026, 11, 23, 9, 12, 0, TimeSpan.Zero);

    public int Queues { get; init; } = 3;

    public Func<int, string> Name { get; init; } = queue => $"Queue {queue:d3}";

    /// <summary>Whether queries without a filter are rejected.</summary>
    public bool NeedsFilter { get; init; }

    public int MaxPredicates { get; init; } = 200;

    /// <summary>Whether the rejection names the maximum.</summary>
    public bool NamesLimit { get; init; } = true;

    /// <summary>The status of every reply, by path; success if a path is absent.</summary>
    public Dictionary<string, HttpStatusCode> Statuses { get; } = [];

    /// <summary>
    /// Returns the entries of a group, for the path of an activity query and a queue. Null keeps the default entries. Empty text omits the group.
    /// </summary>
    public Func<string, int, string?>? Data { get; set; }

    /// <summary>Replies wait until this gate is set.</summary>
    public ManualResetEventSlim ReplyGate { get; } = new(initialState: true);

    /// <summary>When the longest wait began, by the Genesys clock.</summary>
    public DateTimeOffset Since { get; set; } = WaitingSince;

    /// <summary>The <c>Date</c> header of the replies.</summary>
    public DateTimeOffset? Date { get; set; }

    /// <summary>The requests for the current state, each with its number of predicates.</summary>
    public ConcurrentQueue<(string Path, int Predicates)> Calls { get; } = [];

    /// <summary>The paths of the requests that were rejected because of their filter.</summary>
    public ConcurrentQueue<string> Rejected { get; } = [];

    public static string Id(int queue) => $"00000000-0000-0000-0000-{queue:d12}";

    public FakeUpstream Upstream => new FakeUpstream()
        .On(HttpMethod.Post, "/oauth/token", _ => Reply(HttpStatusCode.OK, """{"access_token":"token","token_type":"bearer","expires_in":86400}"""))
        .On(HttpMethod.Get, "/api/v2/routing/queues", _ => Reply(HttpStatusCode.OK, $$"""{"entities":[{{string.Join(',', Enumerable.Range(1, Queues).Select(QueueOf))}}],"pageNumber":1,"pageCount":1}"""))
        .On(HttpMethod.Post, Conversations, request => ReplyTo(Conversations, request))
        .On(HttpMethod.Post, Users, request => ReplyTo(Users, request))
        .On(HttpMethod.Post, Observations, request => ReplyTo(Observations, request));

    public int CallCount(string path) => Calls.Count(call => call.Path == path);

    private string QueueOf(int queue) => JsonSerializer.Serialize(new
    {
        id = Id(queue),
        name = Name(queue),
        division = new { id = "d1", name = "Home" },
        mediaSettings = new { call = Setting, email = Setting },
    });

    private static object Setting => new { serviceLevel = new { percentage = 0.8, durationMs = 20_000 } };

    private HttpResponseMessage ReplyTo(string path, HttpRequestMessage request)
    {
        ReplyGate.Wait(TimeSpan.FromMinutes(1)).ShouldBeTrue();
        using var body = JsonDocument.Parse(request.Content!.ReadAsStream());
        var ids = body.RootElement.TryGetProperty("filter", out var filter)
            ? filter.GetProperty("predicates").EnumerateArray().Select(predicate => predicate.GetProperty("value").GetString()!).ToList()
            : [];
        Calls.Enqueue((path, ids.Count));
        if (Statuses.TryGetValue(path, out var status))
        {
            return Reply(status, """{"message":"no"}""");
        }

        if ((ids.Count == 0 && NeedsFilter) || ids.Count > MaxPredicates)
        {
            Rejected.Enqueue(path);
            return Reply(HttpStatusCode.BadRequest, $$"""{"message":"The filter has {{ids.Count}} predicates{{(NamesLimit ? $", and at most {MaxPredicates} are allowed" : "")}}"}""");
        }

        var queues = ids.Count == 0 ? Enumerable.Range(1, Queues) : ids.Select(id => int.Parse(id[24..], System.Globalization.CultureInfo.InvariantCulture));
        var groups = queues.SelectMany(queue => path switch
        {
            Conversations => [Group(queue, "voice", Data?.Invoke(path, queue) ?? ConversationsOf(queue, isObservationsQuery: false))],
            Users => [Group(queue, null, Data?.Invoke(path, queue) ?? UsersOf(queue, isObservationsQuery: false))],
            _ => new[] { Group(queue, "voice", ConversationsOf(queue, isObservationsQuery: true)), Group(queue, null, UsersOf(queue, isObservationsQuery: true)) },
        });
        return Reply(HttpStatusCode.OK, $$"""{"systemToOrganizationMappings":{"BREAK":["p1"]},"results":[{{string.Join(',', groups.Where(group => group.Length > 0))}}]}""");
    }

    private static string Group(int queue, string? mediaType, string data) => data.Length == 0 ? "" :
        $$"""{"group":{"queueId":"{{Id(queue)}}"{{(mediaType is null ? "" : $",\"mediaType\":\"{mediaType}\"")}}},"data":[{{data}}]}""";

    private string ConversationsOf(int queue, bool isObservationsQuery) => string.Join(
        ',',
        Figure("oWaiting", $"\"count\":{queue}", isObservationsQuery),
        Figure("oInteracting", "\"count\":2", isObservationsQuery),
        Figure("oAlerting", "\"count\":1", isObservationsQuery),
        Figure("oLongestWaiting", $"\"count\":1,\"calculatedMetricValue\":{Since.ToUnixTimeMilliseconds()}", isObservationsQuery));

    private static string UsersOf(int queue, bool isObservationsQuery) => string.Join(
        ',',
        Figure("oOnQueueUsers", $"\"count\":{queue}", isObservationsQuery, "IDLE"),
        Figure("oActiveUsers", "\"count\":7", isObservationsQuery),
        Figure("oMemberUsers", "\"count\":9", isObservationsQuery),
        Figure("oOffQueueUsers", "\"count\":3", isObservationsQuery),
        Figure("oUserPresences", "\"count\":2", isObservationsQuery, isObservationsQuery ? "p1" : "BREAK"),
        Figure("oUserRoutingStatuses", $"\"count\":{queue}", isObservationsQuery, "IDLE"));

    private static string Figure(string metric, string values, bool isObservationsQuery, string? qualifier = null)
    {
        var qualifierField = qualifier is null ? "" : $"\"qualifier\":\"{qualifier}\",";
        return $"{{\"metric\":\"{metric}\",{qualifierField}{(isObservationsQuery ? "\"stats\":{" : "")}{values}{(isObservationsQuery ? "}" : "")}}}";
    }

    private HttpResponseMessage Reply(HttpStatusCode status, string body)
    {
        var reply = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        reply.Headers.Date = Date;
        return reply;
    }
}
