using CsCheck;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Queues;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Fuzzing;

/// <summary>Addresses: every endpoint with its whole parameter space, and similar but invalid paths.</summary>
internal static class GenTarget
{
    private static readonly Dictionary<string, Gen<string>> Suitable = new(StringComparer.Ordinal)
    {
        ["from"] = GenValue.Date,
        ["to"] = GenValue.Date,
        ["interval"] = GenValue.Interval,
        ["last"] = GenValue.Period,
        ["period"] = GenValue.Word,
        ["timeZone"] = GenValue.Zone,
        ["granularity"] = GenChoice.OneOf([.. Granularity.All.Select(known => known.Iso)]),
        ["queueId"] = GenValue.ListOf(GenValue.QueueId),
        ["queue"] = GenValue.Word,
        ["divisionId"] = GenValue.ListOf(GenChoice.OneOf("d0000000-0000-4000-8000-000000000001", "d0000000-0000-4000-8000-000000000002", "d0000000-0000-4000-8000-000000000009")),
        ["mediaType"] = GenValue.ListOf(GenChoice.OneOf("voice", "callback", "email", "chat", "Voice")),
        ["direction"] = GenChoice.OneOf("inbound", "outbound"),
        ["groupBy"] = GenValue.ListOf(GenChoice.OneOf("queueId", "mediaType", "divisionId", "none")),
        ["metric"] = GenValue.ListOf(GenValue.Word),
        ["maxAge"] = GenValue.Number,
        ["serviceLevelThresholdMs"] = GenChoice.OneOf("20000", "1000", "999", "604800000", "604800001"),
        ["limit"] = GenValue.Number,
        ["name"] = GenValue.Word,
        ["active"] = GenChoice.OneOf("true", "false"),
        ["explain"] = GenChoice.OneOf("true", "false"),
        ["fill"] = GenChoice.OneOf("zero", "none"),
        ["partial"] = GenChoice.OneOf("allow", "deny"),
        ["hours"] = GenValue.ListOf(GenChoice.OneOf("08:00-20:00", "22:00-06:00", "00:00-24:00", "09:15-09:20", "08:01-09:00", "8-20", "08:00-08:00")),
        ["weekdays"] = GenValue.ListOf(GenChoice.OneOf("mon", "Friday", "sat-sun", "fri-mon", "MON-FRI", "mo", "mon-", "mon-tue-wed")),
        ["totals"] = GenChoice.OneOf("true", "false"),
        ["compare"] = GenChoice.OneOf("previous", "previous-week", "previous-year"),
        ["sort"] = GenValue.ListOf(GenChoice.OneOf("offered", "-offered", "queueName", "-abandonRate", "previous.offered", "-metrics.tTalk.sum", "metrics.tTalk", "divisionName", "-", "ofered")),
    };

    private static readonly Gen<string> Unknown = Gen.Frequency(
        (3, GenChoice.OneOf("form", "FROM", "QueueId", "queueid", "queueId[]", "queueId%5B0%5D", "format", "api_key", "token", "_", "$top", "", "%00", "%0d%0aX-A:%20b", "%1b[2J", "__proto__", "from%20")),
        (1, GenValue.Absurd.Where(name => name.Length < 300)));

    private static readonly Gen<string> Aggregates = Gen.Frequency(
        (3, GenQuery.At(FuzzedService.Now).Select(query => $"?{query.ToString().Replace(' ', '+')}")),
        (1, Gen.Select(GenQuery.At(FuzzedService.Now), Query(AggregatesParameters.Names)).Select((query, more) => $"?{query}&{(more.Length > 0 ? more[1..] : "")}")),
        (4, Query(AggregatesParameters.Names)),
        (1, Query(["last", "granularity", "groupBy", "metric", "explain", "fill", "queueId"])),
        (1, ThousandTimes));

    public static readonly Gen<string> Any = Gen.Frequency(
        (10, Gen.Select(GenChoice.OneOf("/aggregates", "/aggregates", "/aggregates", "/aggregates", "/aggregates/", "/AGGREGATES", "/aggregates/query"), Aggregates).Select((path, query) => path + query)),
        (3, Query(QueuesParameters.ParameterNames).Select(query => "/queues" + query)),
        (2, Gen.Select(Gen.Frequency((1, GenValue.QueueId), (1, GenValue.Absurd)), Gen.Frequency((3, Gen.Const("")), (1, Query([])))).Select((id, query) => $"/queues/{id}{query}")),
        (2, Query(UsersParameters.ParameterNames).Select(query => "/users" + query)),
        (1, Query(WrapUpCodesParameters.ParameterNames).Select(query => "/wrapup-codes" + query)),
        (1, Gen.Select(GenChoice.OneOf("users", "wrapup-codes"), Gen.Frequency((1, GenValue.QueueId), (1, GenValue.Absurd))).Select((list, id) => $"/{list}/{id}")),
        (1, Gen.Frequency((1, GenChoice.OneOf([.. ProblemType.All.Select(type => type.Name)])), (1, GenValue.Any)).Select(name => $"/problems/{name}")),
        (1, Gen.Select(GenChoice.OneOf("/health/live", "/health/ready", "/health/", "/health", "/health/doctor"), Query([])).Select((path, query) => path + query)),
        (1, Gen.Frequency((1, GenChoice.OneOf("/swagger", "/swagger/", "/swagger/index.html", "/swagger/index.js", "/swagger/v1/swagger.json", "/swagger/swagger-ui.css")), (1, GenValue.Any.Select(name => $"/swagger/{name}")))),
        (2, Gen.Select(GenChoice.OneOf("/", "/./", "//", "/aggregates/", "/%61ggregates", "/aggregates%2f", "/queues/../", "/queues/%2e%2e/", "/aggregates;", "/metrics", "/jobs/", "/*"), GenValue.Any).Select((path, rest) => path + rest)));

    /// <summary>Name-value pairs; mostly a known name with a suitable value.</summary>
    private static Gen<string> Query(IReadOnlyList<string> known)
    {
        var pair = known.Count == 0
            ? Gen.Select(Unknown, GenValue.Any).Select((name, value) => $"{name}={value}")
            : Gen.Frequency(
                (12, GenChoice.OneOf([.. known]).SelectMany(name => Gen.Frequency((3, Suitable.GetValueOrDefault(name, GenValue.Any)), (1, GenValue.Any)).Select(value => $"{name}={value}"))),
                (1, Gen.Select(Unknown, GenValue.Any).Select((name, value) => $"{name}={value}")),
                (1, GenValue.Any));
        return Gen.Frequency((1, Gen.Const("")), (12, pair.Array[1, 5].Select(pairs => "?" + string.Join('&', pairs))));
    }

    private static Gen<string> ThousandTimes =>
        from name in GenChoice.OneOf("queueId", "queue", "mediaType", "metric", "groupBy", "divisionId", "granularity", "from", "x")
        from value in Gen.Frequency((1, GenValue.QueueId), (2, GenChoice.OneOf("", "1", ",", "*", "tTalk", "voice")))
        from times in GenChoice.OneOf(2, 45, 60, 300, 1_001, 1_500)
        from commas in Gen.Bool
        select commas ? $"?{name}={string.Join(',', Enumerable.Range(0, times).Select(at => value + at))}" : "?" + string.Join('&', Enumerable.Repeat($"{name}={value}", times));
}
