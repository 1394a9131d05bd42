using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Reconciliation;

/// <summary>POST /reconciliation/exports and the command <c>reconcile</c>, with exports that are written from the figures of the simulator.</summary>
public sealed class ExportTests : IAsyncLifetime
{
    private const string Header = "Interval Start,Interval End,Media Type,Queue Id,Queue Name,Offer,Answer,Avg Handle,ASA,Service Level %,Transfer,Mood";

    private readonly IssuedKeys _keys = new();
    private SimulatedService _service = null!;
    private HttpClient _client = null!;
    private List<JsonElement> _records = [];

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _keys.Add("all", ("Scopes:0", "read")).Add("operator", ("Scopes:0", "operator")).Add("nothing", ("Queues:0", "No such queue"));
        _service = await SimulatedService.StartAsync(new SimulatorSettings { Queues = 8, RequestsPerMinute = 1_000_000 }, _keys.Settings, TimeProvider.System);
        _client = _keys.Of("all", _service.Service);
        var today = _service.Clock.GetUtcNow().Date;
        var monday = today.AddDays(-13 - (int)today.DayOfWeek);
        _records = [.. (await _service.QueryAsync(string.Create(CultureInfo.InvariantCulture, $"/aggregates?from={monday:yyyy-MM-dd}&to={monday.AddDays(2):yyyy-MM-dd}&granularity=P1D"), _client))
            .GetProperty("records").EnumerateArray().Where(record => record.GetProperty("mediaType").GetString() != "callback")];
        _records.Count.ShouldBeGreaterThan(6);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task An_export_of_the_same_figures_is_equal()
    {
        var response = await CompareAsync(Export());

        var meta = response.GetProperty("meta");
        Counts(response).ShouldBe((_records.Count * 6, _records.Count * 6, 0, 0), response.ToString());
        (meta.GetProperty("comparedRows").GetInt32(), meta.GetProperty("notComparedRows").GetInt32()).ShouldBe((_records.Count, 0));
        response.GetProperty("records").GetArrayLength().ShouldBe(0);
        var column = response.GetProperty("columns").EnumerateArray().Last();
        (column.GetProperty("header").GetString(), column.GetProperty("notCompared").GetString()).ShouldBe(("Mood", "no figure has this header"));
    }

    [Fact]
    public async Task A_value_that_differs_is_unexplained_unless_the_file_was_exported_early()
    {
        var export = Export(offered: record => record.GetProperty("offered").GetInt64() + 2);

        var response = await CompareAsync(export);
        var early = await CompareAsync(export, $"?exportedAt={Text(_records[^1], "to")}");

        Counts(response).Unexplained.ShouldBe(_records.Count);
        Counts(early).ShouldBe((_records.Count * 6, _records.Count * 5, _records.Count, 0));
        var value = response.GetProperty("records")[0];
        (Text(value, "figure"), Text(value, "header"), value.GetProperty("line").GetInt32(), value.GetProperty("column").GetInt32(), value.GetProperty("difference").GetInt32(), Text(value, "cause"))
            .ShouldBe(("offered", "Offer", 2, 6, -2, "unknown"));
    }

    [Fact]
    public async Task Queues_are_found_by_name_and_others_are_listed()
    {
        var name = _records.Select(record => Text(record, "queueName")).First(one => one?.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == ' ') == true);
        var record = _records.First(one => Text(one, "queueName") == name);
        var export = $"Queue Name;Media Type;Interval Start;Interval End;Offer\n{name};{Text(record, "mediaType")};{Text(record, "from")};{Text(record, "to")};{record.GetProperty("offered")}\n"
            + $"nowhere;voice;{Text(record, "from")};{Text(record, "to")};5\n;;;;6\n";

        var response = await CompareAsync(export);

