namespace GenesysSimulator.World;

/// <summary>
/// One conversation from its begin to its end. It alone decides what is emitted when; every figure the simulator gives is a sum of
/// these stamps, which is why the identities of real answers hold.
/// </summary>
internal static class Conversation
{
    public static void Begin(ConversationStream stream, long start, int load, int correction, ref Dice dice, Stamps stamps)
    {
        stamps.ByQueue(Metric.NConversations, start);
        if (stream.Queue is null)
        {
            WithoutQueue(stream, start, correction, ref dice, stamps);
        }
        else if (stream.Profile == MediaProfile.Callback)
        {
            CallbackConversation.Offer(stream, start, correction, ref dice, stamps);
        }
        else if (stamps.Originating == Direction.Outbound)
        {
            AgentSession.Dial(stream, start, correction, ref dice, stamps, dice.Below(stream.Agents.Length));
        }
        else
        {
            Offer(stream, start, load, correction, ref dice, stamps);
        }
    }

    private static void Offer(ConversationStream stream, long start, int load, int correction, ref Dice dice, Stamps stamps)
    {
        var profile = stream.Profile;
        stamps.ByQueue(Metric.NOffered, start);
        if (dice.Chance(12))
        {
            stamps.ByQueue(Metric.NError, start);
        }

        // A busy hour makes people wait, and people who wait give up.
        var busy = 550 + (load * 9 / 10);
        var outcome = dice.Below(1000);
        if (outcome < stream.Traffic.Abandons * busy / 1000)
        {
            Abandon(start, Spread.OfWait(ref dice, profile.Patience) + dice.Between(60, 900), stamps);
        }
        else if (outcome >= 1000 - profile.FlowsOut)
        {
            FlowOut(start, Spread.OfWait(ref dice, profile.Patience * 2) + 5_000, ref dice, stamps);
        }
        else
        {
            var wait = dice.Between(1_500, 6_000);
            if (!dice.Chance(300))
            {
                wait += Spread.OfWait(ref dice, (int)((long)profile.Wait * stream.Traffic.Pressure / 1000 * busy / 1000));
            }

            Answer(stream, start, wait, correction, ref dice, stamps);
        }
    }

    private static void Abandon(long start, int wait, Stamps stamps)
    {
        var at = start + wait;
        stamps.ByQueue(Metric.TAbandon, at, wait);
        if (wait < 10_000)
        {
            stamps.ByQueue(Metric.TShortAbandon, at, wait);
        }

        LeaveQueue(at, wait, stamps);
        ServiceLevel(at, isWithin: false, stamps);
    }

    private static void FlowOut(long start, int wait, ref Dice dice, Stamps stamps)
    {
        stamps.ByQueue(Metric.TFlowOut, start + wait, wait);
        LeaveQueue(start + wait, wait, stamps);
        if (dice.Chance(300))
        {
            var message = Spread.OfWork(ref dice, 25_000);
            stamps.ByQueue(Metric.TVoicemail, start + wait + message, message);
        }
    }

    private static void Answer(ConversationStream stream, long start, int wait, int correction, ref Dice dice, Stamps stamps)
    {
        var at = start + wait;
        var agent = dice.Below(stream.Agents.Length);
        var alert = Math.Min(wait, dice.Between(900, Math.Min(wait, stream.Profile.AlertingSeconds * 1000)));
        if (wait > alert + 16_000 && dice.Chance(60))
        {
            // Somebody else was rung first and did not pick up.
            var other = (agent + 1) % stream.Agents.Length;
            stamps.ByAgent(Metric.TAlert, at - alert, 15_000, other);
            stamps.ByAgent(Metric.TNotResponding, at - alert, 15_000, other);
        }

        stamps.ByAgent(Metric.TAlert, at, alert, agent);
        stamps.ByQueue(Metric.TAnswered, at, wait);
        LeaveQueue(at, wait, stamps);
        if (wait > stream.Profile.ThresholdMs)
        {
            stamps.ByQueue(Metric.NOverSla, at);
        }

        ServiceLevel(at, isWithin: wait <= stream.Profile.ThresholdMs, stamps);
        AgentSession.Serve(stream, at, correction, ref dice, stamps, agent);
    }

    private static void WithoutQueue(ConversationStream stream, long start, int correction, ref Dice dice, Stamps stamps)
    {
        if (stamps.Originating == Direction.Outbound)
        {
            AgentSession.Dial(stream, start, correction, ref dice, stamps, dice.Below(stream.Agents.Length));
            return;
        }

        var menu = Spread.OfWork(ref dice, 38_000);
        stamps.ByQueue(Metric.TIvr, start + menu, menu);
        if (dice.Chance(150))
        {
            // A direct call to a colleague: handled, never offered.
            AgentSession.Serve(stream, start + menu, correction, ref dice, stamps, dice.Below(stream.Agents.Length));
        }
    }

    private static void LeaveQueue(long at, int wait, Stamps stamps)
    {
        stamps.ByQueue(Metric.TWait, at, wait);
        stamps.ByQueue(Metric.TAcd, at, wait);
    }

    // Denominator answered + abandoned, numerator answered within the threshold: the switches of the organisation of the public sample.
    private static void ServiceLevel(long at, bool isWithin, Stamps stamps)
    {
        stamps.ByQueue(Metric.OServiceLevel, at, isWithin ? 1 : 0);
        stamps.ByQueue(Metric.OServiceTarget, at);
    }
}
