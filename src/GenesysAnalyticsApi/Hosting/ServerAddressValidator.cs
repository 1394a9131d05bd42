using System.Globalization;
using System.Security.Authentication;
using GenesysAnalyticsApi.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace GenesysAnalyticsApi.Hosting;

/// <summary>
/// Checks the addresses that the server listens on, with their protocols and certificates, and the accepted host names. Kestrel itself reports only the first
/// invalid address, and treats a port that it cannot parse as part of the host name.
/// </summary>
internal static class ServerAddressValidator
{
    public const string Urls = "Urls";

    public static void Check(IConfiguration configuration, SettingsReport report)
    {
        foreach (var url in Parts(configuration[Urls]))
        {
            CheckUrl(Urls, url, report);
        }

        foreach (var key in new[] { "HTTP_PORTS", "HTTPS_PORTS" })
        {
            foreach (var port in Parts(configuration[key]).Where(port => !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            {
                report.Add(key, port, $"is not a port. Give a number up to 65535, or several separated by semicolons (environment variable ASPNETCORE_{key}).");
            }
        }

        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            CheckUrl($"{endpoint.Path}:Url", endpoint["Url"] ?? "", report);
            CheckProtocols(endpoint, report);
        }

        CheckProtocols(configuration.GetSection("Kestrel:EndpointDefaults"), report);
        var certificates = configuration.GetSection("Kestrel:Certificates").GetChildren()
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint.GetSection("Certificate")));
        foreach (var file in certificates.SelectMany(certificate => new[] { certificate.GetSection("Path"), certificate.GetSection("KeyPath") }))
        {
            if (file.Value is { Length: > 0 } path && !File.Exists(Path.Combine(AppContext.BaseDirectory, path)))
            {
                report.Add(file.Path, path, "is not a file that the service can read. Mount the file, or give the path of another one.");
            }
        }

        foreach (var host in Parts(configuration["AllowedHosts"]).Where(host => !IsHost(host)))
        {
            report.Add("AllowedHosts", host, "is not a host name. Give the host names that callers use, separated by semicolons, such as analytics.example.com;localhost.");
        }
    }

    private static void CheckUrl(string key, string url, SettingsReport report)
    {
        if (IsSocket(url))
        {
            return;
        }

        // The hosts + and * mean every address of the machine. Uri cannot parse these hosts.
        var parsable = url.Replace("://+", "://any", StringComparison.Ordinal).Replace("://*", "://any", StringComparison.Ordinal);
        if (!Uri.TryCreate(parsable, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            || address is not { AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
        {
            report.Add(key, url, "is not an address to listen on. Give only scheme, host and port, such as http://localhost:5080"
                + (key == Urls ? "; separate several by semicolons (environment variable ASPNETCORE_URLS)." : "."));
        }
        else if (address is { Port: 0, Host: "localhost" })
        {
            report.Add(key, url, "has the port 0, which means any free port, but localhost stands for two addresses, which could get different ports. Give http://127.0.0.1:0.");
        }
    }

    /// <summary>Checks the protocols of an endpoint. Kestrel would ignore an unknown word and use its default instead.</summary>
    private static void CheckProtocols(IConfigurationSection endpoint, SettingsReport report)
    {
        CheckWord<HttpProtocols>(endpoint.GetSection("Protocols"), report);
        CheckWord<ClientCertificateMode>(endpoint.GetSection("ClientCertificateMode"), report);
        foreach (var protocol in endpoint.GetSection("SslProtocols").GetChildren())
        {
            CheckWord<SslProtocols>(protocol, report);
        }
    }

    private static void CheckWord<T>(IConfigurationSection entry, SettingsReport report)
        where T : struct, Enum
    {
        if (entry.Value is { Length: > 0 } word && !Enum.GetNames<T>().Contains(word, StringComparer.OrdinalIgnoreCase))
        {
            report.Add(entry.Path, word, $"is none of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    // Whether the URL names a Unix socket or a named pipe. Such a URL is not a valid web address.
    private static bool IsSocket(string url) =>
        url.StartsWith("http://unix:/", StringComparison.OrdinalIgnoreCase) || url.StartsWith("http://pipe:/", StringComparison.OrdinalIgnoreCase);

    private static bool IsHost(string host)
    {
        try
        {
            return host.Length > 0 && new HostString(host).ToUriComponent().All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.' or '_' or ':' or '[' or ']' or '*');
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    internal static string[] Parts(string? list) => list?.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
