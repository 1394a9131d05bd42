using System.Text.Json.Nodes;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>Faults that spoil a good answer.</summary>
internal static class BodyFaults
{
    public static Answer Spoil(SimulatorFault fault, Answer answer)
    {
        if (answer.Status != 200)
        {
            return answer;
        }

        return fault.Name switch
        {
            FaultNames.CutBody => answer with { Ending = Ending.ShortOfItsLength },
            FaultNames.CutChunks => answer with { Ending = Ending.CutWhileChunked },
            FaultNames.HtmlAnswer => Answer.Html(200, "<html><body>Scheduled maintenance</body></html>"),
            FaultNames.TruncatedJson => answer with { Body = answer.Body[..(answer.Body.Length / 2)] },
            FaultNames.MissingResults => Answer.OfJson("{}"),
            FaultNames.UnknownMetric => ChangeRows(answer, row => Metrics(row).Add(JsonNode.Parse(
                $$$"""{"metric":"{{{fault.Value ?? "tQuantumWait"}}}","stats":{"max":7,"min":7,"count":1,"sum":7,"p50":7}}"""))),
            FaultNames.MissingMin => ChangeRows(answer, RemoveMin),
            FaultNames.ForeignBucket => ChangeRows(answer, row => row["interval"] = Interval(fault.Value), firstOnly: true),
            FaultNames.UnknownMediaType => ChangeFirstGroup(answer, group => group["mediaType"] = fault.Value ?? "hologram"),
            FaultNames.GroupWithoutQueue => ChangeFirstGroup(answer, group => group.Remove("queueId")),
            FaultNames.EmptyPage => ChangeRoot(answer, root => root["entities"] = new JsonArray()),
            FaultNames.WrongPageCount => ChangeRoot(answer, root => root["pageCount"] = fault.Number(1_000_000)),
            FaultNames.ForeignNextUri => ChangeRoot(answer, root => root["nextUri"] = fault.Value ?? "http://elsewhere.invalid/api/v2/routing/queues?pageNumber=2"),
            FaultNames.RepeatedCursor => ChangeRoot(answer, root => root["cursor"] = "again"),
            _ => answer,
        };
    }

    private static string Interval(string? wanted) => wanted ?? "2001-01-01T00:00:00.000Z/2001-01-01T00:07:00.000Z";

    private static void RemoveMin(JsonObject row)
    {
        foreach (var metric in Metrics(row))
        {
            metric!["stats"]!.AsObject().Remove("min");
        }
    }

    private static JsonArray Metrics(JsonObject row) => row["metrics"]!.AsArray();

    private static Answer ChangeRows(Answer answer, Action<JsonObject> change, bool firstOnly = false) => ChangeRoot(answer, root =>
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

    private static Answer ChangeFirstGroup(Answer answer, Action<JsonObject> change) => ChangeRoot(answer, root =>
    {
        if (root["results"] is JsonArray { Count: > 0 } results)
        {
            change(results[0]!["group"]!.AsObject());
        }
    });

    private static Answer ChangeRoot(Answer answer, Action<JsonObject> change)
    {
        var root = JsonNode.Parse(answer.Body.Span)!.AsObject();
        change(root);
        return answer with { Body = System.Text.Encoding.UTF8.GetBytes(root.ToJsonString()) };
    }
}
