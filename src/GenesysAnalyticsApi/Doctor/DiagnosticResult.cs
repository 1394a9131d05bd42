using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Doctor;

/// <summary>`ok`, `warning` (it works, at a cost), `failed`, or `skipped` (not looked at).</summary>
internal enum CheckStatus
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It works; something about it will cost figures or time.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Not looked at; the finding says why.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

/// <summary>The result of one check.</summary>
/// <param name="Text">One sentence with the figures.</param>
/// <param name="Remedy">What to change, and where; null if nothing has to change.</param>
internal sealed record CheckOutcome(CheckStatus Condition, string Text, string? Remedy = null)
{
    public IReadOnlyDictionary<string, string>? Details { get; init; }

    /// <summary>Whether the checks that need this one are skipped.</summary>
    public bool StopsOthers { get; init; } = Condition == CheckStatus.Failed;

    public static CheckOutcome Ok(string text) => new(CheckStatus.Ok, text);

    public static CheckOutcome Warning(string text, string remedy) => new(CheckStatus.Warning, text, remedy);

    public static CheckOutcome Failed(string text, string remedy) => new(CheckStatus.Failed, text, remedy);

    public static CheckOutcome Skipped(string text, string? remedy = null) => new(CheckStatus.Skipped, text, remedy);
}
