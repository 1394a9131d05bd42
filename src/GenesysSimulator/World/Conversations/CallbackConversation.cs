namespace GenesysSimulator.World.Conversations;

/// <summary>
/// Simulates a callback: the callback waits in the queue, then an agent accepts the callback and dials. As in Genesys, callbacks have offered, connected and
/// handled metrics, but neither tAnswered nor tAbandon, and therefore no wait and no service level.
/// </summary>
internal static class CallbackConversation
{
    public static void Offer(ConversationStream stream, long start, int correction, ref SeededRandom random, MetricEvents events)
    {
        events.ByQueue(Metric.NOffered, start);
        if (random.Chance(350))
        {
            events.ByQueue(Metric.NCallbackScheduled, start);
        }

        var acceptedAt = start + Distribution.OfWait(ref random, stream.Profile.Wait) + 3_000;
        var session = events.Join(stream.Team, acceptedAt, random.Next());
        var alert = random.Between(900, 2_900);
        events.ByAgent(Metric.TAlert, acceptedAt, alert, session);

        var dialing = Distribution.OfWork(ref random, 9_000) + 800;
        var dialedAt = acceptedAt + dialing;
        events.ByAgent(Metric.NCallbackAttempts, acceptedAt, 1, session);
        events.ByAgent(Metric.TFirstDial, acceptedAt, acceptedAt - start, session);
        events.ByAgent(Metric.TDialing, dialedAt, dialing, session);

        var handled = dialing;
        var end = dialedAt;
        var isReached = random.Chance(720);
        if (isReached)
        {
            events.ByAgent(Metric.NConnected, dialedAt, 1, session);
            events.ByAgent(Metric.TFirstConnect, dialedAt, dialedAt - start, session);
            end = AgentSession.Talk(stream, dialedAt, ref random, events, session, out var talked);
            handled += talked;
        }

        events.ByAgent(Metric.TActiveCallback, end, end - acceptedAt, session);
        events.ByAgent(Metric.TActiveCallbackComplete, end, end - acceptedAt, session);
        AgentSession.WrapUp(stream, end, handled, correction, ref random, events, session, isReached);
    }
}
