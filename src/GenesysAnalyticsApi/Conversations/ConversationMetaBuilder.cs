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
            .. notes.InvalidEntries == 0 ? Array.Empty<string>() : [$"{notes.InvalidEntries} parts of the reply of Genesys could not be read and were dropped."],
            .. Seconds(notes.DataAvailableUntil) is { } until ? [$"Conversations from {until} on are newer than the bulk data of Genesys and can still change."] : Array.Empty<string>(),
        ]);

    private static string? Seconds(Instant? instant) => instant is { } time ? InstantFormat.Print(Instant.FromUnixTimeSeconds(time.ToUnixTimeSeconds())) : null;
}
