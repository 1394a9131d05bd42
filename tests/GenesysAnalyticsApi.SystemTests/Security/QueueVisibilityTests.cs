using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>A caller that can see only some queues can find out nothing about the others, at any endpoint.</summary>
public sealed partial class QueueVisibilityTests : IAsyncLifetime
{
    private const string Nowhere = "00000000-1111-2222-3333-444444444444";
    private const string Day = "from=2026-11-16&to=2026-11-17";

    private readonly IssuedKeys _keys = new();
    private SimulatedService _service = null!;
    private (string Id, string Name, string Division)[] _queues = [];

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    private IEnumerable<string> Seen => _queues.Take(3).Select(queue => queue.Id);

    private string Hidden => _queues[5].Id;

    public async ValueTask InitializeAsync()
    {
        var settings = new SimulatorSettings { Queues = 8, RequestsPerMinute = 1_000_000, Volume = 0.2 };
        await using (var simulator = await GenesysSimulator.Simulator.StartAsync(settings, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(SimulatedService.Monday), TestCancellation))
        {
            _queues = [.. simulator.World.Queues.Where(queue => queue.IsListed).Select(queue => ($"{queue.Id}", queue.Name, $"{queue.Division.Id}"))];
        }

        _queues.Length.ShouldBeGreaterThan(6);
        _keys.Add("all", ("Scopes:0", "read"), ("Scopes:1", "operator"))
            .Add("by-id", [.. Seen.Select((id, index) => ($"Queues:{index}", id.ToUpperInvariant()))])
            .Add("by-id-too", [.. Seen.Reverse().Select((id, index) => ($"Queues:{index}", id))])
            .Add("by-name", ("Queues:0", _queues[0].Name), ("Queues:1", _queues[1].Name[..^1] + "*"))
            .Add("by-division", ("Divisions:0", _queues[0].Division))
            .Add("nothing", ("Queues:0", "no queue has this name"));
        _service = await SimulatedService.StartAsync(settings, _keys.Settings);
    }

    [Theory]
    [InlineData("by-id")]
    [InlineData("by-name")]
    [InlineData("by-division")]
    [InlineData("nothing")]
    public async Task Records_and_totals_contain_only_the_visible_queues(string holder)
    {
        var seen = await SeenByAsync(holder);
        var all = await QueryAsync("all", $"/aggregates?{Day}");

        var own = await QueryAsync(holder, $"/aggregates?{Day}");
        var total = await QueryAsync(holder, $"/aggregates?{Day}&groupBy=none&fill=zero");

        Records(own).Select(Text).ShouldBe(Records(all).Where(record => seen.Contains(record.GetProperty("queueId").GetString()!)).Select(Text));
        Records(total).ShouldHaveSingleItem().GetProperty("offered").GetInt64().ShouldBe(Records(own).Sum(record => record.GetProperty("offered").GetInt64()));
        own.GetProperty("meta").GetProperty("rows").GetProperty("total").GetInt32().ShouldBe(Records(own).Length);
        own.GetProperty("query").GetProperty("queueIds").GetArrayLength().ShouldBe(0, "the query names no queues");
        Records(all).Length.ShouldBeGreaterThan(Records(own).Length);
    }

    [Fact]
    public async Task Every_query_behaves_as_if_the_hidden_queues_did_not_exist()
    {
        var seen = await SeenByAsync("by-division");
        string[] forms =
        [
            "", "&groupBy=mediaType", "&groupBy=divisionId", "&groupBy=divisionId,mediaType&fill=zero", "&groupBy=none", "&granularity=PT6H", "&fill=zero",
            "&mediaType=voice,callback", "&metric=tAlert", "&direction=inbound",
        ];
        foreach (var form in forms)
        {
            var limited = await QueryAsync("by-division", $"/aggregates?{Day}{form}");
            var named = await QueryAsync("all", $"/aggregates?{Day}{form}&queueId={string.Join(',', seen)}");

            var isZeroFilled = form.Contains("fill=zero", StringComparison.Ordinal);
            Records(limited).Select(Text).ShouldBe(
                Records(named).Where(record => !isZeroFilled || Records(limited).Any(one => Text(one) == Text(record))).Select(Text), form);
            limited.GetProperty("meta").GetProperty("warnings").GetRawText().ShouldBe(named.GetProperty("meta").GetProperty("warnings").GetRawText(), form);
        }
    }

