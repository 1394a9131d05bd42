using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Tests.Queues;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using NodaTime.Text;

namespace GenesysAnalyticsApi.Tests.Aggregates;

/// <summary>
/// The far side of the wire with answers as they were written down, odd ones too: the service asks it through all of its pipeline. Metrics
/// are given as JSON text, so that a test can write what no serializer would.
/// </summary>
internal sealed class CannedGenesys
{
    public const string Day = "from=2026-11-10&to=2026-11-11";

    public static readonly Instant Morning = Instant.FromUtc(2026, 11, 10, 8, 30);

    private readonly List<(Instant At, string Group, string Metrics)> _cells = [];
    private int _asked;

    /// <summary>Instead of an answer made of the cells; null for that one.</summary>
    public Func<string?> Body { get; set; } = () => null;

    public string Token { get; set; } = """{"access_token":"token","token_type":"bearer","expires_in":86400}""";

    public string Listing { get; set; } =
        $$"""{"entities":[{"id":"{{AQueue.Id(1)}}","name":"Sales"},{"id":"{{AQueue.Id(2)}}","name":"Billing"}],"pageNumber":1,"pageCount":1}""";

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));

    /// <summary>Questions for aggregates so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public static string Metric(string name, string stats) => $$"""{"metric":"{{name}}","stats":{{stats}}}""";

    public static string Group(int queue, string more = "") => $$"""{"queueId":"{{AQueue.Id(queue)}}","mediaType":"voice"{{more}}}""";

    public CannedGenesys With(int queue, params string[] metrics) => With(queue, hour: 8, metrics);

    public CannedGenesys With(int queue, int hour, params string[] metrics) => With(Group(queue), hour, metrics);

    public CannedGenesys With(string group, int hour, params string[] metrics)
    {
        _cells.Add((Instant.FromUtc(2026, 11, 10, hour, 30), group, string.Join(',', metrics)));
        return this;
    }

    public RunningService Service(Dictionary<string, string>? settings = null) => new()
    {
        Clock = Clock,
        Settings = settings ?? [],
        FarSide = new FarSide()
            .On(HttpMethod.Post, "/oauth/token", _ => Answer(Token))
            .On(HttpMethod.Get, "/api/v2/routing/queues", _ => Answer(Listing))
            .On(HttpMethod.Post, "/api/v2/analytics/conversations/aggregates/query", request =>
            {
                Interlocked.Increment(ref _asked);
                using var sent = new StreamReader(request.Content!.ReadAsStream());
                return Answer(Body() ?? Results(JsonNode.Parse(sent.ReadToEnd())!.AsObject()));
            }),
    };

    /// <summary>Asks once, with a service of its own.</summary>
    public async Task<JsonObject> AskAsync(string question = Day)
    {
        using var service = Service();
        return await service.AskAsync(question);
    }

    /// <summary>Asks, and lets time pass until the retries are over.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Body)> AskToTheEndAsync(RunningService service, string question = Day, string path = "/aggregates")
    {
        using var client = service.CreateClient();
        var asked = client.GetAsync(new Uri($"{path}?{question}", UriKind.Relative), TestContext.Current.CancellationToken);
        while (!asked.IsCompleted)
        {
            await Task.WhenAny(asked, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken));
            Clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        using var response = await asked;
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }

    private string Results(JsonObject question)
    {
        var interval = question.Text("interval")!.Split('/').Select(text => InstantPattern.ExtendedIso.Parse(text).Value).ToArray();
        Duration? step = question.Text("granularity") switch { "PT1H" => Duration.FromHours(1), "P1D" => Duration.FromDays(1), _ => null };
        var rows = _cells.Where(cell => cell.At >= interval[0] && cell.At < interval[1]).Select(cell =>
        {
            var from = step is { } length ? interval[0] + (length * Math.Floor((cell.At - interval[0]) / length)) : interval[0];
            var to = step is { } whole ? from + whole : interval[1];
            return $$"""{"group":{{cell.Group}},"data":[{"interval":"{{from}}/{{to}}","metrics":[{{cell.Metrics}}]}]}""";
        });
        return $$"""{"results":[{{string.Join(',', rows)}}]}""";
    }

    private static HttpResponseMessage Answer(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
