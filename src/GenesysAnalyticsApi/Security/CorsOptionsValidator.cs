using GenesysAnalyticsApi.Configuration;

namespace GenesysAnalyticsApi.Security;

/// <summary>Checks the origins of <c>Cors:Origins</c> at startup.</summary>
internal static class CorsOptionsValidator
{
    private const string Key = $"{CorsPolicyOptions.Section}:{nameof(CorsPolicyOptions.Origins)}";

    /// <summary>
    /// Rejects <c>*</c> while anonymous access is allowed: any page in a browser that can reach the service could then read figures without credentials.
    /// </summary>
    public static void CheckAny(IConfiguration configuration, bool allowsAnonymous, SettingsReport report)
    {
        if (allowsAnonymous && configuration.GetSection(Key).GetChildren().Any(entry => entry.Value == CorsSetup.AnyOrigin))
        {
            report.Add(Key, CorsSetup.AnyOrigin, "admits any page while anonymous access is allowed. List the origins, or set Auth:Mode=ApiKey.");
        }
    }

    public static void CheckOrigins(IConfiguration configuration, SettingsReport report) => report.AddEntries(
        configuration.GetSection(Key),
        origin => origin == CorsSetup.AnyOrigin || IsOrigin(origin)
            ? null
            : "is not an origin. Give scheme, host and port as browsers send them, such as https://wallboard.example.com, without a path or a slash at the end.");

    // Browsers send an origin in lower case and without the default port, and ASP.NET Core compares origins character by character.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.GetLeftPart(UriPartial.Authority) == text && address.UserInfo.Length == 0;
}
