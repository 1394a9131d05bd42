using System.Net;
using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>A response during a fault: the correct response, a labeled part of it, or a documented problem.</summary>
internal sealed record FaultyResponse(HttpStatusCode Status, TimeSpan? RetryAfter, JsonObject Body, TimeSpan Took)
{
    /// <summary><c>right</c>, <c>partial</c>, or the type of the problem.</summary>
    public string Outcome => Status != HttpStatusCode.OK ? Body.Text("type")!.Replace("/problems/", "", StringComparison.Ordinal)
        : IsComplete ? "right" : "partial";

    private bool IsComplete => Body.Meta()["complete"]!.GetValue<bool>();

    public void ShouldBeHonest(JsonObject truth)
    {
        if (Status != HttpStatusCode.OK)
        {
            Outcome.ShouldBeOneOf("genesys-refused", "genesys-rate-limited", "genesys-unavailable", "genesys-timeout");
            ((int)Status).ShouldBe(Outcome switch { "genesys-refused" => 502, "genesys-timeout" => 504, _ => 503 });
            Body.Text("detail").ShouldNotBeNullOrEmpty();
            RetryAfter.GetValueOrDefault().ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(2), "however long a wait Genesys requests");
            (RetryAfter > TimeSpan.Zero || Status != HttpStatusCode.ServiceUnavailable).ShouldBeTrue("a 503 must have a Retry-After");
            return;
        }

        var failed = Body.Meta()["failedSlices"]!.AsArray();
        (failed.Count == 0).ShouldBe(IsComplete);
        failed.ShouldAllBe(slice => slice!["from"] != null && slice["to"] != null && slice["reason"]!.GetValue<string>().Contains(": "));
        var expected = truth.Records().ToDictionary(Key);
        foreach (var record in Body.Records().Where(record => record["complete"]!.GetValue<bool>()))
        {
            (Figures(record) == Figures(expected[Key(record)])).ShouldBeTrue($"wrong figures: {record.ToJsonString()}");
        }

        // A record may be missing only where a slice is missing: wherever the data is complete, every expected record exists.
        var given = Body.Records().Select(Key).ToHashSet();
        expected.Values.Where(record => IsComplete || !failed.Any(slice => Touches(slice!.AsObject(), record))).ShouldAllBe(record => given.Contains(Key(record)));
        Body.Records().Where(record => failed.Any(slice => Touches(slice!.AsObject(), record))).ShouldAllBe(record => !record["complete"]!.GetValue<bool>());
    }

    private static bool Touches(JsonObject slice, JsonObject record) =>
        string.CompareOrdinal(slice.Text("from"), record.Text("to")) < 0 && string.CompareOrdinal(record.Text("from"), slice.Text("to")) < 0;

    private static (string?, string?, string?) Key(JsonObject record) => (record.Text("queueId"), record.Text("mediaType"), record.Text("from"));

    // A queue whose name is temporarily unknown has the same figures.
    private static string Figures(JsonObject record)
    {
        var figures = record.DeepClone().AsObject();
        figures.Remove("queueName");
        return figures.ToJsonString();
    }
}
