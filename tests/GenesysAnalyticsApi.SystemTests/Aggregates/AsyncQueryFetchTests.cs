using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>Genesys rejects even a single bucket as too large, so its slice needs an asynchronous query. Every response is compared with the truth.</summary>
public sealed class AsyncQueryFetchTests(FaultyOrganization organization) : IClassFixture<FaultyOrganization>
{
    private const string Jobs = FaultyOrganization.Aggregates + "/jobs";

    /// <summary>One bucket of one slice of <see cref="FaultyOrganization.Query"/>.</summary>
    private static readonly SimulatorFault OneBucket = new(FaultNames.TooLargeAt, "2026-10-01T09:00:00Z");

    /// <summary>Faults of asynchronous queries: name, value, number of times, outcome.</summary>
    public static readonly TheoryData<string, string?, int?, string> Faults = new()
    {
        { FaultNames.JobFailed, "no luck", null, "partial" },
        { FaultNames.JobExpired, null, null, "partial" },
        { FaultNames.JobState, "CANCELLED", null, "partial" },
        { FaultNames.JobState, "HIBERNATING", null, "partial" },
        { FaultNames.JobState, null, null, "partial" },
        { FaultNames.JobWithoutId, null, null, "partial" },
        { FaultNames.JobSlow, "6", null, "right" },
        { FaultNames.RepeatedCursor, null, null, "partial" },
        { FaultNames.EmptyJobPage, null, null, "partial" },
        { FaultNames.EmptyJobPage, null, 2, "right" },
        { FaultNames.EndlessPages, null, null, "partial" },
        { FaultNames.ResultsNotReady, "202", 2, "right" },
        { FaultNames.ResultsNotReady, "400", 2, "right" },
        { FaultNames.ResultsNotReady, "400", null, "partial" },
    };

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    private int Submissions => Count("POST", Jobs);

