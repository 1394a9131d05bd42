using GenesysSimulator.World.Agents;
using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.WrapUps;

namespace GenesysSimulator.World.Records;

/// <summary>Builds the participants of a conversation: assigns the conversation's events to participants, and derives the participants' segments.</summary>
internal readonly struct ParticipantBuilder(ConversationStream stream, MetricEvents conversation, PreQueuePhase preQueue)
{
    private string? QueueId => stream.Queue?.WireId;

    public List<RecordParticipant> Build()
    {
        var participants = new List<RecordParticipant>(5);
        var customer = New(RecordParticipant.Customer, 0, conversation.OriginatingDirection);
        var isOutbound = conversation.OriginatingDirection == Direction.Outbound;
        if (!isOutbound)
        {
            participants.Add(customer);
        }

        AddMenu(participants);
        var acd = AddQueue(participants);
        var agents = AddAgents(participants);
        if (isOutbound)
        {
            participants.Add(customer);
        }

        AssignEvents(participants, customer, acd, agents);
        AddQueueSegments(acd);
        AddCustomerSegments(customer, participants, isOutbound);
        return participants;
    }

    private RecordParticipant New(string purpose, int place, Direction direction, string? name = null, string? userId = null) =>
        new(purpose, SeededRandom.Mix(conversation.Number, 0x70617274 + (ulong)place), direction) { Name = name, UserId = userId };

    private void AddMenu(List<RecordParticipant> participants)
    {
        if (preQueue.Menu > 0)
        {
            var ivr = New(RecordParticipant.Ivr, 1, Direction.Inbound, "Main menu");
            ivr.Segments.Add(new("ivr", conversation.Start - preQueue.Length, conversation.Start - preQueue.Delay) { DisconnectType = "transfer" });
            participants.Add(ivr);
        }
    }

    private RecordParticipant? AddQueue(List<RecordParticipant> participants)
    {
        if (stream.Queue is not { } queue || conversation.OriginatingDirection == Direction.Outbound)
        {
            return null;
        }

        var acd = New(RecordParticipant.Acd, 2, Direction.Inbound, queue.Name);
        participants.Add(acd);
        return acd;
    }

    private RecordParticipant[] AddAgents(List<RecordParticipant> participants)
    {
        var sessions = conversation.Sessions;
        var agents = new RecordParticipant[sessions.Length - 1];
        var first = participants.Count;
        for (var session = 1; session < sessions.Length; session++)
        {
            var agent = sessions[session].Agent == Team.NoAgent ? null : stream.Team.Agents[sessions[session].Agent];
            agents[session - 1] = New(RecordParticipant.Agent, 4 + session, sessions[session].Direction, agent?.Name, agent?.Id);

            // An agent who did not respond was alerted before the agent who answered.
            var isEarlier = session > 1 && sessions[session].Began < sessions[1].Began;
            participants.Insert(isEarlier ? first : participants.Count, agents[session - 1]);
        }

        return agents;
    }

    private void AssignEvents(List<RecordParticipant> participants, RecordParticipant customer, RecordParticipant? acd, RecordParticipant[] agents)
    {
        foreach (var metricEvent in conversation.All)
        {
            if (Metrics.IsOnlyInAggregates(metricEvent.Metric))
            {
                continue;
            }

            var owner = metricEvent.Metric switch
            {
                Metric.NConnected or Metric.TConnected or Metric.TUserResponseTime => customer,
                Metric.TVoicemail => AddVoicemail(participants, metricEvent),
                Metric.TIvr => AddDirectMenu(participants, metricEvent),
                _ when metricEvent.Session == MetricEvents.OfQueue => acd ?? customer,
                _ => agents[metricEvent.Session - 1],
            };
            owner.Metrics.Add(new(metricEvent.Metric, metricEvent.Value, metricEvent.At));
            if (metricEvent.Session != MetricEvents.OfQueue)
            {
                AddSegment(agents[metricEvent.Session - 1], metricEvent);
            }
        }

        foreach (var participant in participants)
        {
            SortByTime(participant.Metrics);
            participant.Segments.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        }
    }

    // The sort is stable, because events of the same instant have an order: first the alert ends, then the answer is counted.
    private static void SortByTime(List<RecordMetric> metrics)
    {
        for (var index = 1; index < metrics.Count; index++)
        {
            var metric = metrics[index];
            var place = index;
            for (; place > 0 && metrics[place - 1].At > metric.At; place--)
            {
                metrics[place] = metrics[place - 1];
            }

            metrics[place] = metric;
        }
    }

    private RecordParticipant AddVoicemail(List<RecordParticipant> participants, in MetricEvent metricEvent)
    {
        var voicemail = New(RecordParticipant.Voicemail, 3, Direction.Inbound);
        voicemail.Segments.Add(new("voicemail", metricEvent.At - metricEvent.Value, metricEvent.At) { QueueId = QueueId, DisconnectType = "peer" });
        participants.Add(voicemail);
        return voicemail;
    }

    private RecordParticipant AddDirectMenu(List<RecordParticipant> participants, in MetricEvent metricEvent)
    {
        var ivr = New(RecordParticipant.Ivr, 1, Direction.Inbound, "Main menu");
        var disconnect = conversation.Sessions.Length > 1 ? "transfer" : "peer";
        ivr.Segments.Add(new("ivr", metricEvent.At - metricEvent.Value, metricEvent.At) { DisconnectType = disconnect });
        participants.Insert(1, ivr);
        return ivr;
    }

    private void AddSegment(RecordParticipant agent, in MetricEvent metricEvent)
    {
        var type = metricEvent.Metric switch
        {
            Metric.TAlert => "alert",
            Metric.TContacting => "contacting",
            Metric.TDialing => "dialing",
            Metric.TTalk => "interact",
            Metric.THeld => "hold",
            Metric.TAcw => "wrapup",
            _ => null,
        };
        if (type is null)
        {
            return;
        }

        var segment = new RecordSegment(type, metricEvent.At - metricEvent.Value, metricEvent.At)
        {
            QueueId = QueueId,
            DisconnectType = type == "interact" ? "peer" : null,
            HasSubject = stream.Profile.Media == "email" && type == "interact",
        };
        if (metricEvent.Metric == Metric.TAcw)
        {
            // In Genesys, the segment can be longer than the metric.
            var random = conversation.RandomFor(0x77736567 + (ulong)metricEvent.Session);
            var code = conversation.Sessions[metricEvent.Session].WrapUpCode;
            segment = segment with
            {
                End = metricEvent.At + (random.Chance(300) ? random.Between(500, 6_000) : 0),
                WrapUpCode = code == WrapUpCodes.None ? null : stream.WrapUps.Codes[code - 1].Id,
                HasNote = random.Chance(300),
            };
        }

        agent.Segments.Add(segment);
    }

    private void AddQueueSegments(RecordParticipant? acd)
    {
        if (acd is null)
        {
            return;
        }

        var (end, disconnect) = (ConversationRecord.Open, (string?)null);
        foreach (var metricEvent in conversation.All)
        {
            if (metricEvent.Metric == Metric.TAcd || (metricEvent.Metric == Metric.TFirstDial && stream.Profile == MediaProfile.Callback))
            {
                end = metricEvent.At;
                disconnect ??= "transfer";
            }
            else if (metricEvent.Metric == Metric.TAbandon)
            {
                disconnect = "peer";
            }
            else if (metricEvent.Metric == Metric.TFlowOut)
            {
                acd.FlowOutType = "VOICEMAIL";
            }
        }

        if (preQueue.Delay > 0)
        {
            acd.Segments.Add(new("delay", conversation.Start - preQueue.Delay, conversation.Start) { QueueId = QueueId });
        }

        acd.Segments.Add(new("interact", conversation.Start, end) { QueueId = QueueId, DisconnectType = disconnect, HasSubject = stream.Profile.Media == "email" });
    }

    private void AddCustomerSegments(RecordParticipant customer, List<RecordParticipant> participants, bool isOutbound)
    {
        var (begin, end) = (conversation.Start, conversation.Start);
        var reached = -1L;
        foreach (var participant in participants)
        {
            foreach (var segment in participant.Segments)
            {
                if (isOutbound && segment.Type == "dialing")
                {
                    begin = segment.Start;
                    reached = segment.End;
                }

                end = segment.Type is "wrapup" or "alert" ? end : Math.Max(end, segment.End);
            }
        }

        var (disconnect, hasSubject) = (end == ConversationRecord.Open ? null : "client", stream.Profile.Media == "email");
        if (reached >= 0)
        {
            customer.Segments.Add(new("dialing", begin, reached) { QueueId = QueueId, DisconnectType = end == reached ? "uncallable" : null });
            begin = reached;
        }
        else if (preQueue.Length > 0)
        {
            customer.Segments.Add(new("interact", conversation.Start - preQueue.Length, conversation.Start));
        }

        if (end > begin || customer.Segments.Count == 0)
        {
            customer.Segments.Add(new("interact", begin, end) { QueueId = QueueId, DisconnectType = disconnect, HasSubject = hasSubject });
        }
    }
}
