using System.Net;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Conversations.Reading;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Reconciliation;

/// <summary>Which reconciliations are rejected, and when a running one fails.</summary>
public sealed class ReconciliationRefusalTests : IAsyncLifetime
{
    private const string Settled = "from=2026-11-16&to=2026-11-18";

    private readonly FakeTimeProvider _clock = new(SimulatedService.Monday);
    private SimulatedDetails _details = null!;
    private SimulatedService _service = null!;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _details = new SimulatedDetails(_clock);
        _service = await SimulatedService.StartAsync(
            new SimulatorSettings { Queues = 8, RequestsPerMinute = 1_000_000, Volume = 0.3 },
            new() { ["Reconciliation:MaxDays"] = "8", ["Reconciliation:MaxCells"] = "20" },
            _clock,
            services => services.AddSingleton<IDetailsReader>(_details));
        _details.World = _service.Simulator.World;
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    /// <summary>A Genesys filter without queue ids would select the conversations of the whole organization.</summary>
    [Fact]
    public async Task A_division_without_queues_reads_no_conversation()
    {
        var response = await _service.QueryAsync($"/reconciliation?{Settled}&divisionId={Guid.NewGuid()}");

        response.GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeTrue();
        response.GetProperty("records").GetArrayLength().ShouldBe(0);
        _details.Selections.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("only=some&limit=0&format=xlsx&mediaType=fax&fill=zero&from=x", "only", "limit", "format", "mediaType", "fill", "from")]
    [InlineData("to=2026-11-18", "to")]
    public async Task All_invalid_parameters_are_named(string query, params string[] names)
    {
        using var response = await _service.Client.GetAsync(new Uri($"/reconciliation?{query}", UriKind.Relative), TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation)).GetProperty("errors");
        errors.EnumerateObject().Select(error => error.Name).ShouldBe(names, ignoreOrder: true);
    }

    /// <summary>The caller's clock can be a few minutes ahead. A later time is a mistake: the service would wrongly treat the figures as final.</summary>
    [Theory]
    [InlineData("2026-11-23T09:20:20Z", null)]
    [InlineData("2026-11-23T09:20:21Z", "'2026-11-23T09:20:21Z' is in the future: give a time no later than 2026-11-23T09:20:20Z, 5 minutes after the current time.")]
    [InlineData("now-1h", "'now-1h' is not a time: use an ISO-8601 instant (2026-11-01T08:00:00Z, 2026-11-01T08:00+01:00), a local date or date-time (2026-11-01, 2026-11-01T08:00), or epoch seconds or milliseconds (10 or 13 digits).")]
    [InlineData("2027-11-23", "'2027-11-23' is in the future: give a time no later than 2026-11-23T09:20:20Z, 5 minutes after the current time.")]
    public async Task An_export_cannot_be_from_the_future(string exportedAt, string? error)
    {
        using var content = new StringContent("Queue Name,Interval Start,Interval End,Offer\nA,2026-11-16T00:00,2026-11-17T00:00,1\n", Encoding.UTF8, "text/csv");

        using var response = await _service.Client.PostAsync(new Uri($"/reconciliation/exports?exportedAt={exportedAt}", UriKind.Relative), content, TestCancellation);

        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation));
        response.StatusCode.ShouldBe(error is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, body.ToString());
        if (error is not null)
        {
            body.GetProperty("errors").GetProperty("exportedAt").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe(error);
        }
    }

    /// <summary>
    /// Otherwise, every difference would be explained by late data. A file that was exported within the interval of a row is possible: Genesys exports an
    /// interval that is in progress.
    /// </summary>
    [Theory]
    [InlineData("2001-01-01", "2001-01-01T00:00:00Z")]
    [InlineData("2026-11-17", "2026-11-17T00:00:00Z")]
    [InlineData("2026-11-17T00:00:01Z", null)]
    [InlineData("2026-11-18", null)]
    public async Task An_export_cannot_be_older_than_its_data(string exportedAt, string? shown)
    {
        using var content = new StringContent(
            "Queue Name,Interval Start,Interval End,Offer\nA,2026-11-16T00:00,2026-11-17T00:00,1\nA,2026-11-17T00:00,2026-11-18T00:00,1\nA,2026-11-18T00:00,2026-11-19T00:00,0\n", Encoding.UTF8, "text/csv");

        using var response = await _service.Client.PostAsync(new Uri($"/reconciliation/exports?exportedAt={exportedAt}", UriKind.Relative), content, TestCancellation);

        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation));
        response.StatusCode.ShouldBe(shown is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, body.ToString());
        if (shown is not null)
        {
            body.GetProperty("errors").GetProperty("exportedAt").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe(
                $"{shown} is before the data of the file: the interval of line 3 starts at 2026-11-17T00:00:00Z and has figures. exportedAt must be later than 2026-11-17T00:00:00Z.");
        }
    }

    /// <summary>The problem of GET /aggregates would advise a granularity and a header that this endpoint does not have.</summary>
    [Theory]
    [InlineData("2026-01-05T00:00,2026-01-05T00:15", "2026-11-05T00:00,2026-11-05T00:15")]
    [InlineData("2024-01-05T00:00,2024-01-06T00:00", "2026-11-05T00:00,2026-11-06T00:00")]
    public async Task An_export_whose_intervals_are_too_far_apart_for_one_query_can_be_sent_in_parts(string first, string second)
    {
        var body = await RejectedAsync($"Queue Name,Interval Start,Interval End,Offer\nBilling DE,{first},1\nBilling DE,{second},1\n", HttpStatusCode.UnprocessableEntity);

        body.GetProperty("detail").GetString()!.ShouldEndWith("are too many or too far apart for one query of the aggregates. Export a shorter period, or send the file in parts.");
    }

    [Theory]
    [InlineData("2006-01-01T00:00,2026-01-02T00:00", "Line 2, column 2 (Interval Start): '2006-01-01T00:00' is out of range: use a valid date and time from 2012-01-01T00:00:00Z to the year 9998.")]
    [InlineData("2036-01-01T00:00,2036-01-02T00:00", "Line 2, column 2 (Interval Start): '2036-01-01T00:00' is in the future, although the row has figures: use a start before the current time (2026-11-23T09:15:20Z), and check timeZone.")]
    [InlineData("2026-11-16T00:00,9999-12-31T23:59:59", "Line 2, column 3 (Interval End): '9999-12-31T23:59:59' is out of range: use a valid date and time from 2012-01-01T00:00:00Z to the year 9998.")]
    public async Task An_interval_of_an_export_that_cannot_be_queried_is_named(string interval, string expected)
    {
        var body = await RejectedAsync($"Queue Name,Interval Start,Interval End,Offer\nA,{interval},1\n", HttpStatusCode.BadRequest);

        body.GetProperty("errors").GetProperty("body").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("2006-01-01/2006-01-02", "'2006-01-01/2006-01-02' starts too long ago: write a start from 2012-01-01T00:00:00Z to now (2026-11-23T09:15:20Z).")]
    [InlineData("2036-01-01/2036-01-02", "'2036-01-01/2036-01-02' starts in the future: write a start from 2012-01-01T00:00:00Z to now (2026-11-23T09:15:20Z).")]
    [InlineData("2026-11-17/2026-11-16", "'2026-11-17/2026-11-16' does not end after its start: write an end that is later than the start.")]
    public async Task An_interval_for_an_export_that_cannot_be_queried_is_rejected(string interval, string expected)
    {
        using var content = new StringContent("Queue Name,Offer\nA,1\n", Encoding.UTF8, "text/csv");

        using var response = await _service.Client.PostAsync(new Uri($"/reconciliation/exports?interval={interval}", UriKind.Relative), content, TestCancellation);

        JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation))
            .GetProperty("errors").GetProperty("interval").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe(expected);
    }

    [Fact]
    public async Task A_wide_interval_is_rejected_before_anything_is_read()
    {
        var (status, detail) = await RefusalAsync("from=2026-11-01&to=2026-11-16");

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        detail.ShouldBe("The interval is 15 days long; a reconciliation covers at most 8 days (Reconciliation:MaxDays). Use a shorter interval.");
        _details.Selections.ShouldBeEmpty();
        _service.AggregateCalls.ShouldBe(0);
    }

    /// <summary>Neither side alone exceeds the limit of cells, but both together do.</summary>
    [Fact]
    public async Task The_cells_of_both_sides_together_are_limited()
    {
        var cells = (await _service.QueryAsync($"/reconciliation?{Settled}")).GetProperty("meta").GetProperty("cells").GetProperty("total").GetInt32();
        cells.ShouldBeInRange(11, 20);
        _details.Change = all => all.Select(one => one with
        {
            Participants = [.. one.Participants.Select(participant => participant with { Sessions = [.. participant.Sessions.Select(session => session with { MediaType = $"{session.MediaType}2" })] })],
        });

        var (status, detail) = await RefusalAsync(Settled);

        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        detail.ShouldNotBeNull().ShouldContain("more than 20 cells of queue × media type × bucket (Reconciliation:MaxCells)");
    }

    [Fact]
    public async Task Reading_ends_at_its_time_limit()
    {
        _details.Change = all => all.Select(one =>
        {
            _clock.Advance(TimeSpan.FromMinutes(11));
            return one;
        });

        var (status, detail) = await RefusalAsync(Settled);

        status.ShouldBe(HttpStatusCode.GatewayTimeout);
        detail.ShouldBe("The conversations could not be read within 600 s (Reconciliation:Timeout). Use a shorter interval or fewer queues.");
    }

    [Fact]
    public async Task Two_reconciliations_run_at_the_same_time_and_a_third_is_rejected()
    {
        var gate = new TaskCompletionSource();
        _details.Gate = gate.Task;
        var running = new[] { _service.QueryAsync($"/reconciliation?{Settled}"), _service.QueryAsync($"/reconciliation?{Settled}") };
        await Eventually.IsTrueAsync(() => _details.Selections.Count == 2, "two reconciliations read");

        using var third = await _service.Client.GetAsync(new Uri($"/reconciliation?{Settled}", UriKind.Relative), new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        gate.SetResult();
        await Task.WhenAll(running);

        third.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        third.Headers.RetryAfter.ShouldNotBeNull();
        Detail(await third.Content.ReadAsStringAsync(TestCancellation)).ShouldBe("2 reconciliations are running (Reconciliation:MaxConcurrent). Try again later.");
        await _service.QueryAsync($"/reconciliation?{Settled}");
    }

    [Fact]
    public async Task All_queries_for_an_export_share_one_time_limit()
    {
        var genesys = new BlockingGateway();
        using var service = new RunningService
        {
            Clock = _clock,
            Settings = new() { ["Reconciliation:Timeout"] = "00:00:05" },
            Replace = services => services.AddSingleton<IGenesysGateway>(genesys),
        };
        using var client = service.CreateClient();
        await client.GetAsync(new Uri("/queues", UriKind.Relative), TestCancellation);
        genesys.Hold();
        using var export = new StringContent("Queue Name,Interval Start,Interval End,Offer\nSales,2026-11-02T00:00,2026-11-02T07:00,1\nSales,2026-11-03T00:00,2026-11-03T05:00,1\n", Encoding.UTF8, "text/csv");

        var late = PassTimeAsync();
        using var response = await client.PostAsync(new Uri("/reconciliation/exports", UriKind.Relative), export, TestCancellation);
        await late;

        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        Detail(await response.Content.ReadAsStringAsync(TestCancellation)).ShouldBe("The aggregates for the export could not be read within 5 s (Reconciliation:Timeout). Export fewer intervals.");

        async Task PassTimeAsync()
        {
            await Eventually.IsTrueAsync(() => genesys.Requests == 1, "the first query waits");
            _clock.Advance(TimeSpan.FromSeconds(5));
        }
    }

    [Fact]
    public async Task A_page_that_cannot_be_read_fails_the_request()
    {
        _details.Change = all => all.Take(3).Concat(Failing());

        (await RefusalAsync(Settled)).ShouldBe((HttpStatusCode.ServiceUnavailable, "Page 4 failed."));
    }

    private static IEnumerable<ConversationDetail> Failing()
    {
        yield return new ConversationDetail { Id = "one", Start = Instant.FromUtc(2026, 11, 16, 0, 0) };
        throw new GenesysException(new GenesysFailure(GenesysFailureKind.Unavailable, "Page 4 failed."));
    }

    private static string? Detail(string body) => JsonSerializer.Deserialize<JsonElement>(body).GetProperty("detail").GetString();

    private async Task<(HttpStatusCode Status, string? Detail)> RefusalAsync(string query)
    {
        using var response = await _service.Client.GetAsync(new Uri($"/reconciliation?{query}", UriKind.Relative), TestCancellation);
        return (response.StatusCode, Detail(await response.Content.ReadAsStringAsync(TestCancellation)));
    }

    /// <returns>The problem that the endpoint for exports returns.</returns>
    private async Task<JsonElement> RejectedAsync(string export, HttpStatusCode status)
    {
        using var content = new StringContent(export, Encoding.UTF8, "text/csv");
        using var response = await _service.Client.PostAsync(new Uri("/reconciliation/exports", UriKind.Relative), content, TestCancellation);
        var body = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation));
        response.StatusCode.ShouldBe(status, body.ToString());
        return body;
    }
}