    [Fact]
    public async Task A_bucket_that_is_too_large_for_any_request_has_the_true_figures()
    {
        var response = await organization.QueryAsync(FaultyOrganization.Query, OneBucket);

        response.Outcome.ShouldBe("right");
        Submissions.ShouldBe(1, "one asynchronous query for the whole slice");
        await Eventually.IsTrueAsync(() => Count("DELETE", Jobs) == 1, "the query is deleted");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_of_an_asynchronous_query_never_causes_a_wrong_figure(string fault, string? value, int? times, string outcome)
    {
        var response = await organization.QueryAsync(FaultyOrganization.Query, OneBucket, new SimulatorFault(fault, value, times));

        response.Outcome.ShouldBe(outcome);
        Submissions.ShouldBe(1);
    }

    [Fact]
    public async Task A_slice_that_needed_an_asynchronous_query_uses_one_immediately_the_next_time()
    {
        var truth = await organization.TruthAsync(FaultyOrganization.Query);
        organization.Simulator.Faults.Set([OneBucket]);
        using var service = organization.Service();
        await organization.QueryAsync(service, FaultyOrganization.Query, truth);
        organization.Simulator.ClearCalls();

        var again = await organization.QueryAsync(service, FaultyOrganization.Query + "&maxAge=0", truth);

        again.Outcome.ShouldBe("right");
        organization.Simulator.Calls.Count(call => call.Path.EndsWith("/query", StringComparison.Ordinal) && call.Status == 400).ShouldBe(0);
        Submissions.ShouldBe(1);
        organization.Simulator.Faults.Clear();
    }

    [Fact]
    public async Task A_metric_that_Genesys_rejects_is_omitted_from_the_asynchronous_query_too()
    {
        organization.Simulator.Faults.Set([OneBucket, new SimulatorFault(FaultNames.RefusedMetric, "nOverSla")]);
        organization.Simulator.ClearCalls();
        using var service = organization.Service();

        var response = await service.QueryAsync(FaultyOrganization.Query);

        response.Meta()["complete"]!.GetValue<bool>().ShouldBeTrue();
        organization.Simulator.Calls.Where(call => call.Path == Jobs && call.Status == 202).ShouldHaveSingleItem().Body.ShouldNotContain("nOverSla");
        organization.Simulator.Faults.Clear();
    }

    [Fact]
    public async Task A_service_level_threshold_is_computed_from_an_asynchronous_query_too()
    {
        var response = await organization.QueryAsync(FaultyOrganization.Query + "&serviceLevelThresholdMs=20000", OneBucket);

        response.Outcome.ShouldBe("right");
        Submissions.ShouldBe(2, "the metrics, and the view");
    }

    [Fact]
    public async Task Without_permission_for_asynchronous_queries_the_slice_fails_and_the_service_does_not_submit_another()
    {
        var truth = await organization.TruthAsync(FaultyOrganization.Query);
        organization.Simulator.Faults.Set([OneBucket, new SimulatorFault(FaultNames.MissingPermission, null, null, Jobs)]);
        organization.Simulator.ClearCalls();
        using var service = organization.Service();

        var first = await organization.QueryAsync(service, FaultyOrganization.Query, truth);
        organization.Clock.Skip(TimeSpan.FromMinutes(3));
        var second = await organization.QueryAsync(service, FaultyOrganization.Query, truth);

        (first.Outcome, second.Outcome).ShouldBe(("partial", "partial"));
        Submissions.ShouldBe(1);
        organization.Simulator.Faults.Clear();
    }

    [Fact]
    public async Task A_poll_without_permission_fails_its_slice_and_later_slices_are_still_queried_asynchronously()
    {
        var truth = await organization.TruthAsync(FaultyOrganization.Query);
        organization.Simulator.Faults.Set([OneBucket, new SimulatorFault(FaultNames.MissingPermission, null, null, Jobs + "/")]);
        organization.Simulator.ClearCalls();
        using var service = organization.Service();

        var first = await organization.QueryAsync(service, FaultyOrganization.Query, truth);
        organization.Simulator.Faults.Set([OneBucket]);
        organization.Clock.Skip(TimeSpan.FromMinutes(3));
        var second = await organization.QueryAsync(service, FaultyOrganization.Query, truth);

        (first.Outcome, second.Outcome).ShouldBe(("partial", "right"));
        Submissions.ShouldBe(2);
        organization.Simulator.Faults.Clear();
    }

    [Fact]
    public async Task The_setting_turns_asynchronous_queries_off()
    {
        organization.Simulator.Faults.Set([OneBucket]);
        organization.Simulator.ClearCalls();
        using var service = organization.Service(("Genesys:AsyncQueries", "false"));

        await service.QueryAsync(FaultyOrganization.Query);

        Submissions.ShouldBe(0);
        organization.Simulator.Faults.Clear();
    }

    [Fact]
    public async Task Recent_figures_are_not_queried_asynchronously_and_the_problem_gives_the_reason()
    {
        organization.Simulator.Faults.Set([new SimulatorFault(FaultNames.TooLargeAt, "2026-11-23T02:30:00Z")]);
        organization.Simulator.ClearCalls();
        using var service = organization.Service();

        var problem = await service.QueryProblemAsync("from=2026-11-23T02:00:00Z&to=2026-11-23T03:00:00Z", 502, "genesys-refused");

        problem.Text("detail")!.ShouldContain("the last 24 h (Genesys:AsyncQueryLag)");
        Submissions.ShouldBe(0);
        organization.Simulator.Faults.Clear();
    }

    [Fact]
    public async Task The_asynchronous_query_is_deleted_when_its_caller_disconnects()
    {
        await organization.TruthAsync(FaultyOrganization.Query);
        organization.Simulator.Faults.Set([OneBucket, new SimulatorFault(FaultNames.JobSlow, "1000")]);
        organization.Simulator.ClearCalls();
        using var service = organization.Service();
        using var client = service.CreateClient();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestCancellation);
        var pending = client.GetAsync(new Uri($"/aggregates?{FaultyOrganization.Query}", UriKind.Relative), leaving.Token);
        await Eventually.IsTrueAsync(() => Count("GET", Jobs) > 1, "the query is being polled");

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => pending);
        await Eventually.IsTrueAsync(() => Count("DELETE", Jobs) == 1, "the query is deleted");
        organization.Simulator.Faults.Clear();
    }

    private int Count(string method, string path) =>
        organization.Simulator.Calls.Count(call => call.Method == method && call.Path.StartsWith(path, StringComparison.Ordinal));
}
