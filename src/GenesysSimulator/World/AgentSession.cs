namespace GenesysSimulator.World;

/// <summary>What an agent does in a conversation. Its handle time is exactly the sum of its parts and is stamped when the last one ends.</summary>
internal static class AgentSession
{
    public static void Serve(ConversationStream stream, long at, int correction, ref Dice dice, Stamps stamps, int agent)
    {
        var profile = stream.Profile;
        if (profile.Turns > 0)
        {
            Write(profile, at, ref dice, stamps, agent);
        }

        var end = Talk(stream, at, ref dice, stamps, agent, Direction.Inbound, out var handled);
        var isTransferred = dice.Chance(profile.Transfers);
        var isConsult = isTransferred && dice.Chance(300);
        if (isTransferred)
        {
            stamps.ByAgent(Metric.NTransferred, end, 1, agent);
            stamps.ByAgent(isConsult ? Metric.NConsultTransferred : Metric.NBlindTransferred, end, 1, agent);
        }

        if (isConsult || dice.Chance(15))
        {
            stamps.ByAgent(Metric.NConsult, end, 1, agent);
        }

        WrapUp(stream, end, handled, correction, ref dice, stamps, agent, Direction.Inbound);
        if (isTransferred && dice.Chance(500))
        {
            // The colleague who takes over has a session of his own: more handled than answered.
            var colleague = (agent + 1) % stream.Agents.Length;
            var later = Talk(stream, end, ref dice, stamps, colleague, Direction.Inbound, out var more);
            WrapUp(stream, later, more, 0, ref dice, stamps, colleague, Direction.Inbound);
            end = later;
        }

        stamps.ByQueue(Metric.TConnected, end, end - at);
        stamps.ByQueue(Metric.OMediaCount, end);
        if (profile == MediaProfile.Cobrowse)
        {
            stamps.ByAgent(Metric.NCobrowseSessions, at, 1, agent);
        }
    }

    /// <summary>A call an agent makes: contacting is his own telephone, dialling is the customer's.</summary>
    public static void Dial(ConversationStream stream, long start, int correction, ref Dice dice, Stamps stamps, int agent)
    {
        var contacting = dice.Between(20, 1_200);
        var dialing = Spread.OfWork(ref dice, 9_000) + 800;
        var contacted = start + contacting;
        var dialed = contacted + dialing;
        stamps.ByAgent(Metric.NOutbound, start, 1, agent, Direction.Outbound);
        stamps.ByAgent(Metric.NOutboundAttempted, start, 1, agent, Direction.Outbound);
        stamps.ByAgent(Metric.TContacting, contacted, contacting, agent, Direction.Outbound);
        stamps.ByAgent(Metric.TDialing, dialed, dialing, agent, Direction.Outbound);

        var handled = contacting + dialing;
        var end = dialed;
        if (dice.Chance(440))
        {
            stamps.ByAgent(Metric.NConnected, dialed, 1, agent, Direction.Outbound);
            stamps.ByAgent(Metric.NOutboundConnected, dialed, 1, agent, Direction.Outbound);
            end = Talk(stream, dialed, ref dice, stamps, agent, Direction.Outbound, out var talked);
            handled += talked;
        }
        else if (dice.Chance(40))
        {
            stamps.ByAgent(Metric.NOutboundAbandoned, dialed, 1, agent, Direction.Outbound);
        }
        else if (dice.Chance(120))
        {
            stamps.ByAgent(Metric.NError, dialed, 1, agent, Direction.Outbound);
        }

        WrapUp(stream, end, handled, correction, ref dice, stamps, agent, Direction.Outbound);
    }

    public static long Talk(
        ConversationStream stream, long at, ref Dice dice, Stamps stamps, int agent, Direction direction, out int handled)
    {
        var talk = 1_500 + (int)((long)Spread.OfWork(ref dice, stream.Profile.Talk) * stream.Traffic.Pace / 1000);
        var end = at + talk;
        handled = talk;
        if (dice.Chance(stream.Profile.Holds))
        {
            var before = talk * dice.Between(100, 900) / 1000;
            var hold = Spread.OfWork(ref dice, 35_000);
            handled += hold;
            end += hold;
            stamps.ByAgent(Metric.TTalk, at + before, before, agent, direction);
            stamps.ByAgent(Metric.THeld, at + before + hold, hold, agent, direction);
            stamps.ByAgent(Metric.TTalk, end, talk - before, agent, direction);
            stamps.ByAgent(Metric.THeldComplete, end, hold, agent, direction);
        }
        else
        {
            stamps.ByAgent(Metric.TTalk, end, talk, agent, direction);
        }

        stamps.ByAgent(Metric.TTalkComplete, end, talk, agent, direction);
        return end;
    }

    public static void WrapUp(
        ConversationStream stream, long end, int handled, int correction, ref Dice dice, Stamps stamps, int agent, Direction direction)
    {
        var work = 0;
        if (dice.Chance(950))
        {
            work = 1_000 + correction + (int)((long)Spread.OfWork(ref dice, stream.Profile.AfterCallWork) * stream.Traffic.Pace / 1000);
            stamps.ByAgent(Metric.TAcw, end + work, work, agent, direction);
        }

        stamps.ByAgent(Metric.THandle, end + work, handled + work, agent, direction);
    }

    private static void Write(MediaProfile profile, long at, ref Dice dice, Stamps stamps, int agent)
    {
        var turns = dice.Between(1, profile.Turns);
        var when = at;
        for (var turn = 0; turn < turns; turn++)
        {
            var reply = Spread.OfWork(ref dice, 18_000);
            when += reply;
            stamps.ByAgent(Metric.TAgentResponseTime, when, reply, agent);
            if (turn == 0)
            {
                stamps.ByAgent(Metric.TFirstResponse, when, reply, agent);
                stamps.ByAgent(Metric.TFirstEngagement, when, reply, agent);
            }

            var answer = Spread.OfWork(ref dice, 30_000);
            when += answer;
            stamps.ByQueue(Metric.TUserResponseTime, when, answer);
        }

        stamps.ByQueue(Metric.OMessageTurn, when, turns);
        stamps.ByQueue(Metric.OMessageCount, when, (turns * 2) + dice.Below(3));
    }
}
