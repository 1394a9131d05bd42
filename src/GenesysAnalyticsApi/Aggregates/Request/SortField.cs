namespace GenesysAnalyticsApi.Aggregates.Request;

/// <summary>A record field by which records are sorted (<c>sort</c>). The field is identified by its name, because a higher room defines the fields.</summary>
internal readonly record struct SortField(string Name, bool IsDescending)
{
    /// <summary>The prefix of fields of the compared interval, such as <c>previous.offered</c>.</summary>
    public const string Previous = "previous.";

    /// <summary>The prefix of raw statistics, such as <c>metrics.tAlert.sum</c>.</summary>
    public const string Metrics = "metrics.";

    public static SortField Parse(string text) => text is ['-', ..] ? new(text[1..].Trim(), true) : new(text, false);
}
