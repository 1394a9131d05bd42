using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Doctor.Diagnostics;

/// <summary>`ok`, `warning` (the service works, but figures are missing or responses are slower), `failed`, or `skipped` (not checked).</summary>
internal enum CheckStatus
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>The service works, but figures are missing or responses are slower.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Not checked; the finding says why.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,
}

/// <summary>The outcome of a check.</summary>
/// <param name="Text">What the check found.</param>
/// <param name="Remedy">What to change, and where; null if nothing has to be changed.</param>
internal sealed record CheckOutcome(CheckStatus Condition, string Text, string? Remedy = null)
{
    public IReadOnlyDictionary<string, string>? Details { get; init; }

    /// <summary>Whether the checks that depend on this one are skipped.</summary>
    public bool BlocksDependents { get; init; } = Condition == CheckStatus.Failed;

    public static CheckOutcome Ok(string text) => new(CheckStatus.Ok, text);

    public static CheckOutcome Warning(string text, string remedy) => new(CheckStatus.Warning, text, remedy);

    public static CheckOutcome Failed(string text, string remedy) => new(CheckStatus.Failed, text, remedy);

    public static CheckOutcome Skipped(string text, string? remedy = null) => new(CheckStatus.Skipped, text, remedy);
}
