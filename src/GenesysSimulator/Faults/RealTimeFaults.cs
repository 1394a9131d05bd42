using System.Text.Json.Nodes;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>Faults that corrupt the reply to a real-time query. The data in such a reply consists of metrics; unlike aggregates, it has no intervals.</summary>
internal static class RealTimeFaults
{
    private static readonly string[] Names =
    [
        .. FaultNames.OfRealTime, FaultNames.UnknownMetric,
    ];

    /// <summary>Returns null if this class does not implement the fault, or if the reply contains no results of a real-time query.</summary>
    public static Reply? Apply(SimulatorFault fault, Reply reply)
    {
        if (!Names.Contains(fault.Name)
            || JsonNode.Parse(reply.Body.Span) is not JsonObject root
            || root["results"] is not JsonArray { Count: > 0 } results
            || results[0]?["data"]?[0]?["interval"] is not null)
        {
            return null;
        }

        Corrupt(results, fault);
        return reply with { Body = System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()) };
    }

    private static void Corrupt(JsonArray results, SimulatorFault fault)
    {
        var first = results[0]!.AsObject();
        var data = first["data"]!.AsArray();
        switch (fault.Name)
        {
            case FaultNames.NullEntries:
                data.Insert(0, null);
                results.Insert(0, null);
                return;
            case FaultNames.WrongTypes:
                Change(data[0]!.AsObject(), stats => stats["count"] = "seven");
                results.Insert(0, 7);
                results.Add(new JsonObject { ["group"] = "queue", ["data"] = new JsonObject() });
                return;
            case FaultNames.RepeatedGroup:
                results.Add(first.DeepClone());
                return;
            case FaultNames.ContradictoryGroup:
                var other = first.DeepClone();
                Change(other["data"]![0]!.AsObject(), stats => stats["count"] = stats["count"]!.GetValue<long>() + 1);
                results.Add(other);
                return;
            case FaultNames.OddNumbers:
                string[] odd = ["-3", "1e300", "2.5", "99999999999999999999"];
                for (var index = 0; index < Math.Min(odd.Length, results.Count); index++)
                {
                    Change(results[index]!["data"]![0]!.AsObject(), stats => stats["count"] = JsonNode.Parse(fault.Value ?? odd[index]));
                }

                return;
            case FaultNames.UnknownQualifier:
                foreach (var metric in results.SelectMany(group => group!["data"]!.AsArray()).Where(metric => metric!["qualifier"] is not null))
                {
                    metric!["qualifier"] = fault.Value ?? "HOLOGRAM";
                }

                return;
            default:
                data.Add(JsonNode.Parse($$$"""{"metric":"{{{fault.Value ?? "oQuantumWaiting"}}}","count":7,"stats":{"count":7}}"""));
                return;
        }
    }

    // In the reply to an observations query, the count is in the stats of the metric. In the reply to an activity query, the count is in the metric itself.
    private static void Change(JsonObject metric, Action<JsonObject> change) => change(metric["stats"]?.AsObject() ?? metric);
}
