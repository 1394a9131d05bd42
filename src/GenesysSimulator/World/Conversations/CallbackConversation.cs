namespace GenesysSimulator.World.Conversations;

/// <summary>
/// Simulates a callback: it waits in the queue, an agent accepts it and dials. Genesys emits neither tAnswered nor tAbandon for callbacks, and
/// so no wait and no service level; only offered, connected and handled metrics.
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
        var agent = random.Below(stream.Agents.Length);
        var alert = random.Between(900, 2_900);
        events.ByAgent(Metric.TAlert, taken, alert, agent);

        var dialing = Distribution.OfWork(ref random, 9_000) + 800;
        var dialed = taken + dialing;
        events.ByAgent(Metric.NCallbackAttempts, taken, 1, agent);
        events.ByAgent(Metric.TFirstDial, taken, taken - start, agent);
        events.ByAgent(Metric.TDialing, dialed, dialing, agent);

        var handled = dialing;
        var end = dialed;
        if (random.Chance(720))
        {
            events.ByAgent(Metric.NConnected, dialed, 1, agent);
            events.ByAgent(Metric.TFirstConnect, dialed, dialed - start, agent);
            end = AgentSession.Talk(stream, dialed, ref random, events, agent, Direction.Inbound, out var talked);
            handled += talked;
        }

        events.ByAgent(Metric.TActiveCallback, end, end - taken, agent);
        events.ByAgent(Metric.TActiveCallbackComplete, end, end - taken, agent);
        AgentSession.WrapUp(stream, end, handled, correction, ref random, events, agent, Direction.Inbound);
    }
}
