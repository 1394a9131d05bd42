using GenesysAnalyticsApi.Configuration;
using GenesysAnalyticsApi.Security.Authentication;

namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>What each caller may take of the service.</summary>
internal sealed class CallersOptions
{
    public const string Section = "Callers";

    /// <summary>Of one caller; a key's own <c>RequestsPerMinute</c> wins.</summary>
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>Requests of one caller at the same time; as many again wait for their turn.</summary>
    public int MaxConcurrent { get; set; } = 256;
}

/// <summary>What the settings of callers' shares must fulfil.</summary>
internal static class CallersOptionsValidator
{
    public static void Check(CallersOptions options, SettingsReport report)
    {
        report.RequireRange($"{CallersOptions.Section}:{nameof(options.RequestsPerMinute)}", options.RequestsPerMinute, 1, MostPerMinute);
        report.RequireRange($"{CallersOptions.Section}:{nameof(options.MaxConcurrent)}", options.MaxConcurrent, 1, 100_000);
    }

    /// <summary>Keys of one name share one rate, which can only be one.</summary>
    public static void CheckKeys(IEnumerable<ApiKeyOptions> keys, SettingsReport report)
    {
        foreach (var caller in keys.Where(key => key.Name is not null).GroupBy(key => key.Name, StringComparer.Ordinal))
        {
            if (caller.Select(key => key.RequestsPerMinute).Distinct().Count() > 1)
            {
                report.Add($"{AuthOptions.Section}:Keys", caller.Key!, "is the name of several keys whose RequestsPerMinute differ. They are one caller: give all the same.");
            }

            if (caller.Max(key => key.RequestsPerMinute) is { } rate && rate > MostPerMinute)
            {
                report.Add($"{AuthOptions.Section}:Keys", caller.Key!, $"has a RequestsPerMinute of {rate}; at most {MostPerMinute} can be counted.");
            }
        }
    }

    /// <summary>More than anybody can ask; the moment at which one grows back is counted in steps of 100 ns.</summary>
    private const int MostPerMinute = 10_000_000;
}

internal static class CorsOptionsValidator
{
    private const string Key = $"{CorsPolicyOptions.Section}:{nameof(CorsPolicyOptions.Origins)}";

    /// <param name="letsInAnybody">Then any page in any browser that reaches the service could read its figures.</param>
    public static void CheckAny(IConfiguration configuration, bool letsInAnybody, SettingsReport report)
    {
        if (letsInAnybody && Origins(configuration).Contains(CorsSetup.AnyOrigin))
        {
            report.Add(Key, CorsSetup.AnyOrigin, "takes any page while anonymous callers are let in. List the origins, or give Auth:Mode=ApiKey.");
        }
    }

    public static void CheckOrigins(IConfiguration configuration, SettingsReport report)
    {
        foreach (var origin in Origins(configuration))
        {
            if (origin != CorsSetup.AnyOrigin && !IsOrigin(origin))
            {
                report.Add(Key, origin, "is not an origin. Give scheme, host and port as browsers send them, such as https://wallboard.example.com, without a path or a slash at the end.");
            }
        }
    }

    private static IEnumerable<string> Origins(IConfiguration configuration) => configuration.GetSection(Key).GetChildren().Select(entry => entry.Value ?? "");

    // Browsers send it in lower case and without the usual port, and it is compared letter by letter.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.GetLeftPart(UriPartial.Authority) == text && address.UserInfo.Length == 0;
}
