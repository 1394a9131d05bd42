using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using Serilog.Events;

namespace GenesysAnalyticsApi.SystemTests.Queues.Directory;

/// <summary>An invalid entry in the queue listing is repaired or dropped and reported once, and the other queues are unaffected.</summary>
public sealed class InvalidQueueEntryTests
{
    private const string Odd = "c0000000-0000-4000-8000-000000000001";

    private const string Sound = """{"id":"c0000000-0000-4000-8000-000000000009","name":"Sound","division":{"id":"d0000000-0000-4000-8000-000000000001","name":"Home"},"memberCount":3,"mediaSettings":{"call":{"serviceLevel":{"percentage":0.8,"durationMs":20000}}}}""";

    /// <summary>The invalid entry, and the fields that /queues shows for it; null if it is dropped.</summary>
    public static readonly TheoryData<string, string?> Entries = new()
    {
        { """{"id":"ODD","name":"N","mediaSettings":{"voice":{"serviceLevel":{"percentage":0.1,"durationMs":1}},"call":{"serviceLevel":{"percentage":0.8,"durationMs":20000}}}}""", """{"name":"N","serviceLevels":{"voice":{"target":0.8,"durationMs":20000}}}""" },
        { """{"id":"ODD","name":"N","mediaSettings":{"call":{"serviceLevel":{"percentage":0.8,"durationMs":20000}},"voice":{"serviceLevel":{"percentage":0.1,"durationMs":1}}}}""", """{"name":"N","serviceLevels":{"voice":{"target":0.8,"durationMs":20000}}}""" },
        { """{"id":"ODD","name":"half \ud83d of a letter"}""", "{\"name\":\"half \uFFFD of a letter\"}" },
        { """{"id":"ODD","name":"\\ud83d is a text, \ude00 is half, \ud83d\ude00 is whole"}""", "{\"name\":\"\\\\ud83d is a text, \uFFFD is half, \U0001F600 is whole\"}" },
        { """{"id":"ODD","name":null}""", """{"name":"ODD"}""" },
        { """{"id":"ODD"}""", """{"name":"ODD"}""" },
        { """{"id":"ODD","name":"  "}""", """{"name":"ODD"}""" },
        { """{"id":"ODD","name":17}""", """{"name":"17"}""" },
        { """{"id":"ODD","name":{"en":"N"}}""", """{"name":"ODD"}""" },
        { """{"id":"ODD","name":"a\u0000b\u001b[31mc\nd"}""", """{"name":"a\u0000b\u001b[31mc\nd"}""" },
        { """{"id":"ODD","name":"N","memberCount":"many"}""", """{"memberCount":null}""" },
        { """{"id":"ODD","name":"N","memberCount":"12"}""", """{"memberCount":12}""" },
        { """{"id":"ODD","name":"N","memberCount":1e99}""", """{"memberCount":null}""" },
        { """{"id":"ODD","name":"N","memberCount":-4}""", """{"memberCount":null}""" },
        { """{"id":"ODD","name":"N","division":"Home"}""", """{"divisionId":null,"divisionName":null}""" },
        { """{"id":"ODD","name":"N","division":{"id":7,"name":"Home"}}""", """{"divisionId":null,"divisionName":null}""" },
        { """{"id":"ODD","name":"N","division":{"id":"d0000000-0000-4000-8000-000000000002","name":"\udc00"}}""", "{\"divisionId\":\"d0000000-0000-4000-8000-000000000002\",\"divisionName\":\"\uFFFD\"}" },
        { """{"id":"ODD","name":"N","mediaSettings":[1]}""", """{"serviceLevels":{}}""" },
        { """{"id":"ODD","name":"N","mediaSettings":{"call":{"serviceLevel":{"percentage":1e400,"durationMs":1e400}}}}""", """{"serviceLevels":{"voice":{"target":null,"durationMs":null}}}""" },
        { """{"id":"ODD","name":"N","mediaSettings":{"call":{"serviceLevel":{"percentage":"NaN","durationMs":-1}}}}""", """{"serviceLevels":{"voice":{"target":null,"durationMs":null}}}""" },
        { """{"id":"ODD","name":"N","mediaSettings":{"call":{"serviceLevel":{"percentage":"0.5","durationMs":"15000"}}}}""", """{"serviceLevels":{"voice":{"target":0.5,"durationMs":15000}}}""" },
        { """{"id":"ODD","name":"N","mediaSettings":{"call":{"serviceLevel":"good"},"\ud800":{"serviceLevel":{"percentage":1}}}}""", """{"serviceLevels":{}}""" },
        { """{"id":"","name":"N"}""", null },
        { """{"name":"N"}""", null },
        { """{"id":null,"name":"N"}""", null },
        { """{"id":12,"name":"N"}""", null },
        { """{"id":"\ud800","name":"N"}""", null },
        { """{"id":"a b\n","name":"N"}""", null },
        { """null""", null },
        { """[]""", null },
        { "\"queue\"", null },
        { $$"""{"\ud800":1,"id":"ODD","\ud800":2,"name":"N","nested":{{new string('[', 200)}}{{new string(']', 200)}}}""", """{"name":"N"}""" },
    };

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Entries))]
    public async Task Only_an_invalid_entry_is_repaired_or_dropped(string entry, string? shown)
    {
        using var service = Service(entry.Replace("ODD", Odd, StringComparison.Ordinal));

        var queues = await QueuesAsync(service);

        queues.Single(queue => queue.Text("name") == "Sound").ShouldSatisfyAllConditions(
            sound => sound["memberCount"]!.GetValue<int>().ShouldBe(3),
            sound => sound["serviceLevels"]!.ToJsonString().ShouldBe("""{"voice":{"target":0.8,"durationMs":20000}}"""));
        var odd = queues.Where(queue => queue.Text("name") != "Sound").ToList();
        if (shown is null)
        {
            odd.ShouldBeEmpty();
        }
        else
        {
            foreach (var (field, expected) in JsonNode.Parse(shown.Replace("ODD", Odd, StringComparison.Ordinal))!.AsObject())
            {
                JsonNode.DeepEquals(odd.ShouldHaveSingleItem()[field], expected).ShouldBeTrue($"{field}: {odd[0].ToJsonString()}");
            }
        }
    }

    [Fact]
    public async Task A_dropped_entry_is_logged_once_and_stays_in_the_list_of_invalid_entries()
    {
        using var service = Service("""{"name":"without an id"}""");
        await QueuesAsync(service);
        var directory = (GenesysAnalyticsApi.Queues.Directory.QueueDirectory)service.Services.GetService(typeof(GenesysAnalyticsApi.Queues.Directory.QueueDirectory))!;
        await directory.RefreshAsync(TestCancellation);
        await directory.RefreshAsync(TestCancellation);

        service.Log.Events.Count(line => line.Level == LogEventLevel.Warning && line.RenderMessage(null).Contains("entry 1 of page 1 was dropped: it has no id", StringComparison.Ordinal)).ShouldBe(1);
        directory.InvalidEntries.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_very_long_name_is_truncated_between_characters()
    {
        using var service = Service($$"""{"id":"{{Odd}}","name":"{{string.Concat(Enumerable.Repeat("\U0001F600", 100_000))}}"}""");

        var name = (await QueuesAsync(service)).Select(queue => queue.Text("name")!).Single(name => name != "Sound");

        name.Length.ShouldBeLessThanOrEqualTo(500);
        name.ShouldEndWith("\U0001F600…");
    }

    [Fact]
    public async Task Invalid_UTF8_in_a_name_is_repaired()
    {
        byte[] page = [.. "{\"entities\":[{\"id\":\"q1\",\"name\":\"a"u8, 0xff, 0xed, 0xa0, 0x80, .. "b\"},"u8, .. Encoding.UTF8.GetBytes(Sound), .. "],\"pageCount\":1}"u8];
        using var service = Service(page);

        var names = (await QueuesAsync(service)).Select(queue => queue.Text("name")!).ToList();

        names.ShouldContain("Sound");
        names.Single(name => name != "Sound").ShouldMatch("^a\uFFFD+b$");
    }

    [Fact]
    public async Task A_page_of_invalid_entries_does_not_end_the_listing()
    {
        var upstream = new FakeUpstream()
            .On(HttpMethod.Post, "/oauth/token", _ => Json("""{"access_token":"token-of-odd","token_type":"bearer","expires_in":86400}"""u8.ToArray()))
            .On(HttpMethod.Get, "/api/v2/routing/queues", request => Json(Encoding.UTF8.GetBytes(
                request.RequestUri!.Query.Contains("pageNumber=1", StringComparison.Ordinal) ? """{"entities":[null,7],"pageCount":2}""" : $$"""{"entities":[{{Sound}}],"pageCount":2}""")));
        using var service = new RunningService { Upstream = upstream };

        (await QueuesAsync(service)).ShouldHaveSingleItem().Text("name").ShouldBe("Sound");
    }

    [Theory]
    [InlineData("""{"message":"something is wrong","code":"internal","status":500}""")]
    [InlineData("""{"entities":"none"}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("17")]
    public async Task An_invalid_listing_leaves_the_directory_unchanged(string body)
    {
        var page = Encoding.UTF8.GetBytes($$"""{"entities":[{{Sound}}],"pageCount":1}""");
        var upstream = new FakeUpstream()
            .On(HttpMethod.Post, "/oauth/token", _ => Json("""{"access_token":"token-of-odd","token_type":"bearer","expires_in":86400}"""u8.ToArray()))
            .On(HttpMethod.Get, "/api/v2/routing/queues", _ => Json(page));
        using var service = new RunningService { Upstream = upstream, Clock = new FastClock(QueueBuilder.Now.ToDateTimeOffset(), speed: 40) };
        await QueuesAsync(service);
        page = Encoding.UTF8.GetBytes(body);

        var directory = (GenesysAnalyticsApi.Queues.Directory.QueueDirectory)service.Services.GetService(typeof(GenesysAnalyticsApi.Queues.Directory.QueueDirectory))!;
        await Should.ThrowAsync<GenesysAnalyticsApi.Genesys.Failures.GenesysException>(directory.RefreshAsync(TestCancellation));

        (await QueuesAsync(service)).ShouldHaveSingleItem()["listed"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static RunningService Service(string entry) => Service(Encoding.UTF8.GetBytes($$"""{"entities":[{{entry}},{{Sound}}],"pageNumber":1,"pageCount":1}"""));

    private static RunningService Service(byte[] page) => new()
    {
        Upstream = new FakeUpstream()
            .On(HttpMethod.Post, "/oauth/token", _ => Json("""{"access_token":"token-of-odd","token_type":"bearer","expires_in":86400}"""u8.ToArray()))
            .On(HttpMethod.Get, "/api/v2/routing/queues", _ => Json(page)),
    };

    private static async Task<IReadOnlyList<JsonObject>> QueuesAsync(RunningService service)
    {
        using var client = service.CreateClient();
        using var response = await client.GetAsync(new Uri("/queues", UriKind.Relative), TestCancellation);
        var text = await response.Content.ReadAsStringAsync(TestCancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return [.. JsonNode.Parse(text)!["records"]!.AsArray().Select(queue => queue!.AsObject())];
    }

    private static HttpResponseMessage Json(byte[] body) =>
        new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
}
