using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.World.Live;

/// <summary>What a session does for a while.</summary>
internal enum LiveActivity : byte
{
    /// <summary>In the queue. An alert does not end it, only the answer.</summary>
    Waiting,

    Alerting,

    /// <summary>Talking or on hold.</summary>
    Interacting,

    /// <summary>An agent dials or does after-call work: the session does not interact, but the agent is not free.</summary>
    Working,
}

/// <summary>A part of a session: it is true from its start up to, but excluding, its end.</summary>
/// <param name="Agent">The index of the agent, or <see cref="Agents.Team.NoAgent"/>.</param>
/// <param name="Participant">The number of the participant, from which its ids are drawn.</param>
/// <param name="IsUnanswered">An alert to which the agent does not respond.</param>
internal readonly record struct LiveInterval(
    LiveActivity Activity, long Start, long End, int Agent, Direction Direction, ulong Participant, ConversationPlace Place, bool IsUnanswered)
{
    public bool Contains(long now) => Start <= now && now < End;
}

/// <summary>A session that is open now.</summary>
internal readonly record struct LiveSession(ConversationStream Stream, LiveInterval Interval);

/// <summary>The intervals and metric events of the conversations that begin in one hour of one stream.</summary>
internal sealed record LiveSlice(LiveInterval[] Intervals, MetricEvent[] Events);
