using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Conversations;

/// <summary>
/// Whatever Genesys does, a response contains every conversation once or is marked incomplete. Otherwise, it is a problem or an aborted connection.
/// </summary>
public sealed class ConversationFaultTests
{
    private const string Morning = "/conversations?from=2026-11-20T08:00:00Z&to=2026-11-20T11:00:00Z&format=ndjson";

    /// <summary>Long timeouts, because the fast clock can run ahead of a busy machine.</summary>
    private static readonly Dictionary<string, string> Patient = new() { ["Genesys:AttemptTimeout"] = "00:10:00", ["Genesys:TotalTimeout"] = "00:20:00", ["Aggregates:Timeout"] = "00:30:00" };

    /// <summary>Reads an interval with at least 1,000 conversations as bulk data, not page by page.</summary>
    private static readonly Dictionary<string, string> WithBulkData = new(Patient) { ["Conversations:AsyncFromConversations"] = "1000" };

    public static TheoryData<string, string?, int> DetailsPagingFaults => new()
    {
        { FaultNames.MovingTotalHits, null, 0 },
        { FaultNames.RepeatedRecord, null, 1 },
        { FaultNames.RepeatedRecord, null, 0 },
        { FaultNames.MovedRecord, null, 1 },
        { FaultNames.MovedRecord, null, 0 },
        { FaultNames.ShortPage, "7", 1 },
        { FaultNames.ShortPage, "7", 0 },
        { FaultNames.EmptyPage, "2", 0 },
        { FaultNames.UnknownPurpose, "hologram", 0 },
        { FaultNames.RecordWithoutParticipants, null, 0 },
        { FaultNames.RecordWithoutId, null, 0 },
        { FaultNames.MetricWithoutDate, null, 0 },
        { FaultNames.SegmentWithoutQueue, null, 0 },
        { FaultNames.UnknownMediaType, "hologram", 0 },
        { FaultNames.UnknownMetric, null, 0 },
        { FaultNames.IntervalDays, "1", 0 },
        { FaultNames.BadGatewayAfter, "2", 0 },
        { FaultNames.BadGatewayAfter, "2", 1 },
        { FaultNames.CutBody, null, 2 },
        { FaultNames.CutChunks, null, 0 },
        { FaultNames.TruncatedJson, null, 1 },
        { FaultNames.HtmlAnswer, null, 0 },
        { FaultNames.ServerError, null, 2 },
        { FaultNames.RateLimitSeconds, "2", 2 },
        { FaultNames.MissingPermission, null, 0 },
        { FaultNames.Redirect, null, 1 },
    };

    [Theory]
    [MemberData(nameof(DetailsPagingFaults))]
    public async Task A_faulty_page_never_silently_loses_or_duplicates_a_conversation(string fault, string? value, int times)
    {
        var clock = new FastClock(SimulatedService.Monday, 20);
        await using var given = await SimulatedService.StartAsync(settings: new(Patient), clock: clock);
        var whole = await ReadAsync(given, Morning);
        whole.Records!.Count.ShouldBeGreaterThan(200);
        given.Simulator.Faults.Set([new SimulatorFault(fault, value, times == 0 ? null : times, Scope: FaultScopes.Details)]);

        var faulty = await ReadAsync(given, Morning);

        Check(faulty, whole.Records, fault);
        if (times == 1 && fault is not FaultNames.Redirect || fault is FaultNames.IntervalDays or FaultNames.UnknownPurpose or FaultNames.UnknownMetric)
        {
            // A single bad page is read again, and unknown values are not a fault.
            faulty.IsComplete.ShouldBe(true);
        }
    }

    public static TheoryData<string, string?> JobFaults => new()
    {
        { FaultNames.JobFailed, "no" },
        { FaultNames.JobExpired, null },
        { FaultNames.JobSlow, "5" },
        { FaultNames.JobWithoutId, null },
        { FaultNames.JobState, "CONFUSED" },
        { FaultNames.RepeatedCursor, null },
        { FaultNames.EndlessPages, null },
        { FaultNames.EmptyJobPage, null },
        { FaultNames.Watermark, null },
        { FaultNames.Watermark, "soon" },
        { FaultNames.Watermark, "48" },
        { FaultNames.MissingPermission, null },
        { FaultNames.TruncatedJson, null },
    };

