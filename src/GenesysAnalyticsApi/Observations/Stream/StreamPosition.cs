using System.Globalization;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>The id of an event: the version up to which a subscriber has received changes. It sends the id as <c>Last-Event-ID</c> when it reconnects.</summary>
internal readonly record struct StreamPosition(string Epoch, long Version)
{
    private const int MaxLength = 64;

    /// <returns>
    /// Null for text that is not an id of this service. The subscriber then gets all records, not an error, because a browser does not reconnect after an
    /// error response.
    /// </returns>
    public static StreamPosition? Of(string? text)
    {
        var at = text is { Length: <= MaxLength } ? text.IndexOf('.', StringComparison.Ordinal) : -1;
        return at > 0 && long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? new StreamPosition(text![..at], version) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Version}");
}
