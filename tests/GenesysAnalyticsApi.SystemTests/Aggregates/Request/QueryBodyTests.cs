using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.AspNetCore.WebUtilities;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Request;

/// <summary>POST /aggregates/query: the query of GET /aggregates as JSON.</summary>
public sealed class QueryBodyTests
{
    private const string Day = """{"from":"2026-11-10","to":"2026-11-11","granularity":"PT1H"}""";

    private const string DayInUrl = "/aggregates?from=2026-11-10&to=2026-11-11&granularity=PT1H";

    private static readonly Uri Address = new("/aggregates/query", UriKind.Relative);

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_query_parameter_is_a_member_of_the_body() => QueryBody.Kinds.Keys.ShouldBe(AggregatesParameters.Names, ignoreOrder: true);

    [Fact]
    public async Task The_document_describes_every_parameter_as_a_member_of_its_type()
    {
        using var service = new RunningService();
        var document = JsonNode.Parse(await service.CreateClient().GetStringAsync("/swagger/v1/swagger.json", TestCancellation))!;
        var body = document["paths"]!["/aggregates/query"]!["post"]!["requestBody"]!["content"]!["application/json"]!;
        var schema = document["components"]!["schemas"]!["AggregatesQuery"]!;
        var members = schema["properties"]!.AsObject();

        body["schema"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/AggregatesQuery");
        schema["additionalProperties"]!.GetValue<bool>().ShouldBeFalse();
        document["paths"]!["/aggregates/query"]!["post"]!["parameters"]!.AsArray().ShouldHaveSingleItem()!["in"]!.GetValue<string>().ShouldBe("header");
        document["paths"]!["/aggregates"]!["get"]!["parameters"]!.AsArray().Where(parameter => parameter!["in"]!.GetValue<string>() == "query").Select(parameter => parameter!["name"]!.GetValue<string>())
            .ShouldBe(members.Select(member => member.Key));
        foreach (var (name, member) in members)
        {
            member!["type"]!.GetValue<string>().ShouldBe(
                QueryBody.Kinds[name] switch
                {
                    QueryBody.MemberKind.List => "array",
                    QueryBody.MemberKind.Number => "integer",
                    QueryBody.MemberKind.Switch => "boolean",
                    _ => "string",
                },
                name);
        }

        body["example"]!.AsObject().Select(member => member.Key).ShouldBeSubsetOf(members.Select(member => member.Key));
        QueryBody.Read(Encoding.UTF8.GetBytes(body["example"]!.ToJsonString())).Errors.ShouldBeEmpty();
    }

    /// <summary>Generates bodies from all parameter names, so that a new parameter is covered too.</summary>
    [Fact]
    public void A_body_is_the_query_string_with_the_same_values()
    {
        var value = Gen.Frequency((3, Gen.String[0, 12]), (1, Gen.Char["\0\u2028ßİ*,/{}'\"\\ +&=#%"].Array[0, 12].Select(letters => new string(letters))))
            .Where(text => !text.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar));
        Gen.Shuffle(AggregatesParameters.Names.ToArray()).SelectMany(names => value.Array[3].Array[names.Length].Select(values => names.Zip(values).Take(5).ToList())).Sample(given =>
        {
            var body = new JsonObject();
            foreach (var (name, values) in given)
            {
                body[name] = QueryBody.Kinds[name] switch
                {
                    QueryBody.MemberKind.List => new JsonArray([.. values.Select(text => JsonValue.Create(text))]),
                    QueryBody.MemberKind.Number => values[0].Length,
                    QueryBody.MemberKind.Switch => values[0].Length % 2 == 0,
                    _ => values[0],
                };
            }

            var read = QueryBody.Read(Encoding.UTF8.GetBytes(body.ToJsonString()));
            var query = QueryHelpers.ParseQuery(read.QueryString);

            read.Errors.ShouldBeEmpty();
            query.Keys.ShouldBe(given.Select(one => one.First), ignoreOrder: true);
            foreach (var (name, values) in given)
            {
                query[name].ToArray().ShouldBe(body[name] is JsonArray ? values : [body[name]!.GetValueKind() == JsonValueKind.String ? values[0] : body[name]!.ToJsonString()]);
            }
        });
    }

