namespace GenesysSimulator.World.Conversations;

/// <summary>
/// Simulates one conversation and emits its metric events. All aggregates are sums of these events, so the identities between Genesys
/// metrics hold.
/// </summary>
internal static class Conversation
{
    /// <summary>How many of a thousand e-mails never leave their queue. Public reports describe such e-mails for Genesys.</summary>
    private const int OrphansPerMille = 6;

    public static void Begin(ConversationStream stream, long start, int load, int correction, ref SeededRandom random, MetricEvents events)
    {
        events.ByQueue(Metric.NConversations, start);
        if (stream.Queue is null)
        {
            WithoutQueue(stream, start, correction, ref random, events);
        }
        else if (stream.Profile == MediaProfile.Callback)
        {
            CallbackConversation.Offer(stream, start, correction, ref random, events);
        }
        else if (events.OriginatingDirection == Direction.Outbound)
        {
            AgentSession.Contact(stream, start, correction, ref random, events, Join(stream, start, ref random, events, Direction.Outbound));
        }
        else
        {
            Offer(stream, start, load, correction, ref random, events);
        }
    }

    private static void Offer(ConversationStream stream, long start, int load, int correction, ref SeededRandom random, MetricEvents events)
    {
        var profile = stream.Profile;
        events.ByQueue(Metric.NOffered, start);
        if (random.Chance(12))
        {
            events.ByQueue(Metric.NError, start);
        }

        if (profile == MediaProfile.Email && events.RandomFor(0x6F727068).Chance(OrphansPerMille))
        {
            return;
        }

        // In busy hours, customers wait longer, and more of them abandon.
        var busyFactor = 550 + (load * 9 / 10);
        var outcome = random.Below(1000);
        if (outcome < stream.Traffic.Abandons * busyFactor / 1000)
        {
            Abandon(start, Distribution.OfWait(ref random, profile.Patience) + random.Between(60, 900), events);
        }
        else if (outcome >= 1000 - profile.FlowsOut)
        {
            FlowOut(start, Distribution.OfWait(ref random, profile.Patience * 2) + 5_000, ref random, events);
        }
        else
        {
            var wait = random.Between(1_500, 6_000);
            if (!random.Chance(300))
            {
                wait += Distribution.OfWait(ref random, (int)((long)profile.Wait * stream.Traffic.Pressure / 1000 * busyFactor / 1000));
            }

            Answer(stream, start, wait, correction, ref random, events);
        }
    }

    private static void Abandon(long start, int wait, MetricEvents events)
    {
        var at = start + wait;
        events.ByQueue(Metric.TAbandon, at, wait);
        if (wait < 10_000)
        {
            events.ByQueue(Metric.TShortAbandon, at, wait);
        }

        events.ByQueue(Metric.TWait, at, wait);
        events.ByQueue(Metric.TAcd, at, wait);
        ServiceLevel(at, isWithin: false, events);
    }

    private static void FlowOut(long start, int wait, ref SeededRandom random, MetricEvents events)
    {
        events.ByQueue(Metric.TFlowOut, start + wait, wait);
        events.ByQueue(Metric.TWait, start + wait, wait);
        events.ByQueue(Metric.TAcd, start + wait, wait);
        if (random.Chance(300))
        {
            var message = Distribution.OfWork(ref random, 25_000);
            events.ByQueue(Metric.TVoicemail, start + wait + message, message);
        }
    }

    private static void Answer(ConversationStream stream, long start, int wait, int correction, ref SeededRandom random, MetricEvents events)
    {
        var at = start + wait;
        var session = Join(stream, at, ref random, events);
        var alert = Math.Min(wait, random.Between(900, Math.Min(wait, stream.Profile.AlertingSeconds * 1000)));
        if (wait > alert + 16_000 && random.Chance(60))
        {
            // Another agent was alerted first and did not respond.
            var alertedAt = at - alert - 15_000;
            var unanswered = events.JoinColleague(stream.Team, alertedAt, session);
            events.ByAgent(Metric.TAlert, at - alert, 15_000, unanswered);
            events.ByAgent(Metric.TNotResponding, at - alert, 15_000, unanswered);
            AgentSession.WrapUpUnanswered(stream, at - alert, events, unanswered);
        }

        // The conversation leaves the queue first; the agent is connected a moment later.
        events.ByQueue(Metric.TAcd, at, wait);
        var answered = at + events.RandomFor(0x636F6E6E).Between(10, 30);
        events.ByAgent(Metric.TAlert, answered, alert, session);
        events.ByAgent(Metric.TAnswered, answered, wait, session);
        events.ByQueue(Metric.TWait, answered, wait);
        if (wait > stream.Profile.ThresholdMs)
        {
            events.ByQueue(Metric.NOverSla, answered);
        }

        ServiceLevel(answered, isWithin: wait <= stream.Profile.ThresholdMs, events);
        AgentSession.Serve(stream, answered, correction, ref random, events, session);
    }

    private static void WithoutQueue(ConversationStream stream, long start, int correction, ref SeededRandom random, MetricEvents events)
    {
        if (events.OriginatingDirection == Direction.Outbound)
        {
            AgentSession.Contact(stream, start, correction, ref random, events, Join(stream, start, ref random, events, Direction.Outbound));
            return;
        }

        var menu = Distribution.OfWork(ref random, 38_000);
        events.ByQueue(Metric.TIvr, start + menu, menu);
        if (random.Chance(150))
        {
            // A direct call to an agent is handled but never offered.
            AgentSession.Serve(stream, start + menu, correction, ref random, events, Join(stream, start + menu, ref random, events));
        }
    }

    // Draws exactly one random number, regardless of the number of agents, so that conversations do not depend on the roster.
    private static int Join(
        ConversationStream stream, long at, ref SeededRandom random, MetricEvents events, Direction direction = Direction.Inbound) =>
        events.Join(stream.Team, at, random.Next(), direction);

    // The denominator is answered + abandoned, and the numerator is answered within the threshold. The organization in the public sample data has these
    // settings.
    private static void ServiceLevel(long at, bool isWithin, MetricEvents events)
    {
        events.ByQueue(Metric.OServiceLevel, at, isWithin ? 1 : 0);
        events.ByQueue(Metric.OServiceTarget, at);
    }
}
