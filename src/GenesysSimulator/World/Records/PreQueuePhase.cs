using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.World.Records;

/// <summary>
/// What a caller goes through before the queue: a menu in some cases, and a short delay. Only records show it: aggregates begin with the queue.
/// </summary>
internal readonly record struct Prelude(int Menu, int Delay)
{
    /// <summary>No conversation begins earlier than this before it reaches its queue.</summary>
    public const int MaxMilliseconds = 62_000;

    public int Length => Menu + Delay;

    public static Prelude Of(ConversationStream stream, ConversationEvents conversation)
    {
        if (stream.Queue is null || stream.Profile != MediaProfile.Voice || conversation.Originating == Direction.Outbound)
        {
            return default;
        }

        var random = conversation.Apart(0x6D656E75);
        var menu = random.Chance(700) ? random.Between(4_000, 60_000) : 0;
        return new(menu, random.Between(150, 900));
    }
}
