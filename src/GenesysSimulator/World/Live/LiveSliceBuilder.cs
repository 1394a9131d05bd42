using GenesysSimulator.World.Agents;
using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.Records;

namespace GenesysSimulator.World.Live;

/// <summary>Derives intervals from the segments of the details, so the real-time figures and the details agree at any instant.</summary>
internal readonly struct LiveSliceBuilder(ConversationStream stream, int streamIndex, IReadOnlyDictionary<string, int> agents) : IConversationVisitor
{
    private readonly List<LiveInterval> _intervals = [];
    private readonly List<MetricEvent> _events = [];

    public void Visit(MetricEvents conversation)
    {
        var place = new ConversationPosition(streamIndex, (int)(conversation.Start / WorldHour.Milliseconds), conversation.Index);
        foreach (var participant in new ParticipantBuilder(stream, conversation, PreQueuePhase.Of(stream, conversation)).Build())
        {
            switch (participant.Purpose)
            {
                case RecordParticipant.Acd:
                    AddWait(participant, place);
                    break;
                case RecordParticipant.Agent:
                    AddAgent(participant, place);
                    break;
            }
        }

        foreach (var metricEvent in conversation.All)
        {
            _events.Add(metricEvent);
        }
    }

    public LiveSlice Build() => new([.. _intervals], [.. _events]);

    // An e-mail that never leaves its queue counts as waiting only for the lookback hours of its media type. According to public reports, details contain
    // more waiting e-mails than observations do.
    private void AddWait(RecordParticipant acd, ConversationPosition place)
    {
        var wait = acd.Segments[^1];
        var end = wait.IsOpen ? wait.Start + (stream.Profile.LookbackHours * WorldHour.Milliseconds) : wait.End;
        Add(LiveActivity.Waiting, wait.Start, end, Team.NoAgent, acd, place);
    }

    private void AddAgent(RecordParticipant participant, ConversationPosition place)
    {
        var agent = participant.UserId is { } id ? agents[id] : Team.NoAgent;
        var isUnanswered = participant.Metrics.Exists(metric => metric.Metric == Metric.TNotResponding);
        var (from, to) = (long.MaxValue, long.MinValue);
        foreach (var segment in participant.Segments)
        {
            if (segment.Type is "interact" or "hold")
            {
                (from, to) = (Math.Min(from, segment.Start), Math.Max(to, segment.End));
            }
            else
            {
                Add(segment.Type == "alert" ? LiveActivity.Alerting : LiveActivity.Working, segment.Start, segment.End, agent, participant, place, isUnanswered);
            }
        }

        if (from < to)
        {
            Add(LiveActivity.Interacting, from, to, agent, participant, place);
        }
    }

    private void Add(
        LiveActivity activity, long start, long end, int agent, RecordParticipant participant, ConversationPosition place, bool isUnanswered = false) =>
        _intervals.Add(new(activity, start, end, agent, participant.Direction, participant.Number, place, isUnanswered));
}
