namespace GenesysSimulator.World;

/// <summary>
/// A callback waits in the queue, is taken by an agent and dialled. Genesys fills neither tAnswered nor tAbandon for it (so no wait
/// and no service level either): offered, connected and handled are all there is.
/// </summary>
internal static class CallbackConversation
{
    public static void Offer(ConversationStream stream, long start, int correction, ref Dice dice, Stamps stamps)
    {
        stamps.ByQueue(Metric.NOffered, start);
        if (dice.Chance(350))
        {
            stamps.ByQueue(Metric.NCallbackScheduled, start);
        }

        var taken = start + Spread.OfWait(ref dice, stream.Profile.Wait) + 3_000;
        var agent = dice.Below(stream.Agents.Length);
        var alert = dice.Between(900, 2_900);
        stamps.ByAgent(Metric.TAlert, taken, alert, agent);

        var dialing = Spread.OfWork(ref dice, 9_000) + 800;
        var dialed = taken + dialing;
        stamps.ByAgent(Metric.NCallbackAttempts, taken, 1, agent);
        stamps.ByAgent(Metric.TFirstDial, taken, taken - start, agent);
        stamps.ByAgent(Metric.TDialing, dialed, dialing, agent);

        var handled = dialing;
        var end = dialed;
        if (dice.Chance(720))
        {
            stamps.ByAgent(Metric.NConnected, dialed, 1, agent);
            stamps.ByAgent(Metric.TFirstConnect, dialed, dialed - start, agent);
            end = AgentSession.Talk(stream, dialed, ref dice, stamps, agent, Direction.Inbound, out var talked);
            handled += talked;
        }

        stamps.ByAgent(Metric.TActiveCallback, end, end - taken, agent);
        stamps.ByAgent(Metric.TActiveCallbackComplete, end, end - taken, agent);
        AgentSession.WrapUp(stream, end, handled, correction, ref dice, stamps, agent, Direction.Inbound);
    }
}
