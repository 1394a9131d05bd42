using System.Text.Json;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>The JSON shape of each endpoint.</summary>
internal static class ResponseShapes
{
    public static void Check(FuzzedRequest request, JsonElement response)
    {
        var path = Uri.UnescapeDataString(request.Path).TrimEnd('/').ToUpperInvariant();
        if (path is "/AGGREGATES" or "/AGGREGATES/QUERY")
        {
            CheckAggregates(response);
        }
        else if (path == "/QUEUES")
        {
            response.GetProperty("records").EnumerateArray().All(IsQueue).ShouldBeTrue();
        }
        else if (path.StartsWith("/QUEUES/", StringComparison.Ordinal))
        {
            IsQueue(response).ShouldBeTrue();
        }
        else if (path is "/USERS" or "/WRAPUP-CODES")
        {
            response.GetProperty("records").EnumerateArray().All(IsName).ShouldBeTrue();
        }
        else if (path.StartsWith("/USERS/", StringComparison.Ordinal) || path.StartsWith("/WRAPUP-CODES/", StringComparison.Ordinal))
        {
            IsName(response).ShouldBeTrue();
        }
        else if (path == "/JOBS")
        {
            response.GetProperty("records").EnumerateArray().All(job => job.GetProperty("id").GetString() is { Length: > 0 } && job.GetProperty("progress").ValueKind == JsonValueKind.Object).ShouldBeTrue();
        }
        else if (path.StartsWith("/HEALTH/", StringComparison.Ordinal))
        {
            response.GetProperty("status").GetString().ShouldBeOneOf("live", "ready");
        }
        else
        {
            response.TryGetProperty("openapi", out _).ShouldBeTrue();
        }
    }

    private static void CheckAggregates(JsonElement response)
    {
        response.GetProperty("query").GetProperty("interval").GetString()!.Split('/').Length.ShouldBe(2);
        if (response.TryGetProperty("slices", out var slices))
        {
            response.GetProperty("calls").GetInt32().ShouldBeGreaterThanOrEqualTo(0);
            slices.EnumerateArray().All(slice => slice.GetProperty("bodies").ValueKind == JsonValueKind.Array).ShouldBeTrue();
            return;
        }

        var meta = response.GetProperty("meta");
        meta.GetProperty("complete").GetBoolean().ShouldBeTrue();
        meta.GetProperty("stale").GetBoolean().ShouldBeFalse();
        var (rows, records) = (meta.GetProperty("rows"), response.GetProperty("records"));
        rows.GetProperty("returned").GetInt32().ShouldBe(records.GetArrayLength());
        rows.GetProperty("total").GetInt32().ShouldBeGreaterThanOrEqualTo(records.GetArrayLength());
        foreach (var record in records.EnumerateArray())
        {
            CheckRecord(record);
        }
    }

    private static void CheckRecord(JsonElement record)
    {
        record.GetProperty("from").GetDateTimeOffset().ShouldBeLessThan(record.GetProperty("to").GetDateTimeOffset());
        foreach (var field in record.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Number))
        {
            var number = field.Value.GetDouble();
            (double.IsFinite(number) && number >= 0).ShouldBeTrue(field.Name);
        }
    }

    private static bool IsName(JsonElement entry) => entry.GetProperty("id").GetString() is { Length: > 0 } && entry.GetProperty("name").GetString() is not null;

    private static bool IsQueue(JsonElement queue) => queue.GetProperty("id").GetString() is { Length: > 0 } && queue.GetProperty("serviceLevels").ValueKind == JsonValueKind.Object;
}
