using System.Globalization;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>The names of states, and the age of figures, in responses, webhooks and metrics.</summary>
internal static class AlertNames
{
    public const string Unknown = "unknown";

    /// <summary>The names of the states that <c>GET /alerts</c> shows.</summary>
    public static readonly string[] States = [.. Enum.GetValues<AlertStatus>().Select(Of), Unknown];

    public static string Of(AlertStatus status) => status switch
    {
        AlertStatus.Pending => "pending",
        AlertStatus.Firing => "firing",
        _ => "resolved",
    };

    /// <summary>Why figures of this age are not used.</summary>
    /// <param name="maxAge">The maximum age that the rule accepts.</param>
    public static string TooOld(Duration age, Duration maxAge) =>
        // The age is rounded up: otherwise, it could be equal to the maximum.
        string.Create(CultureInfo.InvariantCulture, $"The newest figures are {Math.Ceiling(age.TotalSeconds):0} s old; the rule accepts at most {maxAge.TotalSeconds:0.###} s (MaxAge).");

    /// <summary>The age in milliseconds. It is never negative, even if the clock was set back.</summary>
    public static long AgeMs(Instant asOf, Instant now) => Math.Max(0, (long)(now - asOf).TotalMilliseconds);
}
