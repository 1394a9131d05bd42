using System.Text.Json.Nodes;
using GenesysSimulator.Jobs;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>Faults that corrupt a successful reply.</summary>
internal static class BodyFaults
{
    public static Reply Apply(SimulatorFault fault, Reply reply)
    {
        if (fault.Name == FaultNames.JobWithoutId && reply.Status == 202)
        {
            return Reply.OfJson("{}", 202);
        }

        if (reply.Status != 200)
        {
            return reply;
        }

        if (RecordFaults.Apply(fault, reply) is { } changed)
        {
            return changed;
        }

        if (RealTimeFaults.Apply(fault, reply) is { } corrupted)
        {
            return corrupted;
        }

        return fault.Name switch
        {
            FaultNames.CutBody => reply with { Ending = Ending.ShortOfItsLength },
            FaultNames.CutChunks => reply with { Ending = Ending.CutWhileChunked },
            FaultNames.HtmlAnswer => Reply.Html(200, "<html><body>Scheduled maintenance</body></html>"),
            FaultNames.TruncatedJson => reply with { Body = reply.Body[..(reply.Body.Length / 2)] },
            FaultNames.MissingResults => Reply.OfJson("{}"),
            FaultNames.UnknownMetric => ChangeRows(reply, row => Metrics(row).Add(JsonNode.Parse(
                $$$"""{"metric":"{{{fault.Value ?? "tQuantumWait"}}}","stats":{"max":7,"min":7,"count":1,"sum":7,"p50":7}}"""))),
            FaultNames.MissingMin => ChangeRows(reply, RemoveMin),
            FaultNames.MissingViews => ChangeRows(reply, row => row.Remove("views")),
            FaultNames.ForeignBucket => ChangeRows(reply, row => row["interval"] = Interval(fault.Value), firstOnly: true),
            FaultNames.UnknownMediaType => ChangeFirstGroup(reply, group => group["mediaType"] = fault.Value ?? "hologram"),
            FaultNames.GroupWithoutQueue => ChangeFirstGroup(reply, group => group.Remove("queueId")),
            FaultNames.EmptyPage when !IsOfDetails(reply) => ChangeRoot(reply, root => root["entities"] = new JsonArray()),
            FaultNames.WrongPageCount => ChangeRoot(reply, root => root["pageCount"] = fault.Number(1_000_000)),
            FaultNames.ForeignNextUri => ChangeRoot(reply, root => root["nextUri"] = fault.Value ?? "http://elsewhere.invalid/api/v2/routing/queues?pageNumber=2"),
            FaultNames.JobState => ChangeRoot(reply, root => root["state"] = fault.Value),
            FaultNames.EmptyJobPage => Reply.OfJson($$"""{"results":[],"cursor":"{{JobCursor.Fresh()}}"}"""),
            FaultNames.EndlessPages => ChangeRoot(reply, root => root["cursor"] = JobCursor.Fresh()),
            FaultNames.RepeatedCursor => ChangeRoot(reply, root => root["cursor"] = "again"),
            _ => reply,
        };
    }

    // For a details query, the details endpoint itself applies the empty-page fault.
    private static bool IsOfDetails(Reply reply) => JsonNode.Parse(reply.Body.Span)!["totalHits"] is not null;

    private static string Interval(string? wanted) => wanted ?? "2001-01-01T00:00:00.000Z/2001-01-01T00:07:00.000Z";

    private static void RemoveMin(JsonObject row)
    {
        foreach (var metric in Metrics(row))
        {
            metric!["stats"]!.AsObject().Remove("min");
        }
    }

    private static JsonArray Metrics(JsonObject row) => row["metrics"]!.AsArray();

    private static Reply ChangeRows(Reply reply, Action<JsonObject> change, bool firstOnly = false) => ChangeRoot(reply, root =>
    {
        foreach (var group in root["results"]?.AsArray() ?? [])
        {
            foreach (var row in group!["data"]!.AsArray())
            {
                change(row!.AsObject());
                if (firstOnly)
                {
                    return;
                }
            }
        }
    });

    private static Reply ChangeFirstGroup(Reply reply, Action<JsonObject> change) => ChangeRoot(reply, root =>
    {
        if (root["results"] is JsonArray { Count: > 0 } results)
        {
            change(results[0]!["group"]!.AsObject());
        }
    });

    private static Reply ChangeRoot(Reply reply, Action<JsonObject> change)
    {
        var root = JsonNode.Parse(reply.Body.Span)!.AsObject();
        change(root);
        return reply with { Body = System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()) };
    }
}
