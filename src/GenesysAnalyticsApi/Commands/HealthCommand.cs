using System.CommandLine;
using System.Globalization;
using System.Net;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Hosting.Health;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace GenesysAnalyticsApi.Commands;

/// <summary>
/// <c>health</c>: requests the health of the service that runs on this machine with the same settings, and reports the result as the exit code. In a container
/// image without a shell, there is no other way to check the health of the service.
/// </summary>
internal static class HealthCommand
{
    public const string Name = "health";

    private static readonly string[] Probes = ["ready", "live"];

    /// <summary>The timeout must be shorter than the probe timeout of the orchestrator, so that the command can still report the failure.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var probe = new Argument<string>("probe")
        {
            DefaultValueFactory = _ => Probes[0],
            Description = "ready: whether the service can serve requests; live: whether it runs.",
        };
        probe.Require(Probes.Contains, $"is not a probe. Use one of {string.Join(", ", Probes)}.");
        var command = new Command(Name, "Checks the service that runs on this machine with the same settings. The exit code is 0 if it is healthy, otherwise 1.") { probe };
        command.SetAction(parsed => CheckAsync(parsed.GetRequiredValue(probe), output, error));
        return command.RunAsync(args, error);
    }

    private static async Task<int> CheckAsync(string probe, TextWriter output, TextWriter error)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddSettings();
        var report = new SettingsReport();
        ServerAddressValidator.Check(builder.Configuration, report);
        if (report.Faults is not [])
        {
            return await Startup.RefuseAsync(report.Faults);
        }

        if (HealthAddress.Of(builder.Configuration) is not { } address)
        {
            await error.WriteLineAsync("The service has no http address that accepts HTTP/1.1. Add one, such as ASPNETCORE_HTTP_PORTS=8080, or an endpoint if Kestrel:Endpoints is set.");
            return 1;
        }

        return await RequestAsync(new Uri(address, $"{HealthEndpoints.Path}/{probe}"), HealthAddress.HostOf(builder.Configuration), output, error);
    }

    private static async Task<int> RequestAsync(Uri address, string? host, TextWriter output, TextWriter error)
    {
        // The configured proxy is for requests to Genesys. This request does not leave the machine.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Timeout };
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Host = host } };
        try
        {
            using var response = await client.SendAsync(request);
            await output.WriteLineAsync($"{address} {(int)response.StatusCode}");
            return response.StatusCode == HttpStatusCode.OK ? 0 : 1;
        }
        catch (HttpRequestException failure)
        {
            await error.WriteLineAsync($"{address} {failure.Message}");
        }
        catch (TaskCanceledException)
        {
            await error.WriteLineAsync($"{address} did not respond within {Timeout.TotalSeconds} s.");
        }

        return 1;
    }
}

/// <summary>Derives the address of the local service from the settings that state where it listens and which hosts it accepts.</summary>
internal static class HealthAddress
{
    private const string Loopback = "127.0.0.1";

    /// <returns>
    /// Null if the service has no http address that accepts HTTP/1.1. An https address cannot be used, because the certificate is issued for another name.
    /// </returns>
    public static Uri? Of(IConfiguration configuration) => UrlsOf(configuration)
        .Select(BindingAddress.Parse)
        .Where(address => address.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) && !address.IsUnixPipe && !address.IsNamedPipe)
        .Select(address => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{Reachable(address.Host)}:{address.Port}")))
        .FirstOrDefault();

    /// <summary>Returns a host name that <c>AllowedHosts</c> accepts; null if <c>AllowedHosts</c> accepts any name.</summary>
    public static string? HostOf(IConfiguration configuration) =>
        ServerAddressValidator.Parts(configuration["AllowedHosts"]) is [var name, ..] names && !names.Contains("*")
            ? name.Replace("*", "health", StringComparison.Ordinal)
            : null;

    /// <summary>The URLs that the service listens on. As in Kestrel, endpoints override addresses, and an address overrides ports.</summary>
    private static IEnumerable<string> UrlsOf(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Where(endpoint => endpoint["Url"] is not null).ToList();
        var urls = ServerAddressValidator.Parts(configuration[WebHostDefaults.ServerUrlsKey]) is [_, ..] addresses ? addresses :
        [
            .. ServerAddressValidator.Parts(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"),
            .. ServerAddressValidator.Parts(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"),
        ];
        return endpoints is [] || (urls is not [] && configuration[WebHostDefaults.PreferHostingUrlsKey] is { } prefers && (prefers == "1" || prefers.Equals("true", StringComparison.OrdinalIgnoreCase)))
            ? urls
            : endpoints.Where(endpoint => AcceptsHttp1(endpoint["Protocols"] ?? configuration["Kestrel:EndpointDefaults:Protocols"])).Select(endpoint => endpoint["Url"]!);
    }

    // Without a setting, Kestrel accepts HTTP/1.1.
    private static bool AcceptsHttp1(string? protocols) => !Enum.TryParse<HttpProtocols>(protocols, ignoreCase: true, out var accepted) || accepted.HasFlag(HttpProtocols.Http1);

    // These names mean every address of the machine and are not valid destinations.
    private static string Reachable(string host) => host is "+" or "*" or "0.0.0.0" or "[::]" ? Loopback : host;
}
