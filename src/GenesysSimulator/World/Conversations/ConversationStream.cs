using GenesysSimulator.World.Agents;
using GenesysSimulator.World.WrapUps;

namespace GenesysSimulator.World.Conversations;

/// <summary>
/// Generates the conversations of one queue and media type, or of one media type without a queue, hour by hour. The result for an hour is deterministic.
/// </summary>
internal sealed class ConversationStream(
    SimulatedQueue? queue, Guid divisionId, TrafficProfile traffic, Team team, WrapUpChoice wrapUps, ulong seed)
{
    /// <summary>The queue; null for conversations without one: direct calls, calls and messages that agents start, and calls that end in the menu.</summary>
    public SimulatedQueue? Queue => queue;

    public string DivisionId { get; } = divisionId.ToString();

    public TrafficProfile Traffic => traffic;

    public MediaProfile Profile => traffic.Profile;

    public Team Team => team;

    public WrapUpChoice WrapUps => wrapUps;

    public bool HasMessageTypes => Profile == MediaProfile.Message;

    public void VisitHour<TVisitor>(in WorldHour hour, in Snapshot snapshot, MetricEvents events, ref TVisitor visitor)
        where TVisitor : struct, IConversationVisitor
    {
        if (!TryPlan(hour, out var plan))
        {
            return;
        }

        for (var index = 0; index < plan.Inbound + plan.Outbound; index++)
        {
            if (Generate(hour, plan, index, snapshot, events))
            {
                visitor.Visit(events);
            }
        }
    }

    /// <summary>Generates a single conversation again.</summary>
    /// <returns>False if the conversation does not exist, or does not exist yet.</returns>
    public bool Generate(in WorldHour hour, int index, in Snapshot snapshot, MetricEvents events) =>
        TryPlan(hour, out var plan) && index < plan.Inbound + plan.Outbound && Generate(hour, plan, index, snapshot, events);

    private bool TryPlan(in WorldHour hour, out HourPlan plan)
    {
        plan = default;
        var weight = TrafficCalendar.Weight(traffic.Opening, hour);
        if (weight == 0 || (queue is not null && hour.StartMs < queue.Created.ToUnixTimeMilliseconds()))
        {
            return false;
        }

        var day = new SeededRandom(SeededRandom.Mix(seed, (ulong)hour.LocalDay));
        weight = weight * day.Between(780, 1220) / 1000;
        var cell = SeededRandom.Mix(seed, (ulong)hour.StartMs);
        var random = new SeededRandom(cell);
        var inbound = Distribution.OfCount(ref random, traffic.Inbound * weight);
        plan = new(weight, cell, inbound, Distribution.OfCount(ref random, traffic.Outbound * weight));
        return true;
    }

    private bool Generate(in WorldHour hour, in HourPlan plan, int index, in Snapshot snapshot, MetricEvents events)
    {
        var number = SeededRandom.Mix(plan.Cell, (ulong)(index + 1));
        var random = new SeededRandom(number);
        var start = hour.StartMs + random.Below((int)WorldHour.Milliseconds);
        if (start > snapshot.Now)
        {
            return false;
        }

        var correction = snapshot.CorrectionOf(start, random.Next());
        if (correction == Snapshot.NotAvailableYet)
        {
            return false;
        }

        // The message type is drawn from a separate random sequence, because another draw from the main sequence would change the conversation.
        var isInbound = index < plan.Inbound;
        var messageType = HasMessageTypes ? MessageTypes.Pick(isInbound, SeededRandom.Mix(number, 0x6D657373)) : MessageTypes.None;
        events.Begin(isInbound ? Direction.Inbound : Direction.Outbound, messageType, number, index, start);
        Conversation.Begin(this, start, plan.Weight, correction, ref random, events);
        return true;
    }

    private readonly record struct HourPlan(int Weight, ulong Cell, int Inbound, int Outbound);
}

/// <summary>Receives generated conversations. Structs implement it, so the JIT avoids interface calls in a loop over a million conversations.</summary>
internal interface IConversationVisitor
{
    void Visit(MetricEvents conversation);
}
