using GenesysSimulator.World.Agents;
using GenesysSimulator.World.WrapUps;

namespace GenesysSimulator.World.Conversations;

/// <summary>Generates the conversations of one queue and media type, hour by hour. The result for an hour is deterministic.</summary>
internal sealed class ConversationStream(
    SimulatedQueue? queue, Guid divisionId, TrafficProfile traffic, Team team, WrapUpChoice wrapUps, ulong seed)
{
    /// <summary>Null for sessions without a queue: direct calls, calls dialled by agents, and the IVR.</summary>
    public SimulatedQueue? Queue => queue;

    public string DivisionId { get; } = divisionId.ToString();

    public TrafficProfile Traffic => traffic;

    public MediaProfile Profile => traffic.Profile;

    public Team Team => team;

    public WrapUpChoice WrapUps => wrapUps;

    public bool HasMessageTypes => Profile == MediaProfile.Message;

    public void VisitHour<TVisitor>(in WorldHour hour, in Snapshot snapshot, ConversationEvents events, ref TVisitor visitor)
        where TVisitor : struct, IConversationVisitor
    {
        var weight = DayShape.Weight(traffic.Opening, hour);
        if (weight == 0 || (queue is not null && hour.StartMs < queue.Created.ToUnixTimeMilliseconds()))
        {
            return;
        }

        var day = new SeededRandom(SeededRandom.Mix(seed, (ulong)hour.LocalDay));
        weight = weight * day.Between(780, 1220) / 1000;
        var cell = SeededRandom.Mix(seed, (ulong)hour.StartMs);
        var random = new SeededRandom(cell);
        var inbound = Distribution.OfCount(ref random, traffic.Inbound * weight);
        var outbound = Distribution.OfCount(ref random, traffic.Outbound * weight);

        for (var index = 0; index < inbound + outbound; index++)
        {
            var number = SeededRandom.Mix(cell, (ulong)(index + 1));
            var own = new SeededRandom(number);
            var start = hour.StartMs + own.Below((int)WorldHour.Milliseconds);
            if (start > snapshot.Now)
            {
                continue;
            }

            var correction = snapshot.CorrectionOf(start, own.Next());
            if (correction == Snapshot.NotAvailableYet)
            {
                continue;
            }

            // Drawn apart from the rest, which would be another conversation otherwise.
            var isInbound = index < inbound;
            var messageType = HasMessageTypes ? MessageTypes.Pick(isInbound, SeededRandom.Mix(number, 0x6D657373)) : MessageTypes.None;
            events.Begin(isInbound ? Direction.Inbound : Direction.Outbound, messageType, number);
            Conversation.Begin(this, start, weight, correction, ref own, events);
            visitor.Visit(events);
        }
    }
}

/// <summary>Implemented by structs, so that the JIT avoids interface calls in a loop over a million conversations.</summary>
internal interface IConversationVisitor
{
    void Visit(ConversationEvents conversation);
}
