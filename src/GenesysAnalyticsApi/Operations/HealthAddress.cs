using System.Globalization;

namespace GenesysAnalyticsApi.Operations;

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