        Counts(response).ShouldBe((1, 1, 0, 0));
        response.GetProperty("notCompared").EnumerateArray().Select(row => (row.GetProperty("line").GetInt32(), Text(row, "queue"), Text(row, "reason")))
            .ShouldBe([(3, "nowhere", "no queue has this name"), (4, "", "it names no queue; it is probably a summary")]);
    }

    [Fact]
    public async Task The_table_is_readable_text()
    {
        using var response = await PostAsync(Export(offered: _ => 1_000_000), "?format=table");

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        var lines = (await response.Content.ReadAsStringAsync(TestCancellation)).TrimEnd().Split('\n');
        lines[0].ShouldMatch("^LINE  QUEUE +MEDIA TYPE +FROM +COLUMN +EXPORT +AGGREGATES +DIFFERENCE +CAUSE$");
        lines[1].ShouldMatch(@"^ +2  .+ Offer +1000000 +\d+ +-\d+  unknown$");
        lines.ShouldContain("Not compared: column 12 'Mood': no figure has this header.");
        lines[^1].ShouldStartWith($"{_records.Count * 6} values of {_records.Count} rows compared: {_records.Count * 5} equal, 0 explained, {_records.Count} unexplained. Aggregates as of 2");
    }

    [Fact]
    public async Task A_caller_without_the_queues_cannot_tell_that_they_exist()
    {
        using var client = _keys.Of("nothing", _service.Service);

        var response = await CompareAsync(Export(), client: client);

        Counts(response).Total.ShouldBe(0);
        response.GetProperty("notCompared").EnumerateArray().Select(row => Text(row, "reason")).Distinct().ShouldBe(["no queue has this id"]);
    }

    [Fact]
    public async Task An_invalid_file_or_parameter_is_rejected_with_400()
    {
        (await RefusalAsync("a,b\n", "")).ShouldBe((HttpStatusCode.BadRequest, "body"));
        (await RefusalAsync(Export(), "?timeZone=Nowhere")).ShouldBe((HttpStatusCode.BadRequest, "timeZone"));
        (await RefusalAsync(Export(), "?interval=x")).ShouldBe((HttpStatusCode.BadRequest, "interval"));
        (await RefusalAsync(Export(), "?queueId=x")).ShouldBe((HttpStatusCode.BadRequest, "queueId"));
        (await RefusalAsync("Queue Name,Interval Start,Interval End,Offer\nA,2016-01-01T00:00,2016-01-02T00:00,1\n", "")).Status.ShouldBe(HttpStatusCode.OK, "its only queue does not exist");
    }

    [Fact]
    public async Task Another_content_type_a_large_body_and_a_missing_scope_are_rejected()
    {
        using var json = await PostAsync(Export(), "", "application/json");
        using var latin = await PostAsync(Export(), "", "text/csv; charset=iso-8859-1");
        using var large = await PostAsync(new string('x', 1024 * 1024 + 1), "");
        using var client = _keys.Of("operator", _service.Service);
        using var forbidden = await PostAsync(Export(), "", client: client);

        json.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await json.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("send text/csv in UTF-8 or UTF-16.");
        latin.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        forbidden.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_command_prints_the_table_and_its_exit_code_reports_the_result()
    {
        var folder = Directory.CreateTempSubdirectory("genesys-analytics-");
        try
        {
            (await CommandAsync(folder, Export())).ShouldSatisfyAllConditions(
                run => run.ExitCode.ShouldBe(0, run.Error),
                run => run.Output.ShouldContain($"{_records.Count * 6} values of {_records.Count} rows compared: {_records.Count * 6} equal, 0 explained, 0 unexplained."));
            (await CommandAsync(folder, Export(offered: _ => 1_000_000))).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(1), run => run.Output.ShouldContain(" unknown\n"));
            (await CommandAsync(folder, Export(), "--exported-at", "2001-01-01")).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(2), run => run.Error.ShouldStartWith("2001-01-01T00:00:00Z is before the data of the file"), run => run.Output.ShouldBe(""));
            (await CommandAsync(folder, "a,b\n")).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(2), run => run.Error.ShouldStartWith("No header was found in the first 20 lines"), run => run.Output.ShouldBe(""));
            (await CommandAsync(folder, Export(), "--time-zone", "Nowhere")).ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(2), run => run.Error.ShouldStartWith("--time-zone 'Nowhere' is not a time zone"));
            (await CommandAsync(folder, Export(), "--interval", "yesterday", "--exported-at", "noon")).ShouldSatisfyAllConditions(
                run => run.ExitCode.ShouldBe(2),
                run => run.Error.ShouldContain("--interval 'yesterday' is not an interval: write start/end"),
                run => run.Error.ShouldContain("--exported-at 'noon' is not a time: use an ISO-8601 instant"));
            (await ServiceProcess.RunAsync(folder.FullName, Settings, ["reconcile", "missing.csv"])).ExitCode.ShouldBe(2);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Dictionary<string, string?> Settings => new()
    {
        ["Genesys__Mode"] = "Live",
        ["Genesys__ApiBaseUrl"] = _service.Simulator.BaseAddress.ToString(),
        ["Genesys__LoginBaseUrl"] = _service.Simulator.BaseAddress.ToString(),
        ["Genesys__ClientId"] = "simulator",
        ["Genesys__ClientSecret"] = "simulator",
    };

    private async Task<(int ExitCode, string Output, string Error)> CommandAsync(DirectoryInfo folder, string export, params string[] words)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "export.csv"), export, TestCancellation);
        return await ServiceProcess.RunAsync(folder.FullName, Settings, ["reconcile", "export.csv", .. words]);
    }

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();

    private static (int Total, int Equal, int Explained, int Unexplained) Counts(JsonElement response) => response.GetProperty("meta").GetProperty("values") is var values
        ? (values.GetProperty("total").GetInt32(), values.GetProperty("equal").GetInt32(), values.GetProperty("explained").GetInt32(), values.GetProperty("unexplained").GetInt32())
        : default;

    /// <summary>
    /// Writes the records as Genesys may export them: averages in whole milliseconds or seconds, percentages with two decimals, empty cells for missing
    /// figures.
    /// </summary>
    private string Export(Func<JsonElement, long>? offered = null)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var record in _records)
        {
            string[] fields =
            [
                Text(record, "from")!, Text(record, "to")!, Text(record, "mediaType")!, Text(record, "queueId")!, $"\"{Text(record, "queueName")?.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
                $"{offered?.Invoke(record) ?? record.GetProperty("offered").GetInt64()}", $"{record.GetProperty("answered").GetInt64()}",
                Number(record, "averageHandleTimeMs", average => Math.Round(average).ToString(CultureInfo.InvariantCulture)),
                Number(record, "averageSpeedOfAnswerMs", average => TimeSpan.FromMilliseconds(average).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)),
                Number(record, "serviceLevel", level => (level * 100).ToString("0.00", CultureInfo.InvariantCulture) + "%"),
                $"{record.GetProperty("transferred").GetInt64()}", "good",
            ];
            text.AppendJoin(',', fields).Append('\n');
        }

        return text.ToString();
    }

    private static string Number(JsonElement record, string name, Func<double, string> print) => record.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? print(number.GetDouble()) : "";

    private async Task<JsonElement> CompareAsync(string export, string query = "", HttpClient? client = null)
    {
        using var response = await PostAsync(export, query, client: client);
        var text = await response.Content.ReadAsStringAsync(TestCancellation);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private async Task<HttpResponseMessage> PostAsync(string export, string query, string mediaType = "text/csv", HttpClient? client = null)
    {
        using var content = new StringContent(export, Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return await (client ?? _client).PostAsync(new Uri($"/reconciliation/exports{query}", UriKind.Relative), content, TestCancellation);
    }

    private async Task<(HttpStatusCode Status, string? Name)> RefusalAsync(string export, string query)
    {
        using var response = await PostAsync(export, query);
        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation));
        return (response.StatusCode, body.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().Single().Name : null);
    }
}
