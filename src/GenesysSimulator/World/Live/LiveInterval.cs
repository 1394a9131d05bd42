using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.World.Live;

/// <summary>The activity of a session during an interval.</summary>
internal enum LiveActivity : byte
{
    /// <summary>Waiting in the queue. An alert does not end the wait.</summary>
    Waiting,

    Alerting,

    /// <summary>Talking or on hold.</summary>
    Interacting,

    /// <summary>Contacting, dialing or after-call work: the session does not interact, but the agent is busy.</summary>
    Working,
}

/// <summary>A half-open interval [start, end) of a session with one activity, in milliseconds since 1970.</summary>
/// <param name="Agent">The index of the agent, or <see cref="Agents.Team.NoAgent"/>.</param>
/// <param name="Participant">The number of the participant, which is the seed of the participant's ids.</param>
/// <param name="IsUnanswered">Whether the interval is part of a session in which the agent did not respond to the alert.</param>
internal readonly record struct LiveInterval(
    LiveActivity Activity, long Start, long End, int Agent, Direction Direction, ulong Participant, ConversationPosition Place, bool IsUnanswered)
{
    public bool Contains(long now) => Start <= now && now < End;
}

/// <summary>An interval of a session, with the stream of the session's conversation.</summary>
internal readonly record struct LiveSession(ConversationStream Stream, LiveInterval Interval);

/// <summary>The intervals and metric events of the conversations that begin in one hour of one stream.</summary>
internal sealed record LiveSlice(LiveInterval[] Intervals, MetricEvent[] Events);
