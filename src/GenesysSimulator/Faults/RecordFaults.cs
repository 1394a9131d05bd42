using System.Text.Json.Nodes;
using GenesysSimulator.Jobs;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>Faults that corrupt the first detail record of a reply, or that remove all its detail records.</summary>
internal static class RecordFaults
{
    private static readonly string[] Names =
    [
        FaultNames.UnknownMediaType, FaultNames.UnknownMetric, FaultNames.UnknownPurpose, FaultNames.RecordWithoutParticipants,
        FaultNames.RecordWithoutId, FaultNames.MetricWithoutDate, FaultNames.SegmentWithoutQueue, FaultNames.EmptyJobPage,
    ];

    /// <summary>Returns null if this class does not implement the fault, or if the reply has no list of detail records.</summary>
    public static Reply? Apply(SimulatorFault fault, Reply reply)
    {
        if (!Names.Contains(fault.Name) || JsonNode.Parse(reply.Body.Span) is not JsonObject root || root["conversations"] is not JsonArray conversations)
        {
            return null;
        }

        if (fault.Name == FaultNames.EmptyJobPage)
        {
            root["conversations"] = new JsonArray();
            root["cursor"] = JobCursor.Fresh();
        }
        else if (conversations.Count > 0)
        {
            Corrupt(conversations[0]!.AsObject(), fault);
        }

        return reply with { Body = System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()) };
    }

    private static void Corrupt(JsonObject record, SimulatorFault fault)
    {
        switch (fault.Name)
        {
            case FaultNames.RecordWithoutId:
                record.Remove("conversationId");
                return;
            case FaultNames.RecordWithoutParticipants:
                record.Remove("participants");
                return;
            case FaultNames.UnknownPurpose:
                record["participants"]![0]!["purpose"] = fault.Value ?? "hologram";
                return;
            case FaultNames.UnknownMediaType:
                Change(record, session => session["mediaType"] = fault.Value ?? "hologram");
                return;
            case FaultNames.UnknownMetric:
                Change(record, session => Metrics(session)?.Add(JsonNode.Parse(
                    $$"""{"name":"{{fault.Value ?? "tQuantumWait"}}","value":7,"emitDate":"2026-01-01T00:00:00.000Z"}""")));
                return;
            case FaultNames.MetricWithoutDate:
                Change(record, session => Metrics(session)?[0]!.AsObject().Remove("emitDate"));
                return;
            case FaultNames.SegmentWithoutQueue:
                Change(record, session => RemoveQueueAndEnd(session["segments"]!.AsArray()));
                return;
        }
    }

    private static JsonArray? Metrics(JsonObject session) => session["metrics"]?.AsArray();

    private static void RemoveQueueAndEnd(JsonArray segments)
    {
        var last = segments[^1]!.AsObject();
        last.Remove("queueId");
        last.Remove("segmentEnd");
    }

    private static void Change(JsonObject record, Action<JsonObject> change)
    {
        foreach (var session in record["participants"]!.AsArray().SelectMany(participant => participant!["sessions"]!.AsArray()))
        {
            change(session!.AsObject());
        }
    }
}
