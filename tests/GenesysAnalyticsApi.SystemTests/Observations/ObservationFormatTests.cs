using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.SystemTests.Aggregates.Formats.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;
using Parquet;
using static GenesysAnalyticsApi.SystemTests.Observations.ObservationsTests;

namespace GenesysAnalyticsApi.SystemTests.Observations;

/// <summary>Reads the same state in every format, each with an independent reader.</summary>
public sealed class ObservationFormatTests
{
    private static readonly string[] Columns =
    [
        "queueId", "queueName", "divisionId", "divisionName", "mediaType", "waiting", "interacting", "alerting", "longestWaitMs", "longestInteractionMs",
        "onQueueUsers", "activeUsers", "memberUsers", "offQueueUsers", "usersByPresence", "usersByRoutingStatus",
    ];

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("queue,mediaType")]
    [InlineData("queue")]
    [InlineData("none")]
    public async Task Every_flat_format_has_the_cells_of_JSON(string groupBy)
    {
        using var service = Service(OddNames());
        var expected = CellsOf(await QueryAsync(service, $"/observations?groupBy={groupBy}"));
        expected.Count.ShouldBe(groupBy switch { "none" => 1, "queue" => 3, _ => 9 });

        var csv = FormatReader.Csv(await BodyAsync(service, $"groupBy={groupBy}&format=csv"));
        csv.ForEach(record => record["queueName"] = record["queueName"]?.TrimStart('\''));
        ShouldBeEqual([.. csv.Select(record => Columns.Select(name => record[name]).ToList())], expected);

        var sheet = FormatReader.Sheet(await BodyAsync(service, $"groupBy={groupBy}&format=xlsx"), 1);
        sheet[0].ShouldBe(Columns);
        ShouldBeEqual(sheet[1..], expected);

        var parquet = FormatReader.Parquet(await BodyAsync(service, $"groupBy={groupBy}&format=parquet"));
        ShouldBeEqual([.. parquet.Select(record => Columns.Select(name => record[name]).ToList())], expected);
    }

    [Fact]
    public async Task Parquet_has_the_same_typed_columns_whatever_the_state_is()
    {
        using var service = Service(new LiveGenesys());
        foreach (var query in new[] { "groupBy=queue", "groupBy=none&mediaType=video" })
        {
            await using var reader = await ParquetReader.CreateAsync(new MemoryStream(await BodyAsync(service, $"{query}&format=parquet")), cancellationToken: TestCancellation);

            reader.Schema.DataFields.Select(field => field.Name).ShouldBe(Columns);
            reader.Schema.DataFields.Select(field => (field.ClrType, field.IsNullable)).ShouldBe(Columns.Select((_, i) => (i is < 5 or > 13 ? typeof(ReadOnlyMemory<char>) : typeof(long), true)));
            reader.RowGroupCount.ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_CSV_line_has_the_users_as_text_and_an_empty_cell_for_what_is_absent()
    {
        using var service = Service(OddNames());

        var lines = Encoding.UTF8.GetString(await BodyAsync(service, "format=csv&bom=true")).Split("\r\n");

        lines[0].ShouldBe('\uFEFF' + string.Join(',', Columns));
        lines[1].ShouldBe("00000000-0000-0000-0000-000000000001,\"'=1+1\",d1,Home,,,,,,,1,7,9,3,BREAK=2,IDLE=1");
        lines[3].ShouldBe("00000000-0000-0000-0000-000000000001,\"'=1+1\",d1,Home,voice,1,2,1,180000,,,,,,,");
    }

    [Fact]
    public async Task A_workbook_contains_no_formula_and_has_a_sheet_of_metadata()
    {
        var genesys = OddNames();
        genesys.Statuses[LiveGenesys.Users] = HttpStatusCode.Conflict;
        using var service = Service(genesys);
        await QueryAsync(service, "/observations?partial=allow");
        Clock(service).Advance(TimeSpan.FromMilliseconds(4_321));
        var json = await QueryAsync(service, "/observations?queue==1*&mediaType=voice");

        var body = await BodyAsync(service, "queue==1*&mediaType=voice&format=xlsx");

        FormatReader.Sheet(body, 1)[1][1].ShouldBe("=1+1");
        using var book = new ZipArchive(new MemoryStream(body));
        using var sheet = new StreamReader(book.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        (await sheet.ReadToEndAsync(TestCancellation)).ShouldNotContain("<f>");
        var meta = json.GetProperty("meta");
        FormatReader.Sheet(body, 2).Select(row => (row[0], row[1])).ShouldBe(
        [
            ("name", "value"), ("groupBy", "queue, mediaType"), ("queueIds", LiveGenesys.Id(1)), ("mediaTypes", "voice"),
            ("asOf", meta.GetProperty("asOf").GetString()), ("ageMs", "4321"), ("complete", "0"), ("stale", "0"), ("source", "polling"), ("repaired", "0"), ("upstream", "genesys"),
            ("warning.users-missing", json.GetProperty("warnings")[0].GetProperty("message").GetString()),
        ]);
    }

    [Fact]
    public async Task A_table_shows_conversations_and_agents_and_ends_with_its_age()
    {
        var genesys = OddNames();
        using var service = Service(genesys);
        await QueryAsync(service, "/observations");
        Clock(service).Advance(TimeSpan.FromMilliseconds(4_321));

        Encoding.UTF8.GetString(await BodyAsync(service, "queue==1*&queue=客*&format=table")).ShouldBe(
            """
            QUEUE  MEDIA TYPE  WAITING  LONGEST WAIT (MS)  ALERTING  INTERACTING  ON QUEUE  OFF QUEUE  MEMBERS  BY ROUTING STATUS
            =1+1   -                 -                  -         -            -         1          3        9  IDLE=1
            =1+1   email             0                  -         0            0         -          -        -  -
            =1+1   voice             1             184321         1            2         -          -        -  -
            客服�  -                 -                  -         -            -         2          3        9  IDLE=2
            客服�  email             0                  -         0            0         -          -        -  -
            客服�  voice             2             184321         1            2         -          -        -  -
            As of 2026-11-23T09:15:00.000Z, 4.3 s ago: 6 rows, complete.

            """);
        Encoding.UTF8.GetString(await BodyAsync(service, "groupBy=none&format=table")).ShouldBe(
            """
            WAITING  LONGEST WAIT (MS)  ALERTING  INTERACTING
                  6             184321         3            6
            As of 2026-11-23T09:15:00.000Z, 4.3 s ago: 1 row, complete.

            """);
    }

    [Fact]
    public async Task A_table_says_what_is_missing_and_other_formats_without_meta_fail()
    {
        var genesys = new LiveGenesys { Queues = 1 };
        genesys.Statuses[LiveGenesys.Users] = HttpStatusCode.Conflict;
        using var service = Service(genesys);
        var message = (await QueryAsync(service, "/observations")).GetProperty("warnings")[0].GetProperty("message").GetString();

        var text = Encoding.UTF8.GetString(await BodyAsync(service, "groupBy=queue&format=table"));

        text.ShouldEndWith($"Queue 001        1             180000         1            2         -          -        -  -\nWarning: {message}\nAs of 2026-11-23T09:15:00.000Z, 0.0 s ago: 1 row, INCOMPLETE.\n");
        foreach (var format in ResponseFormat.All)
        {
            using var response = await GetAsync(service, $"format={format.Name}");
            response.StatusCode.ShouldBe(format.HasMeta ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, format.Name);
            using var allowed = await GetAsync(service, $"format={format.Name}&partial=allow");
            (allowed.StatusCode, allowed.Headers.GetValues("X-Data-Complete").Single()).ShouldBe((HttpStatusCode.OK, "false"));
        }
    }

    [Fact]
    public async Task OpenMetrics_has_gauges_of_the_state_in_seconds_and_promtool_accepts_it()
    {
        using var service = Service(OddNames());
        var body = await BodyAsync(service, "format=openmetrics&queue==1*");

        var series = FormatReader.OpenMetrics(body);

        const string Queue = "queue_id=\"00000000-0000-0000-0000-000000000001\",queue=\"=1+1\"";
        const string Division = "division_id=\"d1\",division=\"Home\"";
        const string Voice = $"{{{Queue},media_type=\"voice\",{Division}}}";
        const string Email = $"{{{Queue},media_type=\"email\",{Division}}}";
        series.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value)).ShouldBe(new (string, double)[]
        {
            ($"genesys_queue_live_waiting{Email}", 0), ($"genesys_queue_live_waiting{Voice}", 1),
            ($"genesys_queue_live_interacting{Email}", 0), ($"genesys_queue_live_interacting{Voice}", 2),
            ($"genesys_queue_live_alerting{Email}", 0), ($"genesys_queue_live_alerting{Voice}", 1),
            ($"genesys_queue_live_longest_wait_seconds{Voice}", 180),
            ($"genesys_queue_live_on_queue_users{{{Queue},{Division}}}", 1), ($"genesys_queue_live_active_users{{{Queue},{Division}}}", 7),
            ($"genesys_queue_live_member_users{{{Queue},{Division}}}", 9), ($"genesys_queue_live_off_queue_users{{{Queue},{Division}}}", 3),
            ($"genesys_queue_live_users_by_presence{{{Queue},{Division},presence=\"BREAK\"}}", 2),
            ($"genesys_queue_live_users_by_routing_status{{{Queue},{Division},routing_status=\"IDLE\"}}", 1),
            ("genesys_queue_live_data_complete", 1), ("genesys_queue_live_data_stale", 0),
            ("genesys_queue_live_data_as_of_timestamp_seconds", new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero).ToUnixTimeSeconds()),
        }.OrderBy(one => one.Item1, StringComparer.Ordinal));
        Encoding.UTF8.GetString(body).ShouldEndWith("# EOF\n");
        (await Promtool.ComplaintsAsync(body)).ShouldBe("");
    }

    [Fact]
    public async Task Every_format_has_its_headers_a_distinct_ETag_and_reproducible_bytes()
    {
        using var service = Service(new LiveGenesys { Queues = 30 });
        var client = service.CreateClient();
        var tags = new List<string>();
        foreach (var format in ResponseFormat.All)
        {
            using var byAccept = new HttpRequestMessage(HttpMethod.Get, Address("/observations"));
            byAccept.Headers.Add("Accept", $"application/xml, {format.MediaType};q=0.9, application/json;q=0.5, */*;q=0.1");
            byAccept.Headers.Add("Accept-Encoding", "br, gzip");
            using var compressed = await client.SendAsync(byAccept, TestCancellation);
            using var plain = await GetAsync(service, $"format={format.Name}");
            var body = await plain.Content.ReadAsByteArrayAsync(TestCancellation);

            compressed.Content.Headers.ContentType!.MediaType.ShouldBe(format.MediaType);
            compressed.Headers.ETag.ShouldBe(plain.Headers.ETag);
            compressed.Content.Headers.ContentEncoding.ShouldBe(format.IsCompressed ? [] : ["br"]);
            (await BodyAsync(service, $"format={format.Name}")).ShouldBe(body);
            plain.Content.Headers.ContentDisposition?.FileName?.Trim('"').ShouldBe($"observations.{format.Extension}");
            (plain.Content.Headers.ContentDisposition is null).ShouldBe(format.Extension is null);
            plain.Headers.Vary.ShouldBe(["Accept", "Accept-Encoding", "Authorization", "X-Api-Key"]);
            plain.Headers.GetValues("X-Row-Count").ShouldBe(["90"]);

            using var conditional = new HttpRequestMessage(HttpMethod.Get, Address($"/observations?format={format.Name}")) { Headers = { IfNoneMatch = { plain.Headers.ETag! } } };
            using var unchanged = await client.SendAsync(conditional, TestCancellation);
            unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
            tags.Add(plain.Headers.ETag!.Tag);
        }

        tags.Distinct().Count().ShouldBe(ResponseFormat.All.Count);
    }

    [Theory]
    [InlineData("xml", "use one of json, ndjson, csv, xlsx, table, parquet, openmetrics")]
    [InlineData("excel", "Did you mean 'xlsx'?")]
    public async Task An_unknown_format_is_an_error_with_the_accepted_ones(string format, string message)
    {
        using var service = Service(new LiveGenesys());

        using var response = await GetAsync(service, $"format={format}");

        (await JsonOf(response, HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty("format")[0].GetString()!.ShouldContain(message);
    }

    [Fact]
    public async Task The_lines_of_NDJSON_are_the_records_and_the_last_one_has_meta()
    {
        using var service = Service(OddNames());
        var records = (await QueryAsync(service, "/observations")).GetProperty("records").EnumerateArray().Select(record => record.GetRawText());

        var lines = Encoding.UTF8.GetString(await BodyAsync(service, "format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.SkipLast(1).ShouldBe(records);
        JsonSerializer.Deserialize<JsonElement>(lines[^1]).GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    /// <summary>A name that a spreadsheet would run as a formula, one with wide and control characters, and a plain one.</summary>
    private static LiveGenesys OddNames() => new() { Name = queue => queue switch { 1 => "=1+1", 2 => "客服\u0007", _ => $"Queue {queue:d3}" } };

    private static async Task<byte[]> BodyAsync(RunningService service, string query)
    {
        using var response = await GetAsync(service, query);
        var body = await response.Content.ReadAsByteArrayAsync(TestCancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, Encoding.UTF8.GetString(body));
        return body;
    }

    private static Task<HttpResponseMessage> GetAsync(RunningService service, string query) => service.CreateClient().GetAsync(Address($"/observations?{query}"), TestCancellation);

    /// <summary>The cells that a flat format must have for the records of JSON.</summary>
    private static List<List<string?>> CellsOf(JsonElement body) => [.. body.GetProperty("records").EnumerateArray().Select(record => Columns
        .Select(name => !record.TryGetProperty(name, out var value) ? null
            : value.ValueKind == JsonValueKind.Object ? string.Join(';', value.EnumerateObject().Select(users => string.Create(CultureInfo.InvariantCulture, $"{users.Name}={users.Value.GetInt64()}")))
            : value.ToString())
        .ToList())];

    /// <summary>Compares cells. Flat formats replace control characters.</summary>
    private static void ShouldBeEqual(List<List<string?>> cells, List<List<string?>> expected)
    {
        cells.Count.ShouldBe(expected.Count);
        foreach (var (row, other) in cells.Zip(expected))
        {
            row.Select(cell => cell?.Replace('\u0007', '\uFFFD')).ShouldBe(other.Select(cell => cell?.Replace('\u0007', '\uFFFD')));
        }
    }
}
