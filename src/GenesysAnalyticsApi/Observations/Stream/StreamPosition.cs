using System.Globalization;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>
/// The id of an event: a history, and the version of it up to which a subscriber has received changes. When the subscriber reconnects, it sends the id as
/// <c>Last-Event-ID</c>.
/// </summary>
/// <param name="Epoch">Identifies the history (<see cref="StreamState"/>).</param>
internal readonly record struct StreamPosition(string Epoch, long Version)
{
    private const int MaxLength = 64;

    /// <returns>
    /// Null if the text cannot be the id of an event. The subscriber then gets all records, not an error, because a browser does not reconnect after an error
    /// response.
    /// </returns>
    public static StreamPosition? Of(string? text)
    {
        var dot = text is { Length: <= MaxLength } ? text.IndexOf('.', StringComparison.Ordinal) : -1;
        return dot > 0 && long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? new StreamPosition(text![..dot], version) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Version}");
}
