namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>Information about the figures that is not visible in the records.</summary>
/// <param name="Code">Stable code for programs.</param>
/// <param name="Message">Message for people.</param>
internal sealed record ResponseWarning(string Code, string Message)
{
    /// <summary>The maximum number of items that a warning names. A query can cover a thousand queues, but a few are enough to find the cause.</summary>
    public const int MaxNamed = 10;

    /// <summary>Names the first items, and counts the others.</summary>
    public static string Named(IReadOnlyCollection<string> items) =>
        string.Join(", ", items.Take(MaxNamed)) + (items.Count > MaxNamed ? $" and {items.Count - MaxNamed} more" : "");
}
