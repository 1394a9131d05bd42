using System.Globalization;
using System.Net;
using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.Hosting.Health;

namespace GenesysAnalyticsApi.Commands;

/// <summary>
/// <c>health</c>: asks the service that runs with the same settings on this machine how it is, and says it by the exit code. An image
/// without a shell has nothing else to ask with.
/// </summary>
internal static class HealthCommand
{
    public const string Name = "health";

    public const int Misused = 2;

    private const string Usage =
        """
        Usage: health [ready|live]

        Asks the running service of this machine, by the same settings, whether it can answer (ready, the default) or runs at all (live).
        The exit code is 0 if so, else 1.
        """;

    /// <summary>Less than whoever runs this has; both are counted in seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, TextWriter error)
    {
        if (words is not ([] or ["ready" or "live"]))
        {
            await error.WriteLineAsync(Usage);
            return Misused;
        }

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddSettings();
        var wrong = new SettingsReport();
        ServerAddressValidator.Check(builder.Configuration, wrong);
        if (wrong.Faults is not [])
        {
            return await Startup.RefuseAsync(wrong.Faults);
        }

        if (HealthAddress.Of(builder.Configuration) is not { } address)
        {
            await error.WriteLineAsync("The service listens on no http address that could be asked. Give it one more, such as ASPNETCORE_HTTP_PORTS=8080.");
            return 1;
        }

        return await AskAsync(new Uri(address, $"{HealthEndpoints.Path}/{words.FirstOrDefault("ready")}"), HealthAddress.HostOf(builder.Configuration), output, error);
    }

    private static async Task<int> AskAsync(Uri address, string? host, TextWriter output, TextWriter error)
    {
        // A proxy is for the way to Genesys; this way does not leave the machine.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        using var question = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Host = host } };
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            using var answer = await client.SendAsync(question, patience.Token);
            await output.WriteLineAsync($"{address} {(int)answer.StatusCode}");
            return answer.StatusCode == HttpStatusCode.OK ? 0 : 1;
        }
        catch (HttpRequestException unreachable)
        {
            await error.WriteLineAsync($"{address} {unreachable.Message}");
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync($"{address} has not answered within {Patience.TotalSeconds} seconds.");
        }

        return 1;
    }
}

/// <summary>Where the service of this machine can be asked, by the settings that say where it listens and as whom it may be asked.</summary>
internal static class HealthAddress
{
    private const string Loopback = "127.0.0.1";

    /// <returns>Null where it listens with TLS only, whose certificate is for another name.</returns>
    public static Uri? Of(IConfiguration configuration)
    {
        // As the server does: ports count only where there is no address.
        if (configuration["urls"] is { Length: > 0 } urls)
        {
            return Parts(urls)
                .Select(BindingAddress.Parse)
                .Where(address => address.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) && !address.IsUnixPipe)
                .Select(address => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{Reachable(address.Host)}:{address.Port}")))
                .FirstOrDefault();
        }

        return Parts(configuration["http_ports"]).Select(port => new Uri($"http://{Loopback}:{port}")).FirstOrDefault();
    }

    /// <summary>A name that <c>AllowedHosts</c> lets in; null where any is.</summary>
    public static string? HostOf(IConfiguration configuration) =>
        Parts(configuration["AllowedHosts"]) is [var name, ..] names && !names.Contains("*")
            ? name.Replace("*", "health", StringComparison.Ordinal)
            : null;

    // These stand for every address of the machine, and cannot be asked themselves.
    private static string Reachable(string host) => host is "+" or "*" or "0.0.0.0" or "[::]" ? Loopback : host;

    private static string[] Parts(string? list) => list?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
