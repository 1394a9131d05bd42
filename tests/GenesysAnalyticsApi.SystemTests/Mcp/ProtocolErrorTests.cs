using System.Net;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Serilog.Events;

namespace GenesysAnalyticsApi.SystemTests.Mcp;

/// <summary>Errors of the protocol: prompts, resources and cursors that do not exist, and arguments that a prompt does not accept.</summary>
public sealed class ProtocolErrorTests : IDisposable
{
    private const int InvalidParams = -32602;
    private const int ResourceNotFound = -32002;

    private readonly RunningService _service = RunningService.Simulated();

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData("prompts/get", """{"name":"dayly_report"}""", "'dayly_report' is not a prompt: use one of daily_report, incident_review, queue_comparison. Did you mean 'daily_report'?")]
    [InlineData("prompts/get", """{"name":"queue_comparison"}""", "first: is missing. second: is missing.")]
    [InlineData("prompts/get", """{"name":"queue_comparison","arguments":{"first":"Billing","second":" "}}""", "second: is missing.")]
    [InlineData("prompts/get", """{"name":"queue_comparison","arguments":{"first":"Billing","second":null}}""", "second: is missing.")]
    [InlineData("prompts/get", """{"name":"daily_report","arguments":{"day":5}}""", "day: is the number 5. Give a string.")]
    [InlineData("prompts/get", """{"name":"daily_report","arguments":{"queues":"Billing"}}""", "'queues' is not an argument of daily_report: use one of day, timeZone, queue. Did you mean 'queue'?")]
    [InlineData("tools/list", """{"cursor":"page-2"}""", "'page-2' is not a cursor: all tools are on the first page. Omit cursor.")]
    [InlineData("prompts/list", """{"cursor":"page-2"}""", "'page-2' is not a cursor: all prompts are on the first page. Omit cursor.")]
    [InlineData("resources/list", """{"cursor":"page-2"}""", "'page-2' is not a cursor: all resources are on the first page. Omit cursor.")]
    [InlineData("resources/templates/list", """{"cursor":"page-2"}""", "'page-2' is not a cursor: all resource templates are on the first page. Omit cursor.")]
    [InlineData("tools/call", """{"name":"queue_figure"}""", "'queue_figure' is not a tool: use one of conversations, data_health, explain_figure, find_queues, live_queues, queue_figures. Did you mean 'queue_figures'?")]
    public async Task Invalid_params_get_an_error_that_names_the_value_and_what_is_accepted(string method, string parameters, string message)
    {
        var error = await ErrorOfAsync(method, parameters);

        error.GetProperty("code").GetInt32().ShouldBe(InvalidParams, error.GetRawText());
        error.GetProperty("message").GetString().ShouldBe(message);
        _service.Log.Events.ShouldNotContain(logged => logged.Level >= LogEventLevel.Error, "a caller must not be able to cause errors in the log");
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
        var given = System.Text.Json.Nodes.JsonNode.Parse(parameters)!.AsObject();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Headers = { { "Accept", "application/json, text/event-stream" }, { "MCP-Protocol-Version", version } } };
        if (string.CompareOrdinal(version, "2026") > 0)
        {
            given["_meta"] = System.Text.Json.Nodes.JsonNode.Parse($$$"""{"io.modelcontextprotocol/protocolVersion":"{{{version}}}","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}""");
            request.Headers.Add("Mcp-Method", method);
            request.Headers.Add("Mcp-Name", $"{given["uri"] ?? given["name"]}");
        }

        request.Content = new StringContent($$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{given.ToJsonString()}}}""", Encoding.UTF8, "application/json");
        using var client = _service.CreateClient();
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.BadRequest], text);
        return JsonSerializer.Deserialize<JsonElement>(text.Split('\n').FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?["data: ".Length..] ?? text);
    }
}
