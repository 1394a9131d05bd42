namespace GenesysSimulator.World.Conversations;

/// <summary>
/// Simulates a callback: it waits in the queue, then an agent accepts it and dials. Genesys emits offered, connected and handled metrics for callbacks, but
/// neither tAnswered nor tAbandon, and therefore no wait and no service level.
/// </summary>
internal static class CallbackConversation
{
    public static void Offer(ConversationStream stream, long start, int correction, ref SeededRandom random, ConversationEvents events)
    {
        events.ByQueue(Metric.NOffered, start);
        if (random.Chance(350))
        {
            events.ByQueue(Metric.NCallbackScheduled, start);
        }

        var taken = start + Distribution.OfWait(ref random, stream.Profile.Wait) + 3_000;
        var session = events.Join(stream.Team, taken, random.Next());
        var alert = random.Between(900, 2_900);
        events.ByAgent(Metric.TAlert, taken, alert, session);

        var dialing = Distribution.OfWork(ref random, 9_000) + 800;
        var dialed = taken + dialing;
        events.ByAgent(Metric.NCallbackAttempts, taken, 1, session);
        events.ByAgent(Metric.TFirstDial, taken, taken - start, session);
        events.ByAgent(Metric.TDialing, dialed, dialing, session);

        var handled = dialing;
        var end = dialed;
        var isReached = random.Chance(720);
        if (isReached)
        {
            events.ByAgent(Metric.NConnected, dialed, 1, session);
            events.ByAgent(Metric.TFirstConnect, dialed, dialed - start, session);
            end = AgentSession.Talk(stream, dialed, ref random, events, session, out var talked);
            handled += talked;
        }

        events.ByAgent(Metric.TActiveCallback, end, end - taken, session);
        events.ByAgent(Metric.TActiveCallbackComplete, end, end - taken, session);
        AgentSession.WrapUp(stream, end, handled, correction, ref random, events, session, isReached);
    }
}
