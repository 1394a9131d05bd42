namespace GenesysSimulator.World.Conversations;

/// <summary>
/// Simulates an agent's part of a conversation. The handle time is the sum of its components, such as talk and after-call work, and the event for the handle
/// time is emitted when the last component ends.
/// </summary>
internal static class AgentSession
{
    public static void Serve(ConversationStream stream, long at, int correction, ref SeededRandom random, MetricEvents events, int session)
    {
        var profile = stream.Profile;
        if (profile.Turns > 0)
        {
            ExchangeMessages(profile, at, ref random, events, session);
        }

        var end = Talk(stream, at, ref random, events, session, out var handled);
        var isTransferred = random.Chance(profile.Transfers);
        var isConsult = isTransferred && random.Chance(300);
        if (isTransferred)
        {
            events.ByAgent(Metric.NTransferred, end, 1, session);
            events.ByAgent(isConsult ? Metric.NConsultTransferred : Metric.NBlindTransferred, end, 1, session);
        }

        if (isConsult || random.Chance(15))
        {
            events.ByAgent(Metric.NConsult, end, 1, session);
        }

        WrapUp(stream, end, handled, correction, ref random, events, session);
        if (isTransferred && random.Chance(500))
        {
            // The agent who takes over has a separate session, so Genesys counts more handled sessions than answered ones.
            var colleague = events.JoinColleague(stream.Team, end, session);
            end = Talk(stream, end, ref random, events, colleague, out var handledByColleague);
            WrapUp(stream, end, handledByColleague, 0, ref random, events, colleague);
        }

        events.ByQueue(Metric.TConnected, end, end - at);
        events.ByQueue(Metric.OMediaCount, end);
        if (profile == MediaProfile.Cobrowse)
        {
            events.ByAgent(Metric.NCobrowseSessions, at, 1, session);
        }
    }

    /// <summary>Simulates a conversation that an agent starts: a call, or a message. A message connects immediately.</summary>
    public static void Contact(ConversationStream stream, long start, int correction, ref SeededRandom random, MetricEvents events, int session)
    {
        if (!stream.HasMessageTypes)
        {
            Dial(stream, start, correction, ref random, events, session);
            return;
        }

        events.ByAgent(Metric.NOutbound, start, 1, session);
        events.ByAgent(Metric.NConnected, start, 1, session);
        var end = Talk(stream, start, ref random, events, session, out var handled);
        WrapUp(stream, end, handled, correction, ref random, events, session);
    }

    /// <summary>Simulates an outbound call, which first contacts the agent's phone and then dials the customer's phone.</summary>
    private static void Dial(ConversationStream stream, long start, int correction, ref SeededRandom random, MetricEvents events, int session)
    {
        var contacting = random.Between(20, 1_200);
        var dialing = Distribution.OfWork(ref random, 9_000) + 800;
        var contacted = start + contacting;
        var dialed = contacted + dialing;
        events.ByAgent(Metric.NOutbound, start, 1, session);
        events.ByAgent(Metric.NOutboundAttempted, start, 1, session);
        events.ByAgent(Metric.TContacting, contacted, contacting, session);
        events.ByAgent(Metric.TDialing, dialed, dialing, session);

        var handled = contacting + dialing;
        var end = dialed;
        var isReached = random.Chance(440);
        if (isReached)
        {
            events.ByAgent(Metric.NConnected, dialed, 1, session);
            events.ByAgent(Metric.NOutboundConnected, dialed, 1, session);
            end = Talk(stream, dialed, ref random, events, session, out var talked);
            handled += talked;
        }
        else if (random.Chance(40))
        {
            events.ByAgent(Metric.NOutboundAbandoned, dialed, 1, session);
        }
        else if (random.Chance(120))
        {
            events.ByAgent(Metric.NError, dialed, 1, session);
        }

        WrapUp(stream, end, handled, correction, ref random, events, session, isReached);
    }

    public static long Talk(
        ConversationStream stream, long at, ref SeededRandom random, MetricEvents events, int session, out int handled)
    {
        var talk = 1_500 + (int)((long)Distribution.OfWork(ref random, stream.Profile.Talk) * stream.Traffic.Pace / 1000);
        var end = at + talk;
        handled = talk;
        if (random.Chance(stream.Profile.Holds))
        {
            var before = (int)((long)talk * random.Between(100, 900) / 1000);
            var hold = Distribution.OfWork(ref random, 35_000);
            handled += hold;
            end += hold;
            events.ByAgent(Metric.TTalk, at + before, before, session);
            events.ByAgent(Metric.THeld, at + before + hold, hold, session);
            events.ByAgent(Metric.TTalk, end, talk - before, session);
            events.ByAgent(Metric.THeldComplete, end, hold, session);
        }
        else
        {
            events.ByAgent(Metric.TTalk, end, talk, session);
        }

        events.ByAgent(Metric.TTalkComplete, end, talk, session);
        return end;
    }

    public static void WrapUp(
        ConversationStream stream, long end, int handled, int correction, ref SeededRandom random, MetricEvents events, int session, bool isReached = true)
    {
        var work = 0;
        if (random.Chance(950))
        {
            work = 1_000 + correction + (int)((long)Distribution.OfWork(ref random, stream.Profile.AfterCallWork) * stream.Traffic.Pace / 1000);
            events.ByAgent(Metric.TAcw, end + work, work, session);
            events.WrapUp(session, stream.WrapUps, isReached);
        }

        events.ByAgent(Metric.THandle, end + work, handled + work, session);
    }

    /// <summary>Simulates after-call work for some unanswered alerts. These alerts therefore have a handle time.</summary>
    public static void WrapUpUnanswered(ConversationStream stream, long at, MetricEvents events, int session)
    {
        var random = events.RandomFor(0x756E616E);
        if (!random.Chance(250))
        {
            return;
        }

        var work = random.Between(5_000, 60_000);
        events.ByAgent(Metric.TAcw, at + work, work, session);
        events.ByAgent(Metric.THandle, at + work, work, session);
        events.WrapUp(session, stream.WrapUps, isReached: false);
    }

    private static void ExchangeMessages(MediaProfile profile, long at, ref SeededRandom random, MetricEvents events, int session)
    {
        var turns = random.Between(1, profile.Turns);
        var time = at;
        for (var turn = 0; turn < turns; turn++)
        {
            var reply = Distribution.OfWork(ref random, 18_000);
            time += reply;
            events.ByAgent(Metric.TAgentResponseTime, time, reply, session);
            if (turn == 0)
            {
                events.ByAgent(Metric.TFirstResponse, time, reply, session);
                events.ByAgent(Metric.TFirstEngagement, time, reply, session);
            }

            var customerReply = Distribution.OfWork(ref random, 30_000);
            time += customerReply;
            events.ByQueue(Metric.TUserResponseTime, time, customerReply);
        }

        events.ByQueue(Metric.OMessageTurn, time, turns);
        events.ByQueue(Metric.OMessageCount, time, (turns * 2) + random.Below(3));
    }
}
