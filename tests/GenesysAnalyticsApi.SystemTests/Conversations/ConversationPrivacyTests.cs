using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Conversations;

/// <summary>
/// Which parts of a conversation a caller sees: those in its queues, agents only with the scope <c>agents</c>, and personal data only with the setting.
/// </summary>
public sealed class ConversationPrivacyTests
{
    private const string Friday = "from=2026-11-20T08:00:00Z&to=2026-11-20T11:00:00Z";

    /// <summary>The personal data that the simulator plants.</summary>
    private static readonly string[] Planted = ["Beispiel", "4930555", "kunde.", "kunde-", "Betreff-", "Notiz-", "Anliegen-", "KD-"];

    private readonly IssuedKeys _keys = new IssuedKeys()
        .Add("lead", ("Scopes:0", "read"), ("Scopes:1", "details"), ("Scopes:2", "agents"))
        .Add("viewer", ("Scopes:0", "read"), ("Scopes:1", "details"))
        .Add("limited", ("Scopes:0", "read"), ("Scopes:1", "details"), ("Queues:0", "Billing*"))
        .Add("blind", ("Scopes:0", "read"));

    [Fact]
    public async Task Personal_data_appears_nowhere_by_default()
    {
        await using var given = await StartAsync();
        var lead = Client(given, "lead");
        var everything = new List<string>();
        foreach (var format in new[] { "json", "ndjson", "csv" })
        {
            everything.Add(await TextAsync(lead, $"/conversations?{Friday}&format={format}"));
        }

        var records = JsonSerializer.Deserialize<JsonElement>(everything[0]).GetProperty("records").EnumerateArray().ToList();
        foreach (var id in records.Select(record => record.GetProperty("conversationId").GetString()).Distinct().Take(60))
        {
            everything.Add(await TextAsync(lead, $"/conversations/{id}"));
        }

        everything.Add(string.Join('\n', given.Service.Log.Events.Select(RecordedLog.Text)));
        foreach (var planted in Planted)
        {
            everything.ShouldAllBe(text => !text.Contains(planted, StringComparison.Ordinal), planted);
        }
    }

    [Fact]
    public async Task With_the_setting_only_the_timeline_contains_personal_data()
    {
        await using var given = await StartAsync(("Conversations:PersonalData", "true"));
        var lead = Client(given, "lead");
        var list = await TextAsync(lead, $"/conversations?{Friday}&limit=200");
        var timelines = new List<string>();
        foreach (var record in JsonSerializer.Deserialize<JsonElement>(list).GetProperty("records").EnumerateArray().Take(80))
        {
            timelines.Add(await TextAsync(lead, $"/conversations/{record.GetProperty("conversationId").GetString()}"));
        }

        string.Concat(timelines).ShouldContain("Beispiel");
        string.Concat(timelines).ShouldContain("4930555");
        var elsewhere = list + string.Join('\n', given.Service.Log.Events.Select(RecordedLog.Text));
        Planted.ShouldAllBe(planted => !elsewhere.Contains(planted));
    }

    [Fact]
    public async Task A_limited_caller_sees_only_its_queues()
    {
        await using var given = await StartAsync();
        var own = JsonSerializer.Deserialize<JsonElement>(await TextAsync(Client(given, "limited"), "/queues?limit=1000")).GetProperty("records").EnumerateArray().Select(queue => queue.GetProperty("id").GetString()!).ToHashSet();
        var all = Lines(await TextAsync(Client(given, "viewer"), $"/conversations?{Friday}&format=ndjson"));
        own.Count.ShouldBeGreaterThan(0);

        var seen = Lines(await TextAsync(Client(given, "limited"), $"/conversations?{Friday}&format=ndjson"));

        seen.Select(IdAndQueue).ShouldBe(all.Where(record => record.GetProperty("queueId").GetString() is { } queue && own.Contains(queue)).Select(IdAndQueue));
        seen.ShouldNotBeEmpty();
        var foreign = all.First(record => record.GetProperty("queueId").GetString() is { } queue && !own.Contains(queue)).GetProperty("conversationId").GetString()!;
        var (status, hidden) = await GetAsync(Client(given, "limited"), $"/conversations/{foreign}");
        var (_, unknown) = await GetAsync(Client(given, "limited"), $"/conversations/{Guid.Empty}");
        status.ShouldBe(HttpStatusCode.NotFound);
        Comparable(hidden, foreign).ShouldBe(Comparable(unknown, Guid.Empty.ToString()));
        (await GetAsync(Client(given, "viewer"), $"/conversations/{foreign}")).Status.ShouldBe(HttpStatusCode.OK);

        var timeline = await TextAsync(Client(given, "limited"), $"/conversations/{seen[0].GetProperty("conversationId").GetString()}");
        var others = all.Select(record => record.GetProperty("queueId").GetString()).OfType<string>().Where(queue => !own.Contains(queue)).Distinct();
        others.ShouldAllBe(queue => !timeline.Contains(queue));
    }

    [Fact]
    public async Task Agents_and_conversations_each_require_their_scope()
    {
        await using var given = await StartAsync();

        (await GetAsync(Client(given, "blind"), $"/conversations?{Friday}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await GetAsync(Client(given, "blind"), $"/conversations/{Guid.Empty}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await GetAsync(Client(given, "viewer"), $"/conversations?{Friday}&userId={Guid.Empty}")).Status.ShouldBe(HttpStatusCode.Forbidden);
        Lines(await TextAsync(Client(given, "viewer"), $"/conversations?{Friday}&format=ndjson")).ShouldAllBe(record => record.GetProperty("agents").ValueKind == JsonValueKind.Null);
        var withAgents = Lines(await TextAsync(Client(given, "lead"), $"/conversations?{Friday}&format=ndjson"));
        var agent = withAgents.First(record => record.GetProperty("agents").GetArrayLength() > 0).GetProperty("agents")[0].GetString()!;
        var id = withAgents.First(record => record.GetProperty("agents").EnumerateArray().Any(one => one.GetString() == agent)).GetProperty("conversationId").GetString();

        var own = Lines(await TextAsync(Client(given, "lead"), $"/conversations?{Friday}&format=ndjson&userId={agent}"));

        own.Select(IdAndQueue).ShouldBe(withAgents.Where(record => record.GetProperty("agents").EnumerateArray().Any(one => one.GetString() == agent)).Select(IdAndQueue));
        (await TextAsync(Client(given, "viewer"), $"/conversations/{id}")).ShouldNotContain(agent);
        (await TextAsync(Client(given, "lead"), $"/conversations/{id}")).ShouldContain(agent);
    }

    private Task<SimulatedService> StartAsync(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(_keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey" };
        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return SimulatedService.StartAsync(settings: settings);
    }

    private HttpClient Client(SimulatedService given, string key)
    {
        var client = given.Service.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", _keys[key]);
        return client;
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(HttpClient client, string query)
    {
        using var response = await client.GetAsync(new Uri(query, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string> TextAsync(HttpClient client, string query)
    {
        var (status, body) = await GetAsync(client, query);
        status.ShouldBe(HttpStatusCode.OK, $"{query}: {body}");
        return body;
    }

    private static List<JsonElement> Lines(string ndjson) => [.. ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipLast(1).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static string IdAndQueue(JsonElement record) => $"{record.GetProperty("conversationId").GetString()} {record.GetProperty("queueId").GetString()}";

    private static string Comparable(string problem, string id) => JsonSerializer.Deserialize<JsonElement>(problem).GetProperty("detail").GetString()!.Replace(id, "ID", StringComparison.Ordinal);
}
