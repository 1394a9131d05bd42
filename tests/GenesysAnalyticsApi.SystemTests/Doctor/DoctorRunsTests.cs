using System.Net;
using GenesysAnalyticsApi.Doctor;
using GenesysAnalyticsApi.Doctor.Diagnostics;
using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Doctor;

/// <summary>Running the doctor: who may run it, how runs are shared, and what happens when a check fails or hangs.</summary>
public sealed class DoctorRunsTests
{
    [Fact]
    public async Task A_check_that_throws_or_hangs_does_not_affect_the_others()
    {
        var failing = new TestCheck("throws", _ => throw new InvalidOperationException("planted"));
        var endless = Enumerable.Range(1, 5).Select(number => new TestCheck($"endless-{number}", _ => new TaskCompletionSource<CheckOutcome>().Task));
        using var service = new RunningService
        {
            Clock = new FastClock(SimulatedService.Monday, 5),
            Upstream = new DoctorUpstream().Handler,
            Settings = DoctorUpstream.Settings,
            Replace = services =>
            {
                foreach (var check in endless.Prepend(failing))
                {
                    services.AddSingleton<DiagnosticCheck>(check);
                }
            },
        };

        var found = await DoctorReport.OfAsync(service.CreateClient());

        found["redis"].Condition.ShouldBe("skipped");
        found["throws"].Finding.ShouldBe("The check failed unexpectedly (InvalidOperationException).");
        found["endless-1"].Finding.ShouldBe("The check of this test did not finish within 10 s.");
        found["endless-5"].Finding.ShouldBe("Not checked: the earlier checks took all of the 30 s.");
        service.Log.AsText().ShouldContain("The check throws failed unexpectedly");
    }

    [Fact]
    public async Task An_unknown_parameter_is_an_error()
    {
        await using var given = await SimulatedService.StartAsync();

        using var response = await given.Client.GetAsync(new Uri("/health/doctor?check=token", UriKind.Relative), TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("'check' is not a parameter; none are accepted here.");
    }

    [Fact]
    public async Task Callers_at_the_same_time_or_shortly_after_share_one_run()
    {
        await using var given = await SimulatedService.StartAsync();
        await given.QueryAsync("/queues");
        var before = given.Simulator.Calls.Count;

        var together = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => DoctorReport.OfAsync(given.Client)));
        given.FakeClock.Advance(DoctorRuns.ReuseTime - TimeSpan.FromSeconds(1));
        var soon = await DoctorReport.OfAsync(given.Client);
        var calls = given.Simulator.Calls.Count - before;
        given.FakeClock.Advance(TimeSpan.FromSeconds(1));
        var late = await DoctorReport.OfAsync(given.Client);

        together.Append(soon).Select(found => found.ToString()).Distinct().Count().ShouldBe(1);
        calls.ShouldBe(9);
        late.ExaminedAt.ShouldNotBe(soon.ExaminedAt);
    }

    [Theory]
    [InlineData("Operators", null, 401)]
    [InlineData("Operators", "reader", 403)]
    [InlineData("Operators", "operator", 200)]
    [InlineData("Off", "operator", 404)]
    public async Task The_doctor_is_available_to_operators_and_can_be_switched_off(string access, string? holder, int expected)
    {
        var keys = new IssuedKeys().Add("reader").Add("operator", ("Scopes:0", "operator"));
        using var service = new RunningService
        {
            Upstream = new DoctorUpstream().Handler,
            Settings = new(keys.Settings.Concat(DoctorUpstream.Settings)) { ["Auth:AllowAnonymous"] = "false", ["Auth:Doctor"] = access },
        };

        using var client = holder is null ? service.CreateClient() : keys.Of(holder, service);
        using var response = await client.GetAsync(DoctorEndpoint.Path, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe((HttpStatusCode)expected);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    private sealed class TestCheck(string name, Func<DiagnosticContext, Task<CheckOutcome>> examine)
        : DiagnosticCheck(name, "The check of this test", 10)
    {
        public override Task<CheckOutcome> CheckAsync(DiagnosticContext context, CancellationToken cancellationToken) => examine(context);
    }
}
