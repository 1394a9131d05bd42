using System.CommandLine;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Mcp;
using GenesysAnalyticsApi.Security.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenesysAnalyticsApi.Commands;

/// <summary>
/// <c>mcp</c>: speaks the Model Context Protocol over standard input and output, for desktop clients that start MCP servers as programs. The command
/// forwards every message to <c>/mcp</c> of a running service. Without <c>--url</c>, the command runs the service itself, on a free port of this machine.
/// </summary>
internal static class McpCommand
{
    public const string Name = "mcp";

    /// <summary>
    /// The environment variable with the API key. The key is not an option, because other users of the machine can see the arguments of a process.
    /// </summary>
    public const string KeyVariable = "GENESYS_ANALYTICS_API_KEY";

    /// <param name="assemble">Builds the service with the given command-line settings, or returns the faults found in the settings.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args, Func<string[], (WebApplication? App, IReadOnlyList<string> Faults)> assemble, TextWriter error)
    {
        Option<string?> url = new("--url") { Description = "The address of a running service, such as http://localhost:5080. Without it, the command runs the service itself." };
        url.Require(
            value => Uri.TryCreate(value, UriKind.Absolute, out var given) && given.Scheme is "http" or "https", "is not an http or https address. Give one such as http://localhost:5080.");
        var settings = CommandInvocation.SettingsArgument("Settings of the service that the command runs, as --Section:Key=value.");
        var command = new Command(
            Name, $"Speaks the Model Context Protocol over standard input and output. The command reads an API key from the environment variable {KeyVariable}. See docs/assistants.md.")
        {
            url, settings,
        };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(url) is { } address
            ? ForwardAsync(new Uri(address), cancellationToken)
            : ServeAsync(() => assemble(parsed.GetValue(settings) ?? []), cancellationToken));
        return command.RunAsync(args, error);
    }

    private static async Task<int> ServeAsync(Func<(WebApplication? App, IReadOnlyList<string> Faults)> assemble, CancellationToken cancellationToken)
    {
        var (app, faults) = assemble();
        if (app is null)
        {
            return await Startup.RefuseAsync(faults);
        }

        await using (app)
        {
            app.Urls.Clear();
            app.Urls.Add("http://127.0.0.1:0");
            await app.StartAsync(cancellationToken);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            var code = await ForwardAsync(new Uri(address), cancellationToken);
            await app.StopAsync(CancellationToken.None);
            return code;
        }
    }

    private static async Task<int> ForwardAsync(Uri service, CancellationToken cancellationToken)
    {
        using var inputEnded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var key = Environment.GetEnvironmentVariable(KeyVariable);
        await using var input = new StdioServerTransport(Name, NullLoggerFactory.Instance);
        await using var http = new HttpClientTransport(new()
        {
            // The path of the address is kept, because a proxy can serve the service below a path.
            Endpoint = new Uri(service.AbsoluteUri.TrimEnd('/') + McpRegistration.Path),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = string.IsNullOrEmpty(key) ? null : new Dictionary<string, string> { [ApiKeyAuthenticator.Header] = key },
        });
        await using var output = await http.ConnectAsync(cancellationToken);
        var forwarding = ForwardResponsesAsync(output, input, inputEnded.Token);
        var requests = new List<Task>();
        await foreach (var message in input.MessageReader.ReadAllAsync(cancellationToken))
        {
            // Messages are sent concurrently, so that a slow query does not delay the next message. A client that needs an order waits for each response.
            requests.RemoveAll(request => request.IsCompleted);
            requests.Add(SendAsync(message, output, input, inputEnded.Token));
        }

        await Task.WhenAll(requests);
        await inputEnded.CancelAsync();
        await forwarding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private static async Task ForwardResponsesAsync(ITransport from, StdioServerTransport to, CancellationToken cancellationToken)
    {
        await foreach (var message in from.MessageReader.ReadAllAsync(cancellationToken))
        {
            await to.SendMessageAsync(message, cancellationToken);
        }
    }

    private static async Task SendAsync(JsonRpcMessage message, ITransport service, StdioServerTransport client, CancellationToken cancellationToken)
    {
        try
        {
            await service.SendMessageAsync(message, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (message is not JsonRpcRequest request)
            {
                // A notification gets no response, not even an error.
                return;
            }

            var reason = failure is HttpRequestException { StatusCode: { } status }
                ? $"The service responded with status {(int)status}. {(status is System.Net.HttpStatusCode.Unauthorized or System.Net.HttpStatusCode.Forbidden ? $"Set the environment variable {KeyVariable} to a key with the read scope." : "Try again later.")}"
                : "The service cannot be reached. Start it, or correct the address in --url.";
            await client.SendMessageAsync(
                new JsonRpcError { Id = request.Id, Error = new() { Code = (int)ModelContextProtocol.McpErrorCode.InternalError, Message = reason } }, cancellationToken);
        }
    }
}
