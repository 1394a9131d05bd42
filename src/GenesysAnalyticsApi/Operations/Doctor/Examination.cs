using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Operations.Doctor;

/// <summary>`ok`, `warning` (it works, at a cost), `failed`, or `skipped` (not looked at).</summary>
internal enum ExaminationCondition
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

/// <summary>What an examiner has found.</summary>
/// <param name="Text">One sentence with the figures.</param>
/// <param name="Remedy">What to change, and where; null where nothing has to be.</param>
internal sealed record Finding(ExaminationCondition Condition, string Text, string? Remedy = null)
{
    public IReadOnlyDictionary<string, string>? Details { get; init; }

    /// <summary>Whether examinations that need this one can tell nothing.</summary>
    public bool StopsOthers { get; init; } = Condition == ExaminationCondition.Failed;

    public static Finding Ok(string text) => new(ExaminationCondition.Ok, text);

    public static Finding Warning(string text, string remedy) => new(ExaminationCondition.Warning, text, remedy);

    public static Finding Failed(string text, string remedy) => new(ExaminationCondition.Failed, text, remedy);

    public static Finding Skipped(string text, string? remedy = null) => new(ExaminationCondition.Skipped, text, remedy);
}