    [Theory]
    [MemberData(nameof(JobFaults))]
    public async Task A_faulty_asynchronous_query_never_silently_loses_or_duplicates_a_conversation(string fault, string? value)
    {
        var clock = new FastClock(SimulatedService.Monday, 20);
        await using var given = await SimulatedService.StartAsync(settings: new(WithBulkData), clock: clock);
        const string query = "/conversations?from=2026-11-19T00:00:00Z&to=2026-11-21T00:00:00Z&format=ndjson";
        var whole = await ReadAsync(given, query);
        given.Simulator.Calls.ShouldContain(call => call.Path.EndsWith("/details/jobs", StringComparison.Ordinal));
        given.Simulator.Faults.Set([new SimulatorFault(fault, value, Path: "/api/v2/analytics/conversations/details/jobs")]);

        var faulty = await ReadAsync(given, query);

        Check(faulty, whole.Records!, fault);
    }

    [Theory]
    [InlineData("asc")]
    [InlineData("desc")]
    public async Task Bulk_data_and_pages_give_the_same_records(string order)
    {
        var query = $"/conversations?from=2026-11-22T00:00:00Z&to=2026-11-23T09:00:00Z&format=ndjson&order={order}";
        await using var paged = await SimulatedService.StartAsync();
        await using var bulkService = await SimulatedService.StartAsync(settings: new(WithBulkData), clock: new FastClock(SimulatedService.Monday, 20));

        var expected = (await ReadAsync(paged, query)).Records!;
        var read = (await ReadAsync(bulkService, query)).Records!;

        bulkService.Simulator.Calls.ShouldContain(call => call.Path.EndsWith("/details/jobs", StringComparison.Ordinal));
        read.Select(IdOf).ShouldBe(expected.Select(IdOf));
        // The clocks of the two services differ, so recent conversations differ too.
        read.Where(HasEnded).Select(Settled).ShouldBe(expected.Where(HasEnded).Select(Settled));

        static bool HasEnded(string line) => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("conversationEnd").GetString() is { } end && string.CompareOrdinal(end, "2026-11-23T09:00") < 0;

        static string Settled(string line) => line.Replace("\"provisional\":true", "\"provisional\":false", StringComparison.Ordinal);
    }

    private static void Check(ReadResult faulty, List<string> whole, string fault)
    {
        if (faulty.Records is null)
        {
            faulty.Status.ShouldBeOneOf(0, 422, 429, 502, 503, 504);
            return;
        }

        faulty.Records.Select(IdOf).Distinct().Count().ShouldBe(faulty.Records.Select(IdOf).Count(), $"{fault}: duplicated");
        if (faulty.IsComplete)
        {
            // The record has the unknown media type, so media types are not compared.
            faulty.Records.Select(IdOf).Select(Comparable).Order(StringComparer.Ordinal).ShouldBe(whole.Select(IdOf).Select(Comparable).Order(StringComparer.Ordinal), $"{fault}: marked complete");
        }

        string Comparable(string id) => fault == FaultNames.UnknownMediaType ? id[..id.LastIndexOf(' ')] : id;
    }

    private static string IdOf(string line)
    {
        var record = JsonSerializer.Deserialize<JsonElement>(line);
        return $"{record.GetProperty("conversationId").GetString()} {record.GetProperty("queueId").GetString()} {record.GetProperty("mediaType").GetString()}";
    }

    private static async Task<ReadResult> ReadAsync(SimulatedService given, string query)
    {
        try
        {
            using var response = await given.Client.GetAsync(new Uri(query, UriKind.Relative), TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                return new((int)response.StatusCode, null, IsComplete: false);
            }

            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var isComplete = JsonSerializer.Deserialize<JsonElement>(lines[^1]).GetProperty("meta").GetProperty("complete").GetBoolean();
            return new(200, [.. lines[..^1]], isComplete);
        }
        catch (Exception aborted) when (aborted is HttpRequestException or IOException or OperationCanceledException)
        {
            return new(0, null, IsComplete: false);
        }
    }

    /// <param name="Status">0 if the connection was aborted.</param>
    /// <param name="Records">Null if there is no complete response.</param>
    private sealed record ReadResult(int Status, List<string>? Records, bool IsComplete);
}
