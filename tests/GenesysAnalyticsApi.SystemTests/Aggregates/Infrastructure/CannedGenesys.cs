using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>
/// A running service whose upstream sends prepared replies, including invalid figures. Metrics are given as JSON text, so that a test can
/// write what no serializer would. Many test cases share one service: each uses its own day, for which nothing is cached yet.
/// </summary>
public sealed class CannedGenesys : IDisposable
{
    private readonly List<(int Hour, string Group, string Metrics)> _cells = [];
    private readonly RunningService _service;
    private int _requests;
    private LocalDate _day = new(2026, 8, 10);

    public CannedGenesys()
        : this([])
    {
    }

    internal CannedGenesys(Dictionary<string, string> settings) => _service = new RunningService
    {
        Clock = Clock,
        // Tests advance the clock until the retries are over. On a slow machine, this must not cause timeouts.
        Settings = new(settings) { ["Genesys:AttemptTimeout"] = "00:10:00", ["Genesys:TotalTimeout"] = "01:00:00", ["Aggregates:Timeout"] = "01:00:00" },
        Upstream = new FakeUpstream()
            .On(HttpMethod.Post, "/oauth/token", _ => Reply("""{"access_token":"token","token_type":"bearer","expires_in":86400}"""))
            .On(HttpMethod.Get, "/api/v2/routing/queues", _ => Reply(
                $$"""{"entities":[{"id":"{{QueueBuilder.Id(1)}}","name":"Sales"},{"id":"{{QueueBuilder.Id(2)}}","name":"Billing"}],"pageNumber":1,"pageCount":1}"""))
            .On(HttpMethod.Post, "/api/v2/analytics/conversations/aggregates/query", request =>
            {
                Interlocked.Increment(ref _requests);
                var sent = request.Content!.ReadAsStream();
                sent.Position = 0; // A retry sends it again.
                return Reply(Body() ?? Results(JsonNode.Parse(sent)!.AsObject()));
            }),
    };

    /// <summary>Returns the body to send instead of the reply computed from the cells; null sends that reply.</summary>
    internal Func<string?> Body { get; set; } = () => null;

    internal FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));

    /// <summary>The number of aggregates requests for this day so far.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    /// <summary>The day as a bucket of Genesys.</summary>
    internal string Interval => $"{_day:uuuu-MM-dd}T00:00:00.000Z/{_day.PlusDays(1):uuuu-MM-dd}T00:00:00.000Z";

    /// <summary>A query for the day in one bucket.</summary>
    internal string Day => $"from={_day:uuuu-MM-dd}&to={_day.PlusDays(1):uuuu-MM-dd}";

    /// <summary>A query for twelve hours of the day in one bucket. The service requests it from Genesys by the hour.</summary>
    internal string HalfDay => $"from={_day:uuuu-MM-dd}T06:00:00Z&to={_day:uuuu-MM-dd}T18:00:00Z";

    internal static string Metric(string name, string stats) => $$"""{"metric":"{{name}}","stats":{{stats}}}""";

    internal static string Group(int queue, string more = "") => $$"""{"queueId":"{{QueueBuilder.Id(queue)}}","mediaType":"voice"{{more}}}""";

    /// <summary>Moves to an empty day of another month, because days are fetched together with their neighbors.</summary>
    internal CannedGenesys NextDay()
    {
        _cells.Clear();
        (Body, _requests, _day) = (() => null, 0, _day.PlusDays(-62));
        Clock.Advance(TimeSpan.FromMinutes(2));
        return this;
    }

    /// <summary>Moves to the current day.</summary>
    internal CannedGenesys Today()
    {
        _cells.Clear();
        _day = Instant.FromDateTimeOffset(Clock.GetUtcNow()).InUtc().Date;
        return this;
    }

    internal CannedGenesys With(int queue, params string[] metrics) => With(queue, hour: 8, metrics);

    internal CannedGenesys With(int queue, int hour, params string[] metrics)
    {
        _cells.Add((hour, Group(queue), string.Join(',', metrics)));
        return this;
    }

    internal Task<JsonObject> QueryAsync(string? query = null) => _service.QueryAsync(query ?? Day);

    internal HttpClient Client() => _service.CreateClient();

    /// <summary>Sends a query and advances the clock every few milliseconds until the response arrives.</summary>
    internal async Task<(HttpStatusCode Status, JsonObject Body)> QueryToCompletionAsync(string? query = null)
    {
        using var client = _service.CreateClient();
        var pending = client.GetAsync(new Uri($"/aggregates?{query ?? Day}", UriKind.Relative), TestContext.Current.CancellationToken);
        while (await Task.WhenAny(pending, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken)) != pending)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        using var response = await pending;
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }

    public void Dispose() => _service.Dispose();

    private string Results(JsonObject request)
    {
        var interval = request.Text("interval")!.Split('/').Select(text => InstantPattern.ExtendedIso.Parse(text).Value).ToArray();
        Duration? step = request.Text("granularity") switch { "PT1H" => Duration.FromHours(1), "P1D" => Duration.FromDays(1), _ => null };
        var rows = _cells
            .Select(cell => (At: (_day + new LocalTime(cell.Hour, 30)).InUtc().ToInstant(), cell.Group, cell.Metrics))
            .Where(cell => cell.At >= interval[0] && cell.At < interval[1])
            .Select(cell =>
            {
                var from = step is { } length ? interval[0] + (length * Math.Floor((cell.At - interval[0]) / length)) : interval[0];
                return $$"""{"group":{{cell.Group}},"data":[{"interval":"{{from}}/{{(step is { } whole ? from + whole : interval[1])}}","metrics":[{{cell.Metrics}}]}]}""";
            });
        return $$"""{"results":[{{string.Join(',', rows)}}]}""";
    }

    private static HttpResponseMessage Reply(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
