using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Catalog;

/// <summary>Abbreviations of figures that are common in contact centers. Assistants can ask for a figure by its abbreviation.</summary>
internal static class FigureAbbreviations
{
    public static Synonyms All { get; } = new(
        ("averageHandleTimeMs", "aht"), ("averageSpeedOfAnswerMs", "asa"), ("averageWrapTimeMs", "acw afterCallWork"), ("averageTalkTimeMs", "att"), ("serviceLevel", "sl sla"),
        ("abandonRate", "abandonmentRate abr"), ("averageTimeToAbandonMs", "ata"));
}
