using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysSimulator;

namespace GenesysAnalyticsApi.SystemTests.Aggregates;

/// <summary>What callers get if one of several slices is missing, or if another caller disconnects.</summary>
public sealed class PartialResultTests(FaultyOrganization organization) : IClassFixture<FaultyOrganization>
{
    private const string ThreeDaysOfHours = "from=2026-10-05&to=2026-10-08&granularity=PT1H";

    [Fact]
    public async Task If_one_of_three_slices_is_missing_it_is_named_and_the_others_are_complete()
    {
        var truth = await organization.TruthAsync(ThreeDaysOfHours);

        var response = await organization.QueryAsync(ThreeDaysOfHours, Foreign(1));

        response.Outcome.ShouldBe("partial");
        var slice = response.Body.Meta()["failedSlices"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        slice.Text("granularity").ShouldBe("PT1H");
        slice.Text("reason")!.ShouldStartWith("unreadable: ");
        (slice.Text("from")!, slice.Text("to")!).ShouldBeOneOf(
            ("2026-10-05T00:00:00Z", "2026-10-06T00:00:00Z"), ("2026-10-06T00:00:00Z", "2026-10-07T00:00:00Z"), ("2026-10-07T00:00:00Z", "2026-10-08T00:00:00Z"));
        var lost = truth.Records().Count(record => record.Text("from")![..10] == slice.Text("from")![..10]);
        (lost, response.Body.Records().Count).ShouldBe((lost, truth.Records().Count - lost));
        lost.ShouldBeGreaterThan(0);
        response.Body.Meta()["final"]!.GetValue<bool>().ShouldBeFalse();
        response.Body.Records().ShouldAllBe(record => record["complete"]!.GetValue<bool>(), "the hours of the other slices are complete");
    }

    [Fact]
    public async Task A_zero_filled_hour_of_a_failed_slice_is_not_complete()
    {
        var response = await organization.QueryAsync($"{ThreeDaysOfHours}&fill=zero", Foreign(1));

        var day = response.Body.Meta()["failedSlices"]!.AsArray().ShouldHaveSingleItem()!["from"]!.GetValue<string>()[..10];
        response.Body.Records().ShouldAllBe(record => record["complete"]!.GetValue<bool>() == !record.Text("from")!.StartsWith(day, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_total_that_lacks_a_slice_is_incomplete_in_every_record()
    {
        var response = await organization.QueryAsync("from=2026-10-05T06:00:00Z&to=2026-10-06T18:00:00Z", Foreign(1));

        response.Outcome.ShouldBe("partial");
        response.Body.Records().ShouldNotBeEmpty();
        response.Body.Records().ShouldAllBe(record => !record["complete"]!.GetValue<bool>() && !record["final"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Denying_partial_results_fails_the_query_if_a_slice_is_missing()
    {
        var response = await organization.QueryAsync($"{ThreeDaysOfHours}&partial=deny", Foreign(1));

        response.Outcome.ShouldBe("genesys-refused");
        response.Body.Text("detail")!.ShouldContain("was not requested");
    }

    [Fact]
    public async Task Denying_partial_results_returns_everything_if_no_slice_is_missing() =>
        (await organization.QueryAsync($"{ThreeDaysOfHours}&partial=deny", new SimulatorFault(FaultNames.ServerError, null, 2, FaultyOrganization.Aggregates)))
            .Outcome.ShouldBe("right");

    [Theory]
    [InlineData(FaultNames.MissingPermission, 403)]
    [InlineData(FaultNames.Redirect, 302)]
    public async Task A_misconfiguration_of_this_service_never_causes_a_partial_response(string fault, int upstream)
    {
        var response = await organization.QueryAsync(ThreeDaysOfHours, new SimulatorFault(fault, null, 1, FaultyOrganization.Aggregates));

        response.Outcome.ShouldBe("genesys-refused");
        response.Body["upstream"]!["status"]!.GetValue<int>().ShouldBe(upstream);
    }

    [Fact]
    public async Task The_most_severe_of_three_failures_is_reported()
    {
        // One slice is forbidden (502), and the others are unavailable (503).
        var response = await organization.QueryAsync(
            ThreeDaysOfHours,
            new SimulatorFault(FaultNames.MissingPermission, null, 1, FaultyOrganization.Aggregates),
            new SimulatorFault(FaultNames.Unavailable, null, null, FaultyOrganization.Aggregates));

        response.Outcome.ShouldBe("genesys-refused");
        response.Body.Text("detail")!.ShouldContain("analytics:conversationAggregate:view");
    }

    [Fact]
    public async Task A_caller_that_disconnects_does_not_delay_the_next()
    {
        var truth = await organization.TruthAsync(ThreeDaysOfHours);
        using var service = organization.Service(("Genesys:MaxConcurrentRequests", "1"), ("Genesys:AttemptTimeout", "00:04:30"));
        await service.QueryAsync("last=PT5M");
        await service.Log.NextRequestAsync();
        organization.Simulator.Faults.Set([new SimulatorFault(FaultNames.Hang, null, 1, FaultyOrganization.Aggregates)]);
        using var leaving = new CancellationTokenSource();
        using var client = service.CreateClient();

        var left = client.GetAsync(new Uri($"/aggregates?{ThreeDaysOfHours}", UriKind.Relative), leaving.Token);
        while (organization.Simulator.Faults.Active is not [] && !left.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), organization.Clock, TestContext.Current.CancellationToken);
        }

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(left);
        (await service.Log.NextRequestAsync()).Properties["StatusCode"].ToString().ShouldBe("499");
        var next = await organization.QueryAsync(service, ThreeDaysOfHours, truth);

        next.Outcome.ShouldBe("right");
        next.Took.ShouldBeLessThan(TimeSpan.FromMinutes(4), "no caller waits for the Genesys request of a caller that has disconnected");
    }

    private static SimulatorFault Foreign(int times) => new(FaultNames.ForeignBucket, null, times, FaultyOrganization.Aggregates);
}
