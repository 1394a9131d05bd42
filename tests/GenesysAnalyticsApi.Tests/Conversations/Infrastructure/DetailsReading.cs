using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys.Details;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Conversations.Infrastructure;

/// <summary>Reads conversations from a <see cref="DetailsStore"/>.</summary>
internal static class DetailsReading
{
    public static DetailsReader Reader(DetailsStore store, int most, DetailsIntervalLimit? limit = null, int asyncAbove = 1_000_000) => new(
        store, limit ?? new DetailsIntervalLimit(), Options.Create(new ConversationsOptions { MaxConversationsPerPiece = most, AsyncFromConversations = asyncAbove }), NullLogger<DetailsReader>.Instance);

    public static async Task<(List<ConversationDetail> Read, DetailsReadReport Notes)> ReadAsync(
        DetailsStore store, DetailsSelection selection, int most, DetailsIntervalLimit? limit = null, int asyncAbove = 1_000_000)
    {
        var notes = new DetailsReadReport();
        var read = await Reader(store, most, limit, asyncAbove).ReadAsync(selection, notes, CancellationToken.None).ToListAsync();
        return (read, notes);
    }

    public static ConversationDetail Conversation(int number, Instant start, Duration? length) =>
        new() { Id = IdOf(number), Start = start, End = length is { } given && start + given < DetailsStore.Now ? start + given : null };

    public static string IdOf(int number) => new Guid(number, 0, 0, new byte[8]).ToString();
}
