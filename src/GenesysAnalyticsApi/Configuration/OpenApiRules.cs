using System.Net.Mail;
using GenesysAnalyticsApi.OpenApi;

namespace GenesysAnalyticsApi.Configuration;

/// <summary>What the settings of the OpenAPI document must fulfil, so that it stays one that readers take.</summary>
internal static class OpenApiRules
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
