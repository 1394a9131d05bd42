using GenesysAnalyticsApi.Aggregates.Response;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serilog.Events;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

public sealed class LoggingTests
{
    [Fact]
    public async Task A_request_is_logged_in_one_line_with_its_query_and_cost()
    {
        using var service = new RunningService
        {
            Map = app => app.Run(context =>
            {
                context.Features.Set(new RequestCost(rows: 12, slices: 3, upstreamCalls: 1));
                return Task.CompletedTask;
            }),
        };

        await service.CreateClient().GetAsync("/figures?last=PT24H", TestContext.Current.CancellationToken);

        var line = RecordedLog.Text(await service.Log.NextRequestAsync());
        line.ShouldMatch(@"^\d\d:\d\d:\d\d\.\d{3} INF GET /figures\?last=PT24H responded 200 in \d+\.\d ms Rows=12 Slices=3 UpstreamCalls=1\n$");
        service.Log.AsJson().ShouldContain("\"Rows\":12");
    }

    [Theory]
    [InlineData(200, LogEventLevel.Information)]
    [InlineData(404, LogEventLevel.Information)]
    [InlineData(500, LogEventLevel.Error)]
    [InlineData(503, LogEventLevel.Warning)]
    public async Task Only_a_fault_of_the_service_is_logged_as_an_error(int status, LogEventLevel expected)
    {
        using var service = new RunningService
        {
            Map = app => app.Run(context => { context.Response.StatusCode = status; return Task.CompletedTask; }),
        };

        await service.CreateClient().GetAsync("/figures", TestContext.Current.CancellationToken);

        (await service.Log.NextRequestAsync()).Level.ShouldBe(expected);
    }

    [Fact]
    public async Task Health_requests_are_logged_at_Debug_only()
    {
        using var quiet = new RunningService();
        using var verbose = new RunningService { Settings = new() { ["Serilog:MinimumLevel:Default"] = "Debug" } };

        await quiet.CreateClient().GetAsync("/health/live", TestContext.Current.CancellationToken);
        await quiet.CreateClient().GetAsync("/nowhere", TestContext.Current.CancellationToken);
        await verbose.CreateClient().GetAsync("/health/live", TestContext.Current.CancellationToken);

        (await quiet.Log.NextRequestAsync()).Properties["RequestPath"].ToString().ShouldContain("/nowhere");
        (await verbose.Log.NextRequestAsync()).Level.ShouldBe(LogEventLevel.Debug);
    }

    [Fact]
    public async Task A_caller_cannot_forge_a_log_line()
    {
        using var service = new RunningService
        {
            Map = app => app.Run(context =>
            {
                context.RequestServices.GetRequiredService<ILogger<LoggingTests>>()
                    .LogError(new InvalidOperationException("bad\nname"), "A queue called {Queue}", context.Request.Query["queue"].ToString());
                return Task.CompletedTask;
            }),
        };

        await service.CreateClient().GetAsync("/a%0A09:15:00 FTL forged%1B[2J?queue=x%0D%0A09:15:00 FTL forged", TestContext.Current.CancellationToken);
        await service.Log.NextRequestAsync();

        var text = service.Log.AsText();
        text.ShouldContain(@"A queue called x\u000d\u000a09:15:00 FTL forged");
        text.Split('\n').ShouldNotContain(line => line.StartsWith("09:15:00 FTL", StringComparison.Ordinal));
        text.ShouldNotContain('\e');
        service.Log.AsJson().Split('\n').ShouldAllBe(line => line.Length == 0 || line.TrimEnd().EndsWith('}'));
    }

    [Fact]
    public async Task The_log_of_a_running_service_contains_no_secret()
    {
        using var service = new RunningService { Settings = new() { ["Serilog:MinimumLevel:Default"] = "Verbose" } };

        await service.CreateClient().GetAsync("/health/ready", TestContext.Current.CancellationToken);

        service.Log.Events.ShouldNotBeEmpty();
        service.Log.AsJson().ShouldNotContain(RunningService.PlantedSecret);
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_rejected()
    {
        using var service = new RunningService();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { Host = "rebound.example" } };

        using var response = await service.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(StatusCodes.Status400BadRequest);
    }
}
