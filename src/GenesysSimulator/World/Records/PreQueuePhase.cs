using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.World.Records;

/// <summary>
/// The part of an inbound call before the call reaches its queue: a menu in most cases, and a short delay. Only detail records contain this part; aggregates
/// begin with the queue. Durations are in milliseconds.
/// </summary>
internal readonly record struct PreQueuePhase(int Menu, int Delay)
{
    /// <summary>An upper bound for the length of the phase.</summary>
    public const int MaxMilliseconds = 62_000;

    public int Length => Menu + Delay;

    public static PreQueuePhase Of(ConversationStream stream, MetricEvents conversation)
    {
        if (stream.Queue is null || stream.Profile != MediaProfile.Voice || conversation.OriginatingDirection == Direction.Outbound)
        {
            return default;
        }

        var random = conversation.RandomFor(0x6D656E75);
        var menu = random.Chance(700) ? random.Between(4_000, 60_000) : 0;
        return new(menu, random.Between(150, 900));
    }
}
