using System.Net;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Queues;
using GenesysAnalyticsApi.Security;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Queues;

public sealed class QueuesEndpointTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_queue_is_returned_with_all_its_fields()
    {
        await using var service = await Start(ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales", division: 2)]));

        var response = await service.GetTestClient().GetStringAsync("/queues", TestCancellation);

        response.ShouldBe(
            $$$"""
            {"records":[{"id":"{{{QueueBuilder.Id(1)}}}","name":"Sales","divisionId":"{{{QueueBuilder.Division(2)}}}","divisionName":"Division 2","memberCount":3,
            "serviceLevels":{"chat":{"target":null,"durationMs":null},"voice":{"target":0.8,"durationMs":20000}},
            "lastSeen":"2026-11-23T09:15:02Z","listed":true}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Pages_are_followed_by_their_cursor()
    {
        await using var service = await Start(ScriptedQueues.Listing([QueueBuilder.Listed(1, "c"), QueueBuilder.Listed(2, "B")], [QueueBuilder.Listed(3, "a")]));

        var (_, first) = await Get(service, "/queues?limit=2");
        var (_, second) = await Get(service, $"/queues?limit=2&cursor={first["nextCursor"]}");

        Names(first).ShouldBe(["a", "B"]);
        Names(second).ShouldBe(["c"]);
        second.AsObject().ContainsKey("nextCursor").ShouldBeFalse();
    }

    [Fact]
    public async Task Queues_are_filtered_by_name_and_division()
    {
        await using var service = await Start(ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales A", 1), QueueBuilder.Listed(2, "Sales B", 2), QueueBuilder.Listed(3, "Help", 3)]));

        Names((await Get(service, "/queues?name=sales*")).Body).ShouldBe(["Sales A", "Sales B"]);
        Names((await Get(service, "/queues?name=unknown")).Body).ShouldBeEmpty();
        Names((await Get(service, $"/queues?divisionId={QueueBuilder.Division(1)}&divisionId={QueueBuilder.Division(3)}")).Body).ShouldBe(["Help", "Sales A"]);
    }

    [Fact]
    public async Task All_invalid_parameters_are_reported_at_once()
    {
        await using var service = await Start(ScriptedQueues.Listing());

        var (status, problem) = await Get(service, "/queues?name=&divisionId=x&divisionId=y&limit=1001&cursor=%21&Nmae=z&Limit2=4");

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem["errors"]!.AsObject().ToDictionary(error => error.Key, error => string.Join(' ', error.Value!.AsArray())).ShouldBe(
            new Dictionary<string, string>
            {
                ["name"] = "'' is not a queue's name or a pattern for names, such as Billing*.",
                ["divisionId"] = "'x' is not a division's id (a GUID). 'y' is not a division's id (a GUID).",
                ["limit"] = "'1001' is not a whole number from 1 to 1000.",
                ["cursor"] = "'!' is not a cursor. Pass nextCursor of the previous page unchanged.",
                ["Nmae"] = "'Nmae' is not a parameter here. Did you mean 'name'?",
                ["Limit2"] = "'Limit2' is not a parameter here. Did you mean 'limit'?",
            },
            ignoreOrder: true);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData(" 7")]
    [InlineData("")]
    public async Task A_limit_must_be_a_positive_integer(string limit)
    {
        await using var service = await Start(ScriptedQueues.Listing());

        (await Get(service, $"/queues?limit={Uri.EscapeDataString(limit)}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_cursor_of_another_filter_is_rejected()
    {
        await using var service = await Start(ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales A"), QueueBuilder.Listed(2, "Sales B")]));
        var (_, page) = await Get(service, "/queues?limit=1&name=sales*");

        var (status, problem) = await Get(service, $"/queues?limit=1&name=s*&cursor={page["nextCursor"]}");

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem["errors"]!["cursor"]![0]!.ToString().ShouldContain("belongs to a query with a different name or divisionId");
    }

    [Fact]
    public async Task A_parameter_with_one_value_may_not_be_repeated()
    {
        await using var service = await Start(ScriptedQueues.Listing([QueueBuilder.Listed(1, "a,b")]));

        var (status, problem) = await Get(service, "/queues?name=a&name=b&limit=1");

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem["errors"]!["name"]!.AsArray().Select(message => message!.ToString()).ShouldBe(["'name' is given twice, with 'a' and 'b': it can have only one value, so give it once."]);
    }

    [Fact]
    public async Task A_queue_is_found_by_its_id_in_any_case()
    {
        await using var service = await Start(ScriptedQueues.Listing([QueueBuilder.Listed(255, "Sales")]));

        var (status, queue) = await Get(service, $"/queues/{QueueBuilder.Id(255).ToUpperInvariant()}");

        status.ShouldBe(HttpStatusCode.OK);
        queue["id"]!.ToString().ShouldBe(QueueBuilder.Id(255));
    }

    [Theory]
    [InlineData("00000000-0000-4000-8000-000000000009")]
    [InlineData("sales")]
    public async Task An_unknown_id_is_404(string id)
    {
        await using var service = await Start(ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales")]));

        var (status, problem) = await Get(service, $"/queues/{id}");

        status.ShouldBe(HttpStatusCode.NotFound);
        problem["name"]!.ToString().ShouldBe("unknown-queue");
    }

    [Fact]
    public async Task A_single_queue_accepts_no_parameters()
    {
        await using var service = await Start(ScriptedQueues.Listing([QueueBuilder.Listed(1, "Sales")]));

        (await Get(service, $"/queues/{QueueBuilder.Id(1)}?limit=1")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_unreadable_directory_is_a_Genesys_failure()
    {
        await using var service = await Start(new ScriptedQueues { Reply = ScriptedQueues.Failing(GenesysFailureKind.Forbidden) });

        await Should.ThrowAsync<GenesysException>(service.GetTestClient().GetAsync(new Uri("/queues", UriKind.Relative), TestCancellation));
    }

    private static async Task<WebApplication> Start(ScriptedQueues genesys)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services
            .AddSingleton<IGenesysGateway>(genesys)
            .AddSingleton<TimeProvider>(new FakeTimeProvider(QueueBuilder.Now.ToDateTimeOffset()))
            .AddQueues()
            .PostConfigure<AuthOptions>(options => options.AllowAnonymous = true);
        builder.Services.AddErrors();
        builder.Services.AddSecurity();

        var service = builder.Build();
        service.Use(WriteProblems);
        service.UseSecurity();
        service.MapQueues();
        await service.StartAsync(TestCancellation);
        return service;
    }

    // Replaces the service's own handler, and writes only the parts of a problem that the tests need.
    private static async Task WriteProblems(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (ProblemException refused)
        {
            context.Response.StatusCode = refused.Problem.Status;
            await context.Response.WriteAsync(
                System.Text.Json.JsonSerializer.Serialize(new { name = refused.Problem.Name, errors = refused.Problem.Errors }), TestCancellation);
        }
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> Get(WebApplication service, string path)
    {
        using var response = await service.GetTestClient().GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestCancellation))!);
    }

    private static IEnumerable<string> Names(JsonNode page) => page["records"]!.AsArray().Select(queue => queue!["name"]!.ToString());
}
