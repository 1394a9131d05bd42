using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Conversations.Formats;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys;

namespace GenesysAnalyticsApi.Conversations;

/// <summary>Describes the age and the completeness of conversations.</summary>
internal sealed class ConversationMetaBuilder(IOptions<GenesysOptions> genesys)
{
    public ConversationsMeta Of(DetailsNotes notes) => new(
        Seconds(notes.AsOf),
        notes.IsComplete && notes.InvalidEntries == 0,
        genesys.Value.Mode == GenesysMode.Simulator ? "simulator" : "genesys",
        Seconds(notes.DataAvailableUntil),
        notes.InvalidEntries,
        [
            .. notes.Warnings,
            .. notes.InvalidEntries == 0 ? Array.Empty<string>() : [$"{notes.InvalidEntries} parts of Genesys' reply could not be read and were dropped."],
            .. notes.DataAvailableUntil is { } until ? [$"Conversations from {InstantFormat.Print(until)} on are newer than Genesys' bulk data and can still change."] : Array.Empty<string>(),
        ]);

    private static string? Seconds(Instant? instant) => instant is { } time ? InstantFormat.Print(Instant.FromUnixTimeSeconds(time.ToUnixTimeSeconds())) : null;
}
