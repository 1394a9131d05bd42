namespace GenesysSimulator.World;

/// <summary>A queue's conversations of one media type, hour by hour. The same hour gives the same conversations, whoever asks and when.</summary>
internal sealed class ConversationStream(SimulatedQueue? queue, Guid divisionId, Traffic traffic, string[] agents, ulong seed)
{
    /// <summary>Null for sessions that belong to no queue: direct calls, calls agents dial themselves, the menu before a queue.</summary>
    public SimulatedQueue? Queue => queue;

    public string DivisionId { get; } = divisionId.ToString();

    public Traffic Traffic => traffic;

    public MediaProfile Profile => traffic.Profile;

    public string[] Agents => agents;

    public void VisitHour<TVisitor>(in WorldHour hour, in Reading reading, Stamps stamps, ref TVisitor visitor)
        where TVisitor : struct, IStampVisitor
    {
        var weight = DayShape.Weight(traffic.Opening, hour);
        if (weight == 0 || (queue is not null && hour.StartMs < queue.Created.ToUnixTimeMilliseconds()))
        {
            return;
        }

        var day = new Dice(Dice.Mix(seed, (ulong)hour.LocalDay));
        weight = weight * day.Between(780, 1220) / 1000;
        var cell = Dice.Mix(seed, (ulong)hour.StartMs);
        var dice = new Dice(cell);
        var inbound = Spread.OfCount(ref dice, traffic.Inbound * weight);
        var outbound = Spread.OfCount(ref dice, traffic.Outbound * weight);

        for (var index = 0; index < inbound + outbound; index++)
        {
            var own = new Dice(Dice.Mix(cell, (ulong)(index + 1)));
            var start = hour.StartMs + own.Below((int)WorldHour.Milliseconds);
            if (start > reading.Now)
            {
                continue;
            }

            var correction = reading.CorrectionOf(start, own.Next());
            if (correction == Reading.NotThereYet)
            {
                continue;
            }

            stamps.Begin(index < inbound ? Direction.Inbound : Direction.Outbound);
            Conversation.Begin(this, start, weight, correction, ref own, stamps);
            visitor.Visit(stamps);
        }
    }
}

/// <summary>A struct, so that the compiler makes the loop over a million conversations without a call through an interface.</summary>
internal interface IStampVisitor
{
    void Visit(Stamps conversation);
}
