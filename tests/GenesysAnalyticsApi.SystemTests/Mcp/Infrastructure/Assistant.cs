using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace GenesysAnalyticsApi.SystemTests.Mcp.Infrastructure;

/// <summary>The official client of the Model Context Protocol, connected to the service.</summary>
internal sealed class Assistant : IAsyncDisposable
{
    /// <summary>The default is five seconds, in which a busy machine may not have compiled the endpoint yet.</summary>
    private static readonly McpClientOptions Patient = new() { DiscoverProbeTimeout = TimeSpan.FromMinutes(2), InitializationTimeout = TimeSpan.FromMinutes(4) };

    private readonly HttpClient _http;

    private Assistant(HttpClient http, McpClient client)
    {
        _http = http;
        Client = client;
    }

    public McpClient Client { get; }

    public static async Task<Assistant> ConnectAsync(HttpClient http)
    {
        var transport = new HttpClientTransport(new() { Endpoint = new Uri(http.BaseAddress!, "mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        return new(http, await McpClient.CreateAsync(transport, Patient, cancellationToken: TestContext.Current.CancellationToken));
    }

    public async Task<CallToolResult> CallAsync(string tool, object? arguments = null)
    {
        var given = JsonSerializer.SerializeToElement(arguments ?? new { }).EnumerateObject().ToDictionary(one => one.Name, one => (object?)one.Value);
        return await Client.CallToolAsync(tool, given, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>The structured content of a call that succeeds.</summary>
    public async Task<JsonElement> ReadAsync(string tool, object? arguments = null)
    {
        var result = await CallAsync(tool, arguments);
        (result.IsError ?? false).ShouldBeFalse(TextOf(result));
        return result.StructuredContent!.Value;
    }

    /// <summary>The text of a call that fails.</summary>
    public async Task<string> FailAsync(string tool, object? arguments = null)
    {
        var result = await CallAsync(tool, arguments);
        result.IsError.ShouldBe(true, TextOf(result));
        return TextOf(result);
    }

    public static string TextOf(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        _http.Dispose();
    }
}
