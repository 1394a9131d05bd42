using System.Net.Mail;
using GenesysAnalyticsApi.Configuration;

namespace GenesysAnalyticsApi.OpenApi;

/// <summary>What the OpenAPI document says of this installation. It is complete without any of them.</summary>
internal sealed class OpenApiOptions
{
    public const string Section = "OpenApi";

    /// <summary>The address that callers ask by. Not set: the one by which the document was asked for.</summary>
    public Uri? ServerUrl { get; set; }

    /// <summary>Who answers questions about this installation.</summary>
    public string ContactName { get; set; } = "Operator of this service";

    public string? ContactEmail { get; set; }

    public Uri? ContactUrl { get; set; }

    /// <summary>The terms for callers; together with <see cref="LicenseUrl"/>. Not set: the document says that none are stated.</summary>
    public string? LicenseName { get; set; }

    public Uri? LicenseUrl { get; set; }
}

/// <summary>What the settings of the OpenAPI document must fulfil, so that it stays one that readers take.</summary>
internal static class OpenApiOptionsValidator
{
    public static void Check(OpenApiOptions options, SettingsReport report)
    {
        var (name, url, email) = (Key(nameof(options.LicenseName)), Key(nameof(options.LicenseUrl)), Key(nameof(options.ContactEmail)));
        if (options.LicenseUrl is not null && string.IsNullOrWhiteSpace(options.LicenseName))
        {
            report.AddMissing(name, $"Give the name of the terms at {url}");
        }

        if (options.LicenseUrl is null && !string.IsNullOrWhiteSpace(options.LicenseName))
        {
            report.AddMissing(url, $"Give the address of the terms that {name} names");
        }

        if (!string.IsNullOrWhiteSpace(options.ContactEmail) && !(MailAddress.TryCreate(options.ContactEmail, out var address) && address.Address == options.ContactEmail))
        {
            report.Add(email, options.ContactEmail, "is not an e-mail address. Give one such as analytics@example.com.");
        }

        if (string.IsNullOrWhiteSpace(options.ContactName))
        {
            report.Add(Key(nameof(options.ContactName)), "is empty. Give a name, or leave it out.");
        }
    }

    private static string Key(string property) => $"{OpenApiOptions.Section}:{property}";
}
