using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Serilog.Events;

namespace GenesysAnalyticsApi.SystemTests.Mcp;

/// <summary>Errors of the protocol: prompts, resources and cursors that do not exist, and arguments that a prompt does not accept.</summary>
public sealed class ProtocolErrorTests : IDisposable
{
    private const int InvalidParams = -32602;
    private const int InvalidRequest = -32600;
    private const int MethodNotFound = -32601;
    private const int ParseError = -32700;
    private const int ResourceNotFound = -32002;

    private readonly RunningService _service = RunningService.Simulated();

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData("prompts/get", """{"name":"dayly_report"}""", "'dayly_report' is not a prompt: use one of daily_report, incident_review, queue_comparison. Did you mean 'daily_report'?")]
    [InlineData("prompts/get", """{"name":"queue_comparison"}""", "first: is missing. second: is missing.")]
    [InlineData("prompts/get", """{"name":"queue_comparison","arguments":{"first":"Billing","second":" "}}""", "second: is empty. Give a value.")]
    [InlineData("prompts/get", """{"name":"queue_comparison","arguments":{"first":"Billing","second":null}}""", "second: is missing.")]
    [InlineData("prompts/get", """{"name":"daily_report","arguments":{"day":5}}""", "day: is the number 5. Give a string.")]
    [InlineData("prompts/get", """{"name":"daily_report","arguments":{"day":"blursday"}}""", "day: 'blursday' is not a day: use today, yesterday, or a date from 2012-01-01 to 2026-11-23.")]
    [InlineData("prompts/get", """{"name":"daily_report","arguments":{"day":"2026-11-24"}}""", "day: '2026-11-24' is not a day: use today, yesterday, or a date from 2012-01-01 to 2026-11-23.")]
    [InlineData("prompts/get", """{"name":"daily_report","arguments":{"day":"last-week","timeZone":"Berlin","queue":" "}}""", "queue: is empty. Give a value, or leave the argument out. day: 'last-week' is not a day: use today, yesterday, or a date from 2012-01-01 to 2026-11-23. timeZone: 'Berlin' is not a time zone (for example Europe/Berlin, W. Europe Standard Time, or an offset in steps of 15 minutes from -12:00 to +14:00). Did you mean 'Europe/Berlin'?")]
    [InlineData("prompts/get", """{"name":"queue_comparison","arguments":{"first":"A","second":"B","period":"last-7-day"}}""", "period: 'last-7-day' is not a period: use one of today, yesterday, this-week, last-week, this-month, last-month, this-quarter, last-quarter, this-year, last-year, last-7-days, last-28-days, last-30-days, last-90-days.")]
    [InlineData("prompts/get", """{"name":"incident_review","arguments":{"queue":"A","from":"2026-11-20T09:00","to":"2026-11-20T08:00"}}""", "to: '2026-11-20T08:00' ends at 2026-11-20T08:00:00Z, which is not after the start 2026-11-20T09:00:00Z: intervals are half-open, [from, to).")]
    [InlineData("prompts/get", """{"name":"incident_review","arguments":{"queue":"","from":"2026-11-20T09:05","to":"2026-11-20T12:00"}}""", "queue: is empty. Give a value. from: '2026-11-20T09:05' starts at 2026-11-20T09:05:00Z, which is not on a boundary of 'granularity' PT15M in UTC: the nearest are 2026-11-20T09:00:00Z and 2026-11-20T09:15:00Z.")]
    [InlineData("prompts/get", """{"name":"incident_review","arguments":{"queue":"A","to":"2026-11-20T08:00"}}""", "from: is missing.")]
    [InlineData("prompts/get", """{"name":"daily_report","arguments":{"queues":"Billing"}}""", "'queues' is not an argument of daily_report: use one of day, timeZone, queue. Did you mean 'queue'?")]
    [InlineData("tools/list", """{"cursor":"page-2"}""", "'page-2' is not a cursor: all tools are on the first page. Omit cursor.")]
    [InlineData("prompts/list", """{"cursor":"page-2"}""", "'page-2' is not a cursor: all prompts are on the first page. Omit cursor.")]
    [InlineData("resources/list", """{"cursor":"page-2"}""", "'page-2' is not a cursor: all resources are on the first page. Omit cursor.")]
    [InlineData("resources/templates/list", """{"cursor":"page-2"}""", "'page-2' is not a cursor: all resource templates are on the first page. Omit cursor.")]
    [InlineData("tools/call", """{"name":"queue_figure"}""", "'queue_figure' is not a tool: use one of conversations, data_health, explain_figure, find_queues, live_queues, queue_figures. Did you mean 'queue_figures'?")]
    [InlineData("tools/call", "{}", "name: is missing. Give a string.")]
    [InlineData("tools/call", "null", "name: is missing. Give a string.")]
    [InlineData("tools/call", "[]", "params: is a list. Give an object with the member name.")]
    [InlineData("tools/call", "\"x\"", "params: is the string 'x'. Give an object with the member name.")]
    [InlineData("tools/call", """{"name":5,"arguments":[]}""", "name: is the number 5. Give a string. arguments: is a list. Give an object.")]
    [InlineData("tools/call", """{"name":null}""", "name: is null. Give a string.")]
    [InlineData("tools/call", """{"name":"find_queues","_meta":5}""", "_meta: is the number 5. Give an object.")]
    [InlineData("tools/call", """{"name":"find_queues","arguments":{"name":"\ud83d"}}""", "params: contains an escape that is only half of a character, such as \\ud83d. Write the character itself, or both of its escapes.")]
    [InlineData("resources/read", "{}", "uri: is missing. Give a string.")]
    [InlineData("resources/read", """{"uri":["catalog://figures"]}""", "uri: is a list. Give a string.")]
    [InlineData("prompts/get", "{}", "name: is missing. Give a string.")]
    [InlineData("prompts/get", """{"name":{},"arguments":"x"}""", "name: is an object. Give a string. arguments: is the string 'x'. Give an object.")]
    [InlineData("logging/setLevel", "{}", "level: is missing. Give one of debug, info, notice, warning, error, critical, alert, emergency.")]
    [InlineData("logging/setLevel", """{"level":5}""", "level: is the number 5. Give one of debug, info, notice, warning, error, critical, alert, emergency.")]
    [InlineData("logging/setLevel", """{"level":"loud"}""", "level: is the string 'loud'. Give one of debug, info, notice, warning, error, critical, alert, emergency.")]
    [InlineData("tools/list", """{"cursor":5}""", "cursor: is the number 5. Give a string.")]
    [InlineData("prompts/list", """{"cursor":{}}""", "cursor: is an object. Give a string.")]
    [InlineData("resources/list", "[]", "params: is a list. Give an object.")]
    [InlineData("resources/templates/list", """{"cursor":false}""", "cursor: is false. Give a string.")]
    [InlineData("ping", "[]", "params: is a list. Give an object.")]
    [InlineData("initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1","icons":[5]}}""", "clientInfo.icons[0]: is the number 5. Give an object with the member src.")]
    [InlineData("initialize", "[]", "params: is a list. Give an object with the members protocolVersion, capabilities, clientInfo.")]
    [InlineData("initialize", """{"protocolVersion":5,"capabilities":[],"clientInfo":{"name":"x"}}""", "protocolVersion: is the number 5. Give a string. capabilities: is a list. Give an object. clientInfo.version: is missing. Give a string.")]
    public async Task Invalid_params_get_an_error_that_names_the_value_and_what_is_accepted(string method, string parameters, string message)
    {
        var error = await ErrorOfAsync(method, parameters);

        error.GetProperty("code").GetInt32().ShouldBe(InvalidParams, error.GetRawText());
        error.GetProperty("message").GetString().ShouldBe(message);
        _service.Log.Events.ShouldNotContain(logged => logged.Level >= LogEventLevel.Error, "a caller must not be able to cause errors in the log");
    }

    [Theory]
    [InlineData("hello", ParseError, "The body is not valid JSON: see line 1, byte 1.")]
    [InlineData("", ParseError, "The body is not valid JSON: see line 1, byte 1.")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":1,"a":2}}""", ParseError, "The body is not valid JSON: an object has two members with the same name.")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", InvalidRequest, "The body is a list. Send each message in a request of its own.")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", InvalidRequest, "method: is missing. Give a string.")]
    [InlineData("null", InvalidRequest, "The body is null. Send one JSON-RPC message, which is an object.")]
    [InlineData("""{"jsonrpc":"1.0","id":1.5,"method":5}""", InvalidRequest, "jsonrpc: is the string '1.0'. Give the string 2.0. id: is the number 1.5. Give a string or a whole number, or omit it in a notification. method: is the number 5. Give a string.")]
    [InlineData("""{"id":null}""", InvalidRequest, "jsonrpc: is missing. Give the string 2.0. id: is null. Give a string or a whole number, or omit it in a notification. method: is missing. Give a string.")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"\ud83d"}""", InvalidRequest, "The body contains an escape that is only half of a character, such as \\ud83d. Write the character itself, or both of its escapes.")]
    [InlineData("""{"jsonrpc":"\ud83d","id":7,"method":"ping"}""", InvalidRequest, "The body contains an escape that is only half of a character, such as \\ud83d. Write the character itself, or both of its escapes.")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"resources/subscribe","params":{"uri":"catalog://figures"}}""", MethodNotFound, "The service has no resources/subscribe: the catalog changes only with the version of the service.")]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"resources/unsubscribe","params":{"uri":"catalog://figures"}}""", MethodNotFound, "The service has no resources/unsubscribe: the catalog changes only with the version of the service.")]
    public async Task A_body_that_is_no_message_gets_an_error_that_says_what_is_wrong(string body, int code, string message)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        var error = (await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = content }, "2025-11-25")).GetProperty("error");

        error.GetProperty("code").GetInt32().ShouldBe(code, error.GetRawText());
        error.GetProperty("message").GetString().ShouldBe(message);
        _service.Log.Events.ShouldNotContain(logged => logged.Level >= LogEventLevel.Error, "a caller must not be able to cause errors in the log");
    }

    [Theory]
    [InlineData(64, "\xff", "The body is not valid UTF-8. Encode it in UTF-8.")]
    [InlineData(70, "x", "The body is nested in more than 64 levels. Send a message with fewer levels.")]
    [InlineData(70, "\"", "The body is not valid JSON: see line 1, byte 117.")]
    public async Task A_body_that_no_parser_can_read_says_why(int levels, string text, string message)
    {
        var body = """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":""" + new string('[', levels) + $"\"{text}\"" + new string(']', levels) + "}}";
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.ContentType = new("application/json");

        var error = (await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = content }, "2025-11-25")).GetProperty("error");

        error.GetProperty("code").GetInt32().ShouldBe(ParseError, error.GetRawText());
        error.GetProperty("message").GetString().ShouldBe(message);
    }

    /// <summary>In this revision, the transport itself reads some members.</summary>
    [Theory]
    [InlineData("tools/call", """{"name":5}""", "name: is the number 5. Give a string.")]
    [InlineData("tools/list", """{"cursor":5}""", "cursor: is the number 5. Give a string.")]
    [InlineData("subscriptions/listen", "{}", "notifications: is missing. Give an object.")]
    public async Task Invalid_params_get_the_same_error_in_the_newest_revision(string method, string parameters, string message)
    {
        var response = await CallAsync(method, parameters, "2026-07-28");

        response.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(InvalidParams, response.GetRawText());
        response.GetProperty("error").GetProperty("message").GetString().ShouldBe(message);
        response.GetProperty("id").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("text/plain", "The Content-Type is 'text/plain': send application/json.")]
    [InlineData(null, "The request has no Content-Type: send application/json")]
    public async Task A_message_without_the_content_type_of_json_is_415(string? type, string detail)
    {
        using var content = new ByteArrayContent("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray()) { Headers = { ContentType = type is null ? null : new(type) } };
        using var client = _service.CreateClient();

        using var response = await client.PostAsync(new Uri("/mcp", UriKind.Relative), content, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("detail").GetString()!.ShouldStartWith(detail);
    }

    /// <summary>The code changed in revision 2026-07-28 of the specification.</summary>
    [Theory]
    [InlineData("2025-06-18", ResourceNotFound)]
    [InlineData("2025-11-25", ResourceNotFound)]
    [InlineData("2026-07-28", InvalidParams)]
    public async Task An_unknown_resource_gets_the_code_of_the_protocol_version(string version, int code)
    {
        var error = await ErrorOfAsync("resources/read", """{"uri":"catalog://figure"}""", version);

        error.GetProperty("code").GetInt32().ShouldBe(code, error.GetRawText());
        error.GetProperty("message").GetString().ShouldBe("'catalog://figure' is not a resource: use catalog://figures.");
    }

    [Theory]
    [InlineData("prompts/get", """{"name":"queue_comparison","arguments":{"first":"Billing","second":"Sales","period":null}}""", "'Billing' and 'Sales' for last-week")]
    [InlineData("resources/read", """{"uri":"catalog://figures"}""", "averageHandleTimeMs")]
    [InlineData("prompts/list", "{}", "incident_review")]
    [InlineData("prompts/list", """{"cursor":null}""", "incident_review")]
    public async Task Valid_params_get_a_result(string method, string parameters, string expected)
    {
        var response = await CallAsync(method, parameters);

        response.TryGetProperty("result", out var result).ShouldBeTrue(response.GetRawText());
        JsonSerializer.Serialize(result, Relaxed).ShouldContain(expected);
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<JsonElement> ErrorOfAsync(string method, string parameters, string version = "2025-11-25")
    {
        var response = await CallAsync(method, parameters, version);
        response.TryGetProperty("error", out var error).ShouldBeTrue(response.GetRawText());
        return error;
    }

    private async Task<JsonElement> CallAsync(string method, string parameters, string version = "2025-11-25")
    {
        // Revision 2026-07-28 wants the version and the capabilities of the client in each request, and the method and the name in headers too.
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp");
        if (string.CompareOrdinal(version, "2026") > 0 && JsonNode.Parse(parameters) is JsonObject members)
        {
            members["_meta"] = JsonNode.Parse($$$"""{"io.modelcontextprotocol/protocolVersion":"{{{version}}}","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}""");
            request.Headers.Add("Mcp-Method", method);
            request.Headers.Add("Mcp-Name", $"{members["uri"] ?? members["name"]}");
            parameters = members.ToJsonString();
        }

        request.Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""", Encoding.UTF8, "application/json");
        return await SendAsync(request, version);
    }

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, string version)
    {
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", version);
        using var client = _service.CreateClient();
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.BadRequest], text);
        return JsonSerializer.Deserialize<JsonElement>(text.Split('\n').FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?["data: ".Length..] ?? text);
    }
}
