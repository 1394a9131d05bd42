using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Parquet;

namespace GenesysAnalyticsApi.SystemTests.Conversations;

/// <summary>GET /conversations: the conversations that the figures of GET /aggregates count.</summary>
public sealed class ConversationsTests
{
    private const string Friday = "from=2026-11-20T08:00:00Z&to=2026-11-20T12:00:00Z";

    [Theory]
    [InlineData("asc", 37)]
    [InlineData("desc", 100)]
    [InlineData("asc", 1)]
    public async Task Pages_together_contain_each_record_once(string order, int limit)
    {
        await using var given = await SimulatedService.StartAsync();
        var query = $"/conversations?from=2026-11-20T08:00:00Z&to=2026-11-20T{(limit == 1 ? "08:06" : "09:00")}:00Z&order={order}";
        var all = await LinesAsync(given, $"{query}&format=ndjson");

        var paged = new List<string>();
        string? cursor = null;
        do
        {
            var page = await given.QueryAsync($"{query}&limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            page.GetProperty("records").GetArrayLength().ShouldBeLessThanOrEqualTo(limit);
            paged.AddRange(page.GetProperty("records").EnumerateArray().Select(record => record.GetRawText()));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        all.Count.ShouldBeGreaterThan(4);
        paged.ShouldBe(all);
        var starts = all.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("conversationStart").GetString()).ToList();
        starts.ShouldBe(order == "asc" ? starts.Order(StringComparer.Ordinal) : starts.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_cursor_keeps_the_interval_of_its_first_page()
    {
        await using var given = await SimulatedService.StartAsync();
        var first = await given.QueryAsync("/conversations?last=PT2H&limit=5");
        given.FakeClock.Advance(TimeSpan.FromMinutes(40));

        var second = await given.QueryAsync($"/conversations?last=PT2H&limit=5&cursor={first.GetProperty("nextCursor").GetString()}");

        second.GetProperty("query").GetProperty("interval").GetString().ShouldBe(first.GetProperty("query").GetProperty("interval").GetString());
    }

    [Theory]
    [InlineData("outcome=abandoned", "outcome", "abandoned")]
    [InlineData("outcome=answered,flowOut&mediaType=voice", "mediaType", "voice")]
    [InlineData("direction=outbound", "direction", "outbound")]
    [InlineData("disconnectType=TRANSFER", "disconnectType", "transfer")]
    public async Task A_filter_selects_the_records_that_have_its_value(string filter, string field, string value)
    {
        await using var given = await SimulatedService.StartAsync();
        var all = await LinesAsync(given, $"/conversations?{Friday}&format=ndjson");

        var filtered = await LinesAsync(given, $"/conversations?{Friday}&format=ndjson&{filter}");

        filtered.Count.ShouldBeInRange(1, all.Count - 1);
        filtered.ShouldAllBe(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty(field).GetString() == value);
        filtered.ShouldBeSubsetOf(all);
        if (!filter.Contains('&'))
        {
            filtered.ShouldBe(all.Where(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty(field).GetString() == value));
        }
    }

    /// <summary>A misspelled value must not look like a value without conversations.</summary>
    [Theory]
    [InlineData("wrapUpCode=Resolved", "There are no conversations for wrapUpCode Resolved in the interval and within the other filters. wrapUpCode takes ids, not names: see GET /wrapup-codes.")]
    [InlineData("wrapUpCode={known},nocode", "There are no conversations for wrapUpCode nocode in the interval and within the other filters. wrapUpCode takes ids, not names: see GET /wrapup-codes.")]
    [InlineData("userId=00000000-0000-4000-8000-000000000009", "There are no conversations for userId 00000000-0000-4000-8000-000000000009 in the interval and within the other filters.")]
    [InlineData("wrapUpCode={known}", null)]
    [InlineData("outcome=abandoned", null)]
    public async Task A_filter_value_without_conversations_is_named(string filter, string? warning)
    {
        await using var given = await SimulatedService.StartAsync(settings: new() { ["Auth:AnonymousScopes"] = "read,details,agents" });
        var records = (await given.QueryAsync($"/conversations?{Friday}&limit=500")).GetProperty("records").EnumerateArray();
        var query = $"/conversations?{Friday}&{filter.Replace("{known}", records.SelectMany(record => record.GetProperty("wrapUpCodes").EnumerateArray()).First().GetString(), StringComparison.Ordinal)}";

        var page = await given.QueryAsync($"{query}&limit=1000");
        var lines = await given.Client.GetStringAsync(new Uri($"{query}&format=ndjson", UriKind.Relative), TestContext.Current.CancellationToken);

        WarningsOf(page).ShouldBe(warning is null ? [] : [$"no-figures: {warning}"]);
        WarningsOf(JsonSerializer.Deserialize<JsonElement>(lines.TrimEnd('\n').Split('\n')[^1])).ShouldBe(WarningsOf(page));
    }

    /// <summary>The conversations of a value can be on another page, or beyond the limit.</summary>
    [Fact]
    public async Task A_part_of_the_records_gives_no_warning_about_filter_values()
    {
        await using var given = await SimulatedService.StartAsync();
        var codes = (await given.QueryAsync($"/conversations?{Friday}&limit=500")).GetProperty("records").EnumerateArray()
            .SelectMany(record => record.GetProperty("wrapUpCodes").EnumerateArray()).Select(code => code.GetString()).Distinct().ToList();
        codes.Count.ShouldBeGreaterThan(1);
        var query = $"/conversations?{Friday}&wrapUpCode={string.Join(',', codes)}&limit=1";

        var first = await given.QueryAsync(query);
        var second = await given.QueryAsync($"{query}&cursor={first.GetProperty("nextCursor").GetString()}");
        var lines = await given.Client.GetStringAsync(new Uri($"{query}&format=ndjson", UriKind.Relative), TestContext.Current.CancellationToken);

        WarningsOf(first).ShouldBeEmpty();
        WarningsOf(second).ShouldBeEmpty();
        WarningsOf(JsonSerializer.Deserialize<JsonElement>(lines.TrimEnd('\n').Split('\n')[^1])).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("minHandleTimeMs=600000", "handleTimeMs", 600_000)]
    [InlineData("minWaitTimeMs=30000", "waitTimeMs", 30_000)]
    public async Task A_minimum_excludes_shorter_records_and_those_without_the_figure(string filter, string field, long least)
    {
        await using var given = await SimulatedService.StartAsync();
        var all = await LinesAsync(given, $"/conversations?{Friday}&format=ndjson");

        var filtered = await LinesAsync(given, $"/conversations?{Friday}&format=ndjson&{filter}");

        filtered.ShouldBe(all.Where(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty(field) is { ValueKind: JsonValueKind.Number } figure && figure.GetInt64() >= least));
        filtered.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task All_formats_have_the_same_records()
    {
        await using var given = await SimulatedService.StartAsync();
        var lines = (await LinesAsync(given, $"/conversations?{Friday}&format=ndjson")).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();

        var csv = (await given.Client.GetStringAsync(Address($"/conversations?{Friday}&format=csv"), TestContext.Current.CancellationToken)).TrimEnd().Split("\r\n");
        csv[0].ShouldBe(string.Join(',', lines[0].EnumerateObject().Select(field => field.Name)));
        csv.Skip(1).Select(line => line.Split(',')[0]).ShouldBe(lines.Select(line => line.GetProperty("conversationId").GetString()!));

        var parquet = await given.Client.GetByteArrayAsync(Address($"/conversations?{Friday}&format=parquet"), TestContext.Current.CancellationToken);
        await using var reader = await ParquetReader.CreateAsync(new MemoryStream(parquet), cancellationToken: TestContext.Current.CancellationToken);
        using var group = reader.OpenRowGroupReader(0);
        reader.Schema.DataFields.Select(field => field.Name).ShouldBe(lines[0].EnumerateObject().Select(field => field.Name));
        group.RowCount.ShouldBe(lines.Count);
    }

    [Theory]
    [InlineData("outcome=lost", "outcome")]
    [InlineData("order=random", "order")]
    [InlineData("match=ended", "match")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=0&format=csv", "limit")]
    [InlineData("minWaitTimeMs=-1", "minWaitTimeMs")]
    [InlineData("disconnectType=hangup", "disconnectType")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("format=xlsx", "format")]
    [InlineData("bom=true", "bom")]
    [InlineData("queueId=1", "queueId")]
    [InlineData("granularity=PT1H", "granularity")]
    public async Task An_invalid_parameter_is_named(string invalid, string parameter)
    {
        await using var given = await SimulatedService.StartAsync();

        using var response = await given.Client.GetAsync(Address($"/conversations?{invalid}"), TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(400);
        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("errors").TryGetProperty(parameter, out _).ShouldBeTrue();
    }

    /// <summary>Without a warning, the response would look as if there were no conversations.</summary>
    [Theory]
    [InlineData("divisionId=00000000-0000-0000-0000-0000000000d1", "no-queue")]
    [InlineData("divisionId=00000000-0000-0000-0000-0000000000d1&queueId=00000000-0000-0000-0000-000000000009", "no-queue", "unknown-queue")]
    [InlineData("queueId=00000000-0000-0000-0000-000000000009", "unknown-queue")]
    public async Task A_filter_that_matches_no_queue_has_the_same_warning_as_in_GET_aggregates(string filter, params string[] expected)
    {
        await using var given = await SimulatedService.StartAsync();

        var page = await given.QueryAsync($"/conversations?{Friday}&{filter}");
        var stream = await given.Client.GetStringAsync(Address($"/conversations?{Friday}&{filter}&format=ndjson"), TestContext.Current.CancellationToken);
        var aggregates = await given.QueryAsync($"/aggregates?{Friday}&{filter}");

        page.GetProperty("records").GetArrayLength().ShouldBe(0);
        var warnings = WarningsOf(page);
        warnings.Select(warning => warning.Split(':')[0]).ShouldBe(expected);
        WarningsOf(JsonSerializer.Deserialize<JsonElement>(stream)).ShouldBe(warnings);
        WarningsOf(aggregates).Select(warning => warning.Split(':')[0]).ShouldBe(expected, ignoreOrder: true);
    }

    [Fact]
    public async Task Many_unknown_queues_are_counted()
    {
        await using var given = await SimulatedService.StartAsync();

        var page = await given.QueryAsync($"/conversations?{Friday}&queueId={string.Join(',', Enumerable.Range(0, 12).Select(_ => Guid.NewGuid()))}");

        WarningsOf(page).ShouldHaveSingleItem().ShouldEndWith(" and 2 more. Check the ids; a deleted queue still has conversations.");
    }

    [Fact]
    public async Task A_cursor_of_another_query_is_rejected()
    {
        await using var given = await SimulatedService.StartAsync();
        var page = await given.QueryAsync($"/conversations?{Friday}&limit=5");

        using var response = await given.Client.GetAsync(Address($"/conversations?{Friday}&order=desc&cursor={page.GetProperty("nextCursor").GetString()}"), TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(400);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("belongs to a query with other parameters");
    }

    private static Uri Address(string pathAndQuery) => new(pathAndQuery, UriKind.Relative);

    /// <summary>The records of a stream, without the last line, which contains the metadata.</summary>
    private static List<string> WarningsOf(JsonElement body) =>
        [.. body.GetProperty("meta").GetProperty("warnings").EnumerateArray().Select(warning => $"{warning.GetProperty("code").GetString()}: {warning.GetProperty("message").GetString()}")];

    private static async Task<List<string>> LinesAsync(SimulatedService given, string query)
    {
        var text = await given.Client.GetStringAsync(Address(query), TestContext.Current.CancellationToken);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonSerializer.Deserialize<JsonElement>(lines[^1]).GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
        return [.. lines[..^1]];
    }
}
