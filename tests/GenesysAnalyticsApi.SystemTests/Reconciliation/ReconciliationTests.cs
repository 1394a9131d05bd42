using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Reconciliation;

/// <summary>GET /reconciliation in front of the simulator, with conversations made from the events of the simulator.</summary>
public sealed class ReconciliationTests : IAsyncLifetime
{
    private const string Settled = "from=2026-11-16&to=2026-11-18";
    private const string Recent = "from=2026-11-22&to=2026-11-23";

    private static readonly SimulatorSettings Traffic = new() { Queues = 8, RequestsPerMinute = 1_000_000, Volume = 0.3, LateMutation = true };

    private readonly FakeTimeProvider _clock = new(SimulatedService.Monday);
    private readonly IssuedKeys _keys = new();
    private SimulatedDetails _details = null!;
    private SimulatedService _service = null!;
    private string _visibleQueueId = "";
    private HttpClient _client = null!;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using (var simulator = await Simulator.StartAsync(Traffic, _clock, TestCancellation))
        {
            _visibleQueueId = $"{simulator.World.Queues.First(queue => queue.IsListed).Id}";
        }

        _keys.Add("both", ("Scopes:0", "read"), ("Scopes:1", "details"))
            .Add("read", ("Scopes:0", "read"))
            .Add("details", ("Scopes:0", "details"))
            .Add("limited", ("Scopes:0", "read"), ("Scopes:1", "details"), ("Queues:0", _visibleQueueId));
        _details = new SimulatedDetails(_clock);
        _service = await SimulatedService.StartAsync(
            Traffic, new(_keys.Settings) { ["Auth:AllowAnonymous"] = "false" }, _clock, services => services.AddSingleton<IDetailsReader>(_details));
        _details.World = _service.Simulator.World;
        _client = _keys.Of("both", _service.Service);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("&granularity=PT1H&mediaType=voice,email")]
    [InlineData("&granularity=P1D&timeZone=Asia/Kolkata&from=2026-11-16T00:00&to=2026-11-18T00:00")]
    public async Task Figures_of_aggregates_and_conversations_with_the_same_events_are_equal(string query)
    {
        var response = await ReconcileAsync(query.Contains("from=", StringComparison.Ordinal) ? query[1..] : Settled + query);

        var cells = response.GetProperty("meta").GetProperty("cells");
        response.GetProperty("records").GetArrayLength().ShouldBe(0, $"{response}"[..Math.Min(4_000, $"{response}".Length)]);
        cells.GetProperty("total").GetInt32().ShouldBeGreaterThan(5);
        cells.GetProperty("equal").GetInt32().ShouldBe(cells.GetProperty("total").GetInt32());
        response.GetProperty("meta").GetProperty("conversations").GetInt32().ShouldBeGreaterThan(100);
        response.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task All_cells_have_the_figures_of_the_aggregates()
    {
        var aggregates = (await _service.QueryAsync($"/aggregates?{Settled}&granularity=P1D", _client)).GetProperty("records").EnumerateArray()
            .ToDictionary(record => (Text(record, "queueId"), Text(record, "mediaType"), Text(record, "from")));
        var cells = (await ReconcileAsync($"{Settled}&granularity=P1D&only=all")).GetProperty("records").EnumerateArray().ToList();

        cells.Count.ShouldBe(aggregates.Count);
        foreach (var cell in cells)
        {
            var record = aggregates[(Text(cell, "queueId"), Text(cell, "mediaType"), Text(cell, "from"))];
            Text(cell, "queueName").ShouldBe(Text(record, "queueName"));
            foreach (var figure in cell.GetProperty("figures").EnumerateArray())
            {
                var own = record.GetProperty(Text(figure, "figure")!);
                figure.GetProperty("aggregates").GetRawText().ShouldBe(own.GetRawText(), Text(figure, "figure"));
                if (Text(figure, "figure")!.StartsWith("serviceLevel", StringComparison.Ordinal))
                {
                    (Text(figure, "cause"), figure.GetProperty("conversations").ValueKind, figure.GetProperty("difference").ValueKind)
                        .ShouldBe(("not-in-details", JsonValueKind.Null, JsonValueKind.Null));
                }
            }
        }
    }

    [Fact]
    public async Task A_settled_figure_that_differs_is_unexplained_and_comes_first()
    {
        _details.Change = all => Without(all, "nOffered");

        var response = await ReconcileAsync($"{Settled}&granularity=PT1H");

        var cell = response.GetProperty("records").EnumerateArray().ShouldHaveSingleItem();
        Text(cell, "agreement").ShouldBe("unexplained");
        var figure = cell.GetProperty("figures").EnumerateArray().ShouldHaveSingleItem();
        (Text(figure, "figure"), Text(figure, "genesysMetric"), Text(figure, "genesysStatistic"), Text(figure, "conversationsMetric"), figure.GetProperty("difference").GetInt32(), Text(figure, "cause"))
            .ShouldBe(("offered", "nOffered", "count", "nOffered", 1, "unknown"));
        response.GetProperty("meta").GetProperty("cells").GetProperty("unexplained").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Differences_of_recent_figures_are_explained_by_late_data_bulk_data_or_missing_conversations()
    {
        _details.Change = all => Without(all, "nOffered");
        (await CausesAsync(Recent)).ShouldBe(["late-data"]);

        _details.Note = notes => notes.DataAvailableUntil = Instant.FromUtc(2026, 11, 22, 12, 0);
        (await CausesAsync(Recent)).ShouldBe(["after-bulk-data"]);

        _details.Note = notes => notes.EndsAreMissing(1);
        var response = await ReconcileAsync(Recent);
        response.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeFalse();
        (await CausesAsync(Recent)).ShouldBe(["incomplete"]);
    }

    [Fact]
    public async Task Incomplete_conversations_explain_no_more_events_than_are_missing()
    {
        _details.Note = notes => notes.Add(new DetailsPage([]) { FetchedAt = notes.AsOf!.Value, InvalidEntries = ["a metric was dropped"] });

        _details.Change = all => Without(all, "nOffered");
        (await CausesAsync(Settled)).ShouldBe(["incomplete"]);

        _details.Change = all => Without(Without(all, "nOffered"), "nOffered");
        (await CausesAsync(Settled)).ShouldBe(["unknown"]);
    }

    [Fact]
    public async Task An_unknown_queue_gives_the_warning_of_the_aggregates()
    {
        const string Unknown = "queueId=00000000-0000-4000-8000-00000000beef";
        var expected = (await _service.QueryAsync($"/aggregates?{Settled}&{Unknown}", _client)).GetProperty("meta").GetProperty("warnings");

        var warnings = (await ReconcileAsync($"{Settled}&{Unknown}")).GetProperty("meta").GetProperty("warnings");

        expected.GetArrayLength().ShouldBe(1);
        warnings.GetRawText().ShouldBe(expected.GetRawText());
    }

    /// <summary>
    /// The aggregates of a week are already cached when its conversations are read. In the meantime, Genesys has corrected data that is two days old.
    /// </summary>
    [Fact]
    public async Task Late_data_explains_every_difference_of_a_week()
    {
        const string Week = "from=2026-11-17&to=2026-11-25&granularity=PT1H";
        // The service logs in at startup. A login during the step of the clock would time out.
        await _service.QueryAsync("/queues", _client);
        _clock.Advance(TimeSpan.FromDays(2));
        await _service.QueryAsync($"/aggregates?{Week}", _client);
        _clock.Advance(TimeSpan.FromMinutes(20));

        var cells = (await ReconcileAsync(Week)).GetProperty("meta").GetProperty("cells");

        cells.GetProperty("unexplained").GetInt32().ShouldBe(0);
        cells.GetProperty("explained").GetInt32().ShouldBeGreaterThan(0);
        (await CausesAsync(Week)).ShouldBe(["late-data"]);
    }

    [Fact]
    public async Task CSV_has_a_line_per_figure()
    {
        _details.Change = all => all.Where(one => one.Participants[0].Sessions[0].Metrics[0].Name != "tAcd");

        using var response = await _client.GetAsync(new Uri($"/reconciliation?{Settled}&mediaType=voice&format=csv", UriKind.Relative), TestCancellation);

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        var meta = (await ReconcileAsync($"{Settled}&mediaType=voice")).GetProperty("meta");
        var readAt = new[] { meta.GetProperty("aggregatesAsOf").GetString(), meta.GetProperty("conversationsAsOf").GetString() };
        response.Headers.GetValues("X-Data-As-Of").ShouldBe([readAt.Min(StringComparer.Ordinal)]);
        response.Headers.GetValues("X-Data-Complete").ShouldBe(["true"]);
        response.Headers.GetValues("X-Total-Count").ShouldBe(response.Headers.GetValues("X-Row-Count"));
        var lines = (await response.Content.ReadAsStringAsync(TestCancellation)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("queueId,queueName,mediaType,from,to,localFrom,figure,genesysMetric,genesysStatistic,conversationsMetric,aggregates,conversations,difference,cause");
        lines.Skip(1).ShouldAllBe(line => line.Contains(",tWait,", StringComparison.Ordinal) && line.EndsWith(",unknown", StringComparison.Ordinal));
        lines.Length.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task The_limit_truncates_the_records_but_not_the_counts()
    {
        var response = await ReconcileAsync($"{Settled}&only=all&limit=2");

        response.GetProperty("records").GetArrayLength().ShouldBe(2);
        response.GetProperty("meta").GetProperty("rows").GetProperty("total").GetInt32().ShouldBe(response.GetProperty("meta").GetProperty("cells").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Conversations_are_selected_by_activity_in_the_interval_and_with_background_priority()
    {
        await ReconcileAsync($"{Settled}&queueId={_visibleQueueId}&mediaType=voice");

        var selection = _details.Selections.ShouldHaveSingleItem();
        (selection.From, selection.To, selection.IsByActivity, selection.Origin.IsBackground).ShouldBe((Instant.FromUtc(2026, 11, 16, 0, 0), Instant.FromUtc(2026, 11, 18, 0, 0), true, true));
        selection.Filter.QueueIds.ShouldBe([_visibleQueueId]);
        selection.Filter.MediaTypes.ShouldBe(["voice"]);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("details")]
    public async Task Both_scopes_are_required(string holder)
    {
        using var client = _keys.Of(holder, _service.Service);
        using var response = await client.GetAsync(new Uri($"/reconciliation?{Settled}", UriKind.Relative), TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("read, details");
        _details.Selections.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_limited_caller_compares_only_its_own_queues()
    {
        using var limited = _keys.Of("limited", _service.Service);
        var all = await ReconcileAsync($"{Settled}&queueId={_visibleQueueId}&only=all");
        var own = await _service.QueryAsync($"/reconciliation?{Settled}&only=all", limited);

        own.GetProperty("records").GetRawText().ShouldBe(all.GetProperty("records").GetRawText());
        own.GetProperty("meta").GetProperty("conversations").GetInt32().ShouldBe(all.GetProperty("meta").GetProperty("conversations").GetInt32());
        own.GetProperty("query").GetProperty("queueIds").GetArrayLength().ShouldBe(0);
    }

    /// <summary>Leaves out the first event of the metric in a queue.</summary>
    private static IEnumerable<ConversationDetail> Without(IEnumerable<ConversationDetail> all, string metric)
    {
        var isLeftOut = false;
        foreach (var one in all)
        {
            var session = one.Participants[0].Sessions[0];
            if (!isLeftOut && session.Metrics[0].Name == metric && session.Segments[0].QueueId is not null)
            {
                isLeftOut = true;
                continue;
            }

            yield return one;
        }
    }

    private static string? Text(JsonElement record, string name) => record.GetProperty(name).GetString();

    private Task<JsonElement> ReconcileAsync(string query) => _service.QueryAsync($"/reconciliation?{query}", _client);

    private async Task<IEnumerable<string?>> CausesAsync(string query) => (await ReconcileAsync(query)).GetProperty("records").EnumerateArray()
        .SelectMany(cell => cell.GetProperty("figures").EnumerateArray())
        .Select(figure => Text(figure, "cause"))
        .Distinct();
}