    [Fact]
    public async Task A_random_query_has_the_same_response_in_a_URL_and_in_a_body()
    {
        var now = NodaTime.Instant.FromUtc(2026, 11, 23, 9, 15);
        using var service = new RunningService { Upstream = new FakeGenesysServer { Events = FakeEvents.Before(now).Array[40].Single(_ => true, "0N0XIzNsQ0O2") }.Upstream() };
        using var client = service.CreateClient();

        await GenQuery.At(now).SampleAsync(
            async query =>
            {
                var body = new JsonObject();
                foreach (var (name, values) in QueryHelpers.ParseQuery($"?{query}"))
                {
                    body[name] = QueryBody.Kinds[name] switch
                    {
                        QueryBody.MemberKind.List => new JsonArray([.. values.Select(value => JsonValue.Create(value))]),
                        QueryBody.MemberKind.Text => values.ToString(),
                        _ => JsonNode.Parse(values.ToString()),
                    };
                }

                using var get = await client.GetAsync(new Uri($"/aggregates?{query}", UriKind.Relative), TestCancellation);
                using var post = await PostAsync(client, body.ToJsonString());

                post.StatusCode.ShouldBe(get.StatusCode);
                if (get.StatusCode == HttpStatusCode.OK)
                {
                    (await post.Content.ReadAsStringAsync(TestCancellation)).ShouldBe(await get.Content.ReadAsStringAsync(TestCancellation));
                    post.Headers.ETag.ShouldBe(get.Headers.ETag);
                }
            },
            iter: 60,
            threads: 1);
    }

    [Theory]
    [InlineData("""{"form":"2026-11-01"}""", "form: 'form' is not a parameter here. Did you mean 'from'?")]
    [InlineData("""{"queues":["a"]}""", "queues: 'queues' is not a parameter here. Did you mean 'queue'?")]
    [InlineData("""{"From":"2026-11-01"}""", "From: 'From' is not a parameter here. Did you mean 'from'?")]
    [InlineData("""{"last":"PT1H","last":"PT1H"}""", "last: 'last' occurs more than once: give it once.")]
    [InlineData("""{"queue":["a"],"queue":["b"]}""", "queue: 'queue' occurs more than once: give it once, with all values in one list.")]
    [InlineData("""{"last":24}""", "last: '24' is not a string, such as \"P7D\".")]
    [InlineData("""{"last":null}""", "last: 'null' is not a string, such as \"P7D\".")]
    [InlineData("""{"maxAge":"60"}""", "maxAge: '\"60\"' is not a number without quotation marks, such as 60.")]
    [InlineData("""{"maxAge":1e2}""", "maxAge: '1e2' is not a whole number of seconds from 0 to 86400.")]
    [InlineData("""{"maxAge":90000}""", "maxAge: '90000' is not a whole number of seconds from 0 to 86400.")]
    [InlineData("""{"explain":"true"}""", "explain: '\"true\"' is not true or false without quotation marks.")]
    [InlineData("""{"mediaType":"voice"}""", "mediaType: '\"voice\"' is not a list of strings, such as [\"voice\"].")]
    [InlineData("""{"mediaType":[]}""", "mediaType: '[]' is an empty list: give a value, or omit 'mediaType'.")]
    [InlineData("""{"mediaType":["voice",1]}""", "mediaType: Item 2, '1', is not a string: all items must be strings, such as [\"voice\"].")]
    [InlineData("""{"queue":[["a"]]}""", "queue: Item 1, '[\"a\"]', is not a string: all items must be strings, such as [\"Billing*\"].")]
    [InlineData("""{"from":{"a":1},"to":"2026-11-02"}""", "from: '{\"a\":1}' is not a string, such as \"2026-11-01T00:00:00Z\".")]
    [InlineData("""{"granularity":"PT7M"}""", "granularity: 'PT7M' is not a granularity: use one of PT5M, PT10M, PT15M, PT30M, PT1H, PT2H, PT3H, PT4H, PT6H, PT8H, PT12H, P1D, P1W, P1M.")]
    [InlineData("[]", "body: '[]' is not a JSON object: send one, such as {\"last\": \"PT24H\"}.")]
    [InlineData("null", "body: 'null' is not a JSON object: send one, such as {\"last\": \"PT24H\"}.")]
    [InlineData("{", "body: The body is not valid JSON: see line 1, byte 2.")]
    [InlineData("{\n  \"last\": PT1H }", "body: The body is not valid JSON: see line 2, byte 11.")]
    [InlineData("""{"last":"PT1H",}""", "body: The body is not valid JSON: see line 1, byte 16.")]
    [InlineData("""{"queue":["\ud800"]}""", "body: The body contains an escape that is only half of a character, such as \\ud83d: write the character itself, or both of its escapes.")]
    [InlineData("", "body: The body is empty: send a JSON object such as {\"last\": \"PT24H\", \"queue\": [\"Billing*\"]}; {} is the default query.")]
    // All invalid members are reported at once, whatever is wrong with them.
    [InlineData(
        """{"direction":"in","tz":"UTC","maxAge":true}""",
        "direction: 'in' is not a direction: use one of inbound, outbound. Did you mean 'inbound'?", "tz: 'tz' is not a parameter here. Did you mean 'timeZone'?",
        "maxAge: 'true' is not a number without quotation marks, such as 60.")]
    public async Task Every_invalid_member_is_reported(string body, params string[] expected)
    {
        using var service = new RunningService();

        using var response = await PostAsync(service.CreateClient(), body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ErrorsAsync(response)).ShouldBe(expected, ignoreOrder: true);
    }

