using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.SystemTests.Aggregates.Formats.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Formats;

/// <summary>Reads one response in every format, each with an independent reader, and compares the figures.</summary>
public sealed class FormatTests(FormatTests.SimulatedService service) : IClassFixture<FormatTests.SimulatedService>
{
    private const string Query = "from=2026-11-16&to=2026-11-18&granularity=P1D&metric=tAlert,oServiceLevel,nOffered,oServiceTarget";

    private readonly HttpClient _client = service.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_format_has_the_same_figures()
    {
        var expected = FormatReader.Json(await BodyAsync("json"));
        expected.Count.ShouldBeGreaterThan(20);
        var columns = expected.SelectMany(record => record.Keys).Distinct().ToList();

        ShouldBeEqual(FormatReader.Ndjson(await BodyAsync("ndjson")), expected);
        var csv = FormatReader.Csv(await BodyAsync("csv"));
        csv.ForEach(record => record["queueName"] = record["queueName"]?.TrimStart('\''));
        columns.Except(csv[0].Keys).ShouldBeEmpty();
        ShouldBeEqual(csv, expected);
        ShouldBeEqual(FormatReader.Parquet(await BodyAsync("parquet")), expected);
    }

    [Fact]
    public async Task A_workbook_has_typed_cells_a_frozen_header_and_its_metadata()
    {
        var expected = FormatReader.Json(await BodyAsync("json"));
        var body = await BodyAsync("xlsx");

        var (records, meta) = (FormatReader.Sheet(body, 1), FormatReader.Sheet(body, 2));
        var names = records[0];
        records.Count.ShouldBe(expected.Count + 1);
        foreach (var (cells, record) in records.Skip(1).Zip(expected))
        {
            foreach (var (name, cell) in names.Zip(cells))
            {
                var value = record.GetValueOrDefault(name!);
                var shown = name is "from" or "to" or "localFrom" ? DateTime.FromOADate(double.Parse(cell!, CultureInfo.InvariantCulture)).ToString("s") + (name == "localFrom" ? "" : "Z")
                    : value is "true" or "false" ? cell == "1" ? "true" : "false"
                    : cell is not null && double.TryParse(cell, CultureInfo.InvariantCulture, out var number) ? number.ToString("R", CultureInfo.InvariantCulture)
                    : cell;
                shown.ShouldBe(value, name);
            }
        }

        meta.ToDictionary(row => row[0]!, row => row[1]).ShouldContainKeyAndValue("source", "simulator");
        meta.ShouldContain(row => row[0] == "asOf" && row[1]!.StartsWith("2026-11-23T09:15:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenMetrics_has_the_last_closed_bucket_in_seconds_and_promtool_accepts_it()
    {
        var body = await BodyAsync("openmetrics");
        var expected = JsonNode.Parse(await BodyAsync("json"))!["records"]!.AsArray().Where(record => (string)record!["from"]! == "2026-11-17T00:00:00Z").ToList();

        var series = FormatReader.OpenMetrics(body);
        foreach (var record in expected)
        {
            var labels = Labels(record!);
            series[$"genesys_queue_offered{labels}"].ShouldBe((double)record!["offered"]!);
            series[$"genesys_queue_total_handle_time_seconds{labels}"].ShouldBe((double)record["totalHandleTimeMs"]! / 1000);
            series.ContainsKey($"genesys_queue_service_level{labels}").ShouldBe(record["serviceLevel"] is not null, "null has no series");
        }

        series.Keys.Count(name => name.StartsWith("genesys_queue_offered{", StringComparison.Ordinal)).ShouldBe(expected.Count);
        series["genesys_queue_bucket_start_timestamp_seconds"].ShouldBe(new DateTimeOffset(2026, 11, 17, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds());
        Encoding.UTF8.GetString(body).ShouldEndWith("# EOF\n");
        (await Promtool.ComplaintsAsync(body)).ShouldBe("");
    }

    /// <summary>Scrapers see neither headers nor meta. Without the gauge, nothing would show that one of the queues does not exist.</summary>
    [Fact]
    public async Task OpenMetrics_counts_the_warnings_by_code()
    {
        var known = (string)JsonNode.Parse(await BodyAsync("json"))!["records"]![0]!["queueId"]!;
        var unknown = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid());
        const string Period = "from=2026-11-16&to=2026-11-18&granularity=P1D";

        var series = FormatReader.OpenMetrics(await BodyAsync("openmetrics", $"{Period}&queueId={known},{string.Join(',', unknown)}"));
        var without = FormatReader.OpenMetrics(await BodyAsync("openmetrics", $"{Period}&queueId={known}"));

        series["genesys_queue_data_warnings{code=\"unknown-queue\"}"].ShouldBe(3);
        without.Keys.ShouldAllBe(name => !name.Contains("data_warnings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bucket_that_is_still_open_is_not_in_OpenMetrics()
    {
        var series = FormatReader.OpenMetrics(await BodyAsync("openmetrics", "period=today&granularity=PT1H"));

        series["genesys_queue_bucket_end_timestamp_seconds"].ShouldBe(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Every_format_has_headers_for_meta_an_ETag_and_identical_bytes_when_repeated(string format)
    {
        using var first = await _client.GetAsync(Uri(format), Cancellation);
        using var second = await _client.GetAsync(Uri(format), Cancellation);
        using var third = await _client.GetAsync(Uri(format), Cancellation);
        using var conditional = new HttpRequestMessage(HttpMethod.Get, Uri(format)) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var unchanged = await _client.SendAsync(conditional, Cancellation);

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Content.Headers.ContentType!.MediaType.ShouldBe(ResponseFormat.Find(format)!.MediaType);
        var body = await first.Content.ReadAsByteArrayAsync(Cancellation);
        (await second.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(body);
        (await third.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBe(body);
        (second.Headers.ETag, third.Headers.ETag, unchanged.StatusCode).ShouldBe((first.Headers.ETag, first.Headers.ETag, HttpStatusCode.NotModified));
        if (format != "json")
        {
            string[] facts = ["X-Data-As-Of", "X-Data-Complete", "X-Data-Final", "X-Data-Stale", "X-Row-Count"];
            var meta = JsonNode.Parse(await BodyAsync("json"))!["meta"]!;
            facts.Select(name => first.Headers.GetValues(name).Single()).ShouldBe(
                [(string)meta["asOf"]!, $"{meta["complete"]}", $"{meta["final"]}", $"{meta["stale"]}", $"{meta["rows"]!["returned"]}"]);
        }
    }

    [Fact]
    public async Task A_workbook_does_not_contain_the_time_at_which_it_was_written()
    {
        using var book = new ZipArchive(new MemoryStream(await _client.GetByteArrayAsync(Uri("xlsx"), Cancellation)));

        book.Entries.ShouldAllBe(part => !part.FullName.StartsWith("docProps/", StringComparison.Ordinal));
        book.Entries.Select(part => part.LastWriteTime.DateTime).Distinct().ShouldHaveSingleItem().ShouldBe(new DateTime(1980, 1, 1));
    }

    [Fact]
    public async Task Formats_have_different_ETags()
    {
        var tags = new List<string>();
        foreach (var format in ResponseFormat.Names)
        {
            using var response = await _client.GetAsync(Uri(format), Cancellation);
            tags.Add(response.Headers.ETag!.Tag);
        }

        tags.Distinct().Count().ShouldBe(tags.Count);
    }

    [Fact]
    public async Task The_Accept_header_selects_a_format_and_the_response_cache_keeps_them_apart()
    {
        foreach (var format in ResponseFormat.All.Concat(ResponseFormat.All).Concat(ResponseFormat.All))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/aggregates?{Query}");
            request.Headers.Add("Accept", $"{format.MediaType}, application/json;q=0.5, */*;q=0.1");

            using var response = await _client.SendAsync(request, Cancellation);

            response.Content.Headers.ContentType!.MediaType.ShouldBe(format.MediaType);
        }
    }

    [Fact]
    public async Task A_byte_order_mark_is_added_to_CSV_on_request()
    {
        var plain = await BodyAsync("csv");

        (await BodyAsync("csv", $"{Query}&bom=true")).ShouldBe([0xEF, 0xBB, 0xBF, .. plain]);
    }

    [Fact]
    public async Task Names_that_a_spreadsheet_would_run_as_formulas_start_with_an_apostrophe()
    {
        var names = FormatReader.Csv(await BodyAsync("csv")).Select(record => record["queueName"]).OfType<string>().Distinct().ToList();

        names.ShouldContain("'=VIP");
        names.ShouldNotContain(name => name.Length > 0 && "=+-@\t\r".Contains(name[0], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("format=xml", "format", "use one of json, ndjson, csv, xlsx, table, parquet, openmetrics")]
    [InlineData("format=excel", "format", "Did you mean 'xlsx'?")]
    [InlineData("format=json&bom=true", "bom", "'bom' needs 'format=csv'; the format is json.")]
    [InlineData("format=csv&explain=true", "explain", "'explain' cannot be combined with 'format' csv")]
    public async Task An_invalid_format_or_combination_is_400_and_names_the_parameters(string parameters, string name, string message)
    {
        using var response = await _client.GetAsync(new Uri($"/aggregates?{Query}&{parameters}", UriKind.Relative), Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["errors"]![name]![0]!.ToString().ShouldContain(message);
    }

    public static TheoryData<string> Formats() => [.. ResponseFormat.Names];

    private static Uri Uri(string format, string query = Query) => new($"/aggregates?{query}&format={format}", UriKind.Relative);

    private Task<byte[]> BodyAsync(string format, string query = Query) => _client.GetByteArrayAsync(Uri(format, query), Cancellation);

    private static string Labels(JsonNode record)
    {
        var name = (string?)record["queueName"];
        var label = name is null ? "" : $",queue=\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        return $"{{queue_id=\"{record["queueId"]}\"{label},media_type=\"{record["mediaType"]}\"}}";
    }

    /// <summary>A flat format has an empty cell where JSON has no field.</summary>
    private static void ShouldBeEqual(List<Dictionary<string, string?>> records, List<Dictionary<string, string?>> expected)
    {
        records.Count.ShouldBe(expected.Count);
        foreach (var (record, other) in records.Zip(expected))
        {
            foreach (var name in record.Keys.Union(other.Keys))
            {
                record.GetValueOrDefault(name).ShouldBe(other.GetValueOrDefault(name), $"{name} of {other["queueName"]}, {other["mediaType"]}, {other["from"]}");
            }
        }
    }

    /// <summary>One service for all tests of the class: every test only reads.</summary>
    public sealed class SimulatedService : IDisposable
    {
        private readonly RunningService _service = RunningService.Simulated();

        public SimulatedService() => Client = _service.CreateClient();

        public HttpClient Client { get; }

        public void Dispose()
        {
            Client.Dispose();
            _service.Dispose();
        }
    }
}
