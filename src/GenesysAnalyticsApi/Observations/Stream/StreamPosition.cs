using System.Globalization;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>The id of an event: how far a subscriber has come, which it sends as <c>Last-Event-ID</c> when it reconnects.</summary>
internal readonly record struct StreamPosition(string Epoch, long Version)
{
    private const int MaxLength = 64;

    /// <returns>Null for what is no id of this service. The subscriber then gets everything, because a refusal would end it for good.</returns>
    public static StreamPosition? Of(string? text)
    {
        var at = text is { Length: <= MaxLength } ? text.IndexOf('.', StringComparison.Ordinal) : -1;
        return at > 0 && long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? new StreamPosition(text![..at], version) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Version}");
}