    [Theory]
    [InlineData("""{"queue":""", "[", "]")]
    [InlineData("", """{"last":""", "}")]
    public async Task A_body_that_is_nested_too_deeply_is_not_called_invalid_JSON(string start, string open, string close)
    {
        using var service = new RunningService();
        var body = start + string.Concat(Enumerable.Repeat(open, 100)) + "1" + string.Concat(Enumerable.Repeat(close, 100)) + (start.Length > 0 ? "}" : "");

        using var response = await PostAsync(service.CreateClient(), body);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await ErrorsAsync(response)).ShouldHaveSingleItem();
        error.ShouldStartWith("body: The body is nested in more than 64 levels at line 1, byte ");
        error.ShouldEndWith(": send one object whose values are strings, numbers, booleans and lists of strings, such as {\"last\": \"PT24H\"}.");
    }

    [Fact]
    public async Task A_deeply_nested_body_that_is_not_JSON_is_called_invalid()
    {
        using var service = new RunningService();

        using var response = await PostAsync(service.CreateClient(), "{\"queue\": [[[[x" + new string('[', 200));

        (await ErrorsAsync(response)).ShouldBe(["body: The body is not valid JSON: see line 1, byte 15."]);
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_an_error()
    {
        using var service = new RunningService();
        using var content = new ByteArrayContent([.. "{\"queue\":[\"B"u8, 0xFC, .. "ro\"]}"u8]);
        content.Headers.ContentType = new("application/json");

        using var response = await service.CreateClient().PostAsync(Address, content, TestCancellation);

        (await ErrorsAsync(response)).ShouldBe(["body: The body is not valid UTF-8: encode it in UTF-8."]);
    }

    [Fact]
    public async Task A_parameter_in_the_URL_is_an_error()
    {
        using var service = new RunningService();

        using var response = await service.CreateClient().PostAsync(new Uri("/aggregates/query?last=PT1H&queues=a&x=1&direction=out", UriKind.Relative), Json("""{"direction":"in"}"""), TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ErrorsAsync(response)).ShouldBe(
            [
                "last: 'last' is in the URL: put it into the body, for example as \"last\": \"P7D\", or use GET /aggregates.",
                "queues: 'queues' is in the URL: put it into the body, for example as \"queue\": [\"Billing*\"], or use GET /aggregates.",
                "x: 'x' is in the URL, where POST /aggregates/query has no parameters: remove it.",
                "direction: 'direction' is in the URL: put it into the body, for example as \"direction\": \"inbound\", or use GET /aggregates.",
                "direction: 'in' is not a direction: use one of inbound, outbound. Did you mean 'inbound'?",
            ], ignoreOrder: true);
    }

    [Theory]
    [InlineData("text/plain", null, "The Content-Type is 'text/plain': send application/json in UTF-8.")]
    [InlineData("application/x-www-form-urlencoded", null, "send application/json in UTF-8.")]
    [InlineData("application/json; charset=utf-16", null, "The Content-Type is 'application/json; charset=utf-16': send application/json in UTF-8.")]
    [InlineData(null, null, "The request has no Content-Type: send application/json in UTF-8, and name it in this header.")]
    [InlineData("application/json", "gzip", "The Content-Encoding is 'gzip'.")]
    public async Task A_body_of_another_content_type_or_encoding_is_415(string? contentType, string? encoding, string detail)
    {
        using var service = new RunningService();
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await service.CreateClient().PostAsync(Address, content, TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        var problem = (await response.Content.ReadFromJsonAsync<JsonElement>(TestCancellation))!;
        problem.GetProperty("type").GetString().ShouldBe("/problems/unsupported-media-type");
        problem.GetProperty("detail").GetString()!.ShouldContain(detail);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_above_the_limit_is_413_whether_or_not_it_declares_its_length(bool isDeclared)
    {
        using var service = new RunningService { Settings = new() { ["Limits:BodyBytes"] = "1024" } };
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("{" + new string(' ', 2000) + "}"));
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = content };
        request.Headers.TransferEncodingChunked = !isDeclared;

        using var response = await service.CreateClient().SendAsync(request, TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("Limits:BodyBytes");
    }

    [Fact]
    public async Task Equal_bodies_share_a_cached_response_and_the_ETag_of_the_GET()
    {
        await using var given = await SimulatedService.StartAsync();
        using var get = await given.Client.GetAsync(new Uri(DayInUrl, UriKind.Relative), TestCancellation);
        using var first = await PostAsync(given.Client, Day);
        using var second = await PostAsync(given.Client, """{ "granularity": "PT1H", "to": "2026-11-11", "from": "2026-11-10" }""");
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = Json(Day) };
        request.Headers.IfNoneMatch.Add(get.Headers.ETag!);

        using var third = await given.Client.SendAsync(request, TestCancellation);

        first.Headers.ETag.ShouldBe(get.Headers.ETag);
        (await second.Content.ReadAsStringAsync(TestCancellation)).ShouldBe(await get.Content.ReadAsStringAsync(TestCancellation));
        third.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        given.Service.Services.GetService(typeof(GenesysAnalyticsApi.Aggregates.Response.ResponseCache)).ShouldBeOfType<GenesysAnalyticsApi.Aggregates.Response.ResponseCache>()
            .Use.CurrentEntryCount.ShouldBe(1, "the cache key orders the members in the same way as this URL");
    }

    [Fact]
    public async Task A_body_can_name_more_queues_than_a_URL_and_is_logged_without_them()
    {
        await using var given = await SimulatedService.StartAsync();
        var ids = Enumerable.Range(0, 900).Select(i => $"05f1c285-6777-4ccc-806f-{i:x12}").ToList();

        using var response = await PostAsync(given.Client, JsonSerializer.Serialize(new { last = "PT1H", queueId = ids, explain = true }));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var query = (await JsonNode.ParseAsync(await response.Content.ReadAsStreamAsync(TestCancellation), cancellationToken: TestCancellation))!["query"]!;
        query["queueIds"]!.AsArray().Count.ShouldBe(900);
        RecordedLog.Text(await given.Service.Log.NextRequestAsync()).ShouldContain("POST /aggregates/query responded 200");
    }

    [Fact]
    public async Task The_caller_needs_a_key_and_sees_only_its_queues()
    {
        var keys = new IssuedKeys().Add("sales", ("Queues:0", "Sales*"));
        using var service = new RunningService
        {
            Settings = new(keys.Settings) { ["Auth:AllowAnonymous"] = "false", ["Auth:Mode"] = "ApiKey" },
            Upstream = new FakeGenesysServer { Events = [] }.Upstream(),
        };

        using var unknown = await PostAsync(service.CreateClient(), "not even JSON");
        using var hidden = await PostAsync(keys.Of("sales", service), """{"queue":["Billing"]}""");

        unknown.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        hidden.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        hidden.Headers.Contains("RateLimit").ShouldBeTrue();
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string body) => client.PostAsync(Address, Json(body), TestCancellation);

    private static async Task<List<string>> ErrorsAsync(HttpResponseMessage response)
    {
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestCancellation))!;
        return [.. problem["errors"]!.AsObject().SelectMany(error => error.Value!.AsArray().Select(message => $"{error.Key}: {message}"))];
    }
}