    [Fact]
    public async Task A_hidden_queue_and_a_nonexistent_one_are_indistinguishable()
    {
        var hiddenName = _queues[5].Name;
        const string noName = "qqqqqqqqqq";
        (string Hidden, string Missing)[] queries =
        [
            ($"/queues/{Hidden}", $"/queues/{Nowhere}"),
            ($"/aggregates?{Day}&queueId={Hidden}", $"/aggregates?{Day}&queueId={Nowhere}"),
            ($"/aggregates?{Day}&queueId={Seen.First()},{Hidden}", $"/aggregates?{Day}&queueId={Seen.First()},{Nowhere}"),
            ($"/aggregates?{Day}&explain=true&queueId={Hidden}", $"/aggregates?{Day}&explain=true&queueId={Nowhere}"),
            ($"/aggregates?{Day}&queue={Uri.EscapeDataString(hiddenName)}", $"/aggregates?{Day}&queue={noName}"),
            ($"/aggregates?{Day}&queue={Uri.EscapeDataString(hiddenName[..4])}*{Uri.EscapeDataString(hiddenName[^3..])}", $"/aggregates?{Day}&queue={noName}*"),
            ($"/aggregates?{Day}&divisionId={HiddenDivision()}", $"/aggregates?{Day}&divisionId={Nowhere}"),
            ($"/queues?divisionId={HiddenDivision()}", $"/queues?divisionId={Nowhere}"),
            ($"/queues?name={Uri.EscapeDataString(hiddenName)}", $"/queues?name={noName}"),
        ];
        foreach (var (hidden, missing) in queries)
        {
            var one = await SendAsync("by-name", hidden);
            var other = await SendAsync("by-name", missing);

            one.StatusCode.ShouldBe(other.StatusCode, hidden);
            var (oneText, otherText) = (await BodyAsync(one), await BodyAsync(other));
            foreach (var queue in _queues.Skip(2))
            {
                // The response repeats the requested name, but reveals nothing else about the queue.
                oneText.Replace(hiddenName, "", StringComparison.Ordinal).ShouldNotContain(queue.Name);
            }

            Shape(oneText).ShouldBe(Shape(otherText), hidden);
            Headers(one).ShouldBe(Headers(other), hidden);
        }

        string Shape(string text) => TraceId().Replace(text, "TRACE")
            .Replace(Hidden, "ASKED", StringComparison.Ordinal).Replace(Nowhere, "ASKED", StringComparison.Ordinal).Replace(HiddenDivision(), "ASKED", StringComparison.Ordinal)
            .Replace($"{hiddenName[..4]}*{hiddenName[^3..]}", "ASKED", StringComparison.Ordinal).Replace($"{noName}*", "ASKED", StringComparison.Ordinal)
            .Replace(hiddenName, "ASKED", StringComparison.Ordinal).Replace(noName, "ASKED", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_directory_contains_only_the_visible_queues()
    {
        var own = await QueryAsync("by-id", "/queues");

        Records(own).Select(queue => queue.GetProperty("id").GetString()).ShouldBe(Seen, ignoreOrder: true);
        (await QueryAsync("by-id", $"/queues/{Seen.First()}")).GetProperty("id").GetString().ShouldBe(Seen.First());
    }

    [Fact]
    public async Task Cached_responses_and_ETags_are_separate_for_each_view()
    {
        var query = $"/aggregates?{Day}&groupBy=none";
        for (var time = 0; time < 3; time++)
        {
            foreach (var holder in new[] { "all", "by-id", "by-id-too", "nothing" })
            {
                var response = await SendAsync(holder, query);
                var offered = Records(JsonSerializer.Deserialize<JsonElement>(await BodyAsync(response))).Select(record => record.GetProperty("offered").GetInt64()).Sum();
                var expected = Records(await QueryAsync(holder, $"/aggregates?{Day}&groupBy=queueId")).Sum(record => record.GetProperty("offered").GetInt64());
                offered.ShouldBe(expected, $"{holder}, time {time}");
            }
        }

        var tag = (await SendAsync("all", query)).Headers.ETag!.ToString();
        (await SendAsync("all", query, tag)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await SendAsync("by-id", query, tag)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync("by-id", query)).Headers.ETag.ShouldBe((await SendAsync("by-id-too", query)).Headers.ETag, "the same queues, in any order");

        // Two views with equal figures, here none, have different ETags: an ETag reveals nothing about other views.
        const string empty = "/aggregates?from=2012-01-02&to=2012-01-03&groupBy=queueId";
        (await SendAsync("nothing", empty)).Headers.ETag.ShouldNotBe((await SendAsync("by-id", empty)).Headers.ETag);
    }

    [Fact]
    public async Task Slices_are_shared_between_callers()
    {
        await QueryAsync("by-id", $"/aggregates?{Day}");
        var before = _service.AggregateCalls;

        (await SendAsync("by-division", $"/aggregates?{Day}&groupBy=mediaType")).Headers.GetValues("X-Slices").Single().ShouldContain("fetched=0");

        _service.AggregateCalls.ShouldBe(before);
    }

    [Fact]
    public async Task Usage_by_all_callers_is_visible_to_operators_only()
    {
        for (var time = 0; time < 3; time++)
        {
            (await SendAsync("by-id", $"/aggregates?{Day}")).Headers.Contains("X-Upstream").ShouldBeFalse();
            (await SendAsync("all", $"/aggregates?{Day}")).Headers.Contains("X-Upstream").ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_rejection_does_not_reveal_the_number_of_queues()
    {
        await QueryAsync("all", "/queues");

        var refused = await BodyAsync(await SendAsync("by-id", "/aggregates?from=2026-01-01&to=2026-11-01&granularity=PT5M&timeZone=UTC"));
        var same = await BodyAsync(await SendAsync("all", $"/aggregates?from=2026-01-01&to=2026-11-01&granularity=PT5M&timeZone=UTC&queueId={string.Join(',', Seen)}"));

        // The number of calls depends on the size of the organization.
        same.ShouldContain("The query needs about ");
        refused.ShouldContain("The query needs more Genesys requests than the limit of 20 (Aggregates:AsyncAboveCalls). Use a shorter interval, or a coarser granularity. Or send the header 'Prefer: respond-async': a job then runs the query.\"");
    }

    [Fact]
    public void The_key_of_a_view_depends_on_its_rules_only() => Gen.Select(Rules, Rules).Sample((one, other) =>
    {
        var (first, second) = (GenesysAnalyticsApi.Queues.Directory.QueueVisibility.Of(one.Queues, one.Divisions), GenesysAnalyticsApi.Queues.Directory.QueueVisibility.Of(other.Queues, other.Divisions));
        var areEqual = one.Queues.ToHashSet().SetEquals(other.Queues) && one.Divisions.ToHashSet().SetEquals(other.Divisions);
        (first.Key == second.Key).ShouldBe(areEqual);
    });

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [GeneratedRegex("(?<=\"traceId\":\")[0-9a-f]+")]
    private static partial Regex TraceId();

    private static Gen<(string[] Queues, string[] Divisions)> Rules =>
        Gen.Select(GenChoice.OneOf("A", "B", "A\u0001", "q", "A*").Array[0, 3], GenChoice.OneOf(Nowhere, "05f1c285-6777-4ccc-806f-8db085ae0793").Array[0, 2]);

    private string HiddenDivision() => _queues.Select(queue => queue.Division).First(division => division != _queues[0].Division && division != _queues[1].Division);

    private async Task<IReadOnlySet<string>> SeenByAsync(string holder) =>
        Records(await QueryAsync(holder, "/queues")).Select(queue => queue.GetProperty("id").GetString()!).ToHashSet();

    private async Task<JsonElement> QueryAsync(string holder, string path)
    {
        var response = await SendAsync(holder, path);
        var text = await BodyAsync(response);
        response.IsSuccessStatusCode.ShouldBeTrue($"{path}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private async Task<HttpResponseMessage> SendAsync(string holder, string path, string? tag = null)
    {
        using var client = _keys.Of(holder, _service.Service);
        if (tag is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", tag);
        }

        return await client.GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
    }

    private static Task<string> BodyAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestCancellation);

    private static JsonElement[] Records(JsonElement response) => [.. response.GetProperty("records").EnumerateArray()];

    private static string Text(JsonElement record) => record.GetRawText();

    private static string[] Headers(HttpResponseMessage response) =>
        [.. response.Headers.Where(header => header.Key is not ("Server-Timing" or "ETag" or "X-Slices" or "RateLimit")).Select(header => $"{header.Key}: {string.Join(',', header.Value)}")];
}
