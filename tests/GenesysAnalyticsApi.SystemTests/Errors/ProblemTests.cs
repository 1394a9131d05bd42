using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Errors;

public sealed class ProblemTests
{
    [Theory]
    [InlineData(GenesysFailureKind.Unauthorized, 502, "genesys-refused", null)]
    [InlineData(GenesysFailureKind.Forbidden, 502, "genesys-refused", null)]
    [InlineData(GenesysFailureKind.Rejected, 502, "genesys-refused", null)]
    [InlineData(GenesysFailureKind.TooLarge, 502, "genesys-refused", null)]
    [InlineData(GenesysFailureKind.Unreadable, 502, "genesys-refused", null)]
    [InlineData(GenesysFailureKind.RateLimited, 503, "genesys-rate-limited", "30")]
    [InlineData(GenesysFailureKind.Unavailable, 503, "genesys-unavailable", "10")]
    [InlineData(GenesysFailureKind.Timeout, 504, "genesys-timeout", null)]
    public async Task A_Genesys_failure_maps_to_its_problem(object kind, int status, string name, string? retryAfter)
    {
        var failure = new GenesysFailure((GenesysFailureKind)kind, "It failed.", 418, "teapot", "I am a teapot.", "corr-1");

        using var response = await ResponseToAsync(new GenesysException(failure));
        var problem = await BodyOf(response);

        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        response.Headers.RetryAfter?.ToString().ShouldBe(retryAfter);
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{name}");
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("detail").GetString()!.ShouldStartWith("It failed.");
        problem.GetProperty("upstream").GetRawText().ShouldBe("""{"status":418,"code":"teapot","message":"I am a teapot.","correlationId":"corr-1"}""");
    }

    [Theory]
    [InlineData(GenesysFailureKind.Unauthorized, "It failed.", "It failed. The credentials of this service are at fault: check Genesys:ClientId, Genesys:ClientSecret and Genesys:Region.")]
    [InlineData(GenesysFailureKind.Forbidden, "It failed.", "It failed. The OAuth client of this service is at fault: it needs a role with analytics:conversationAggregate:view and routing:queue:view.")]
    // A message that already names the missing permission is not extended.
    [InlineData(GenesysFailureKind.Forbidden, "Our client lacks 'routing:queue:view'.", "Our client lacks 'routing:queue:view'.")]
    public void A_rejection_names_the_missing_permission_or_credential(object kind, string message, string expected)
    {
        ProblemFactory.FromGenesys(new GenesysFailure((GenesysFailureKind)kind, message)).Detail.ShouldBe(expected);
    }

    /// <summary>RFC 9110, 13.1.1, 13.1.4 and 14.4.</summary>
    [Theory]
    [InlineData("If-Match", "\"another\"", HttpStatusCode.PreconditionFailed, "The file has changed")]
    [InlineData("If-Unmodified-Since", "Sat, 01 Jan 2000 00:00:00 GMT", HttpStatusCode.PreconditionFailed, "The file has changed")]
    [InlineData("Range", "bytes=99999999-", HttpStatusCode.RequestedRangeNotSatisfiable, "The Range header selects no byte")]
    public async Task A_condition_that_is_not_met_and_an_unsatisfiable_range_of_a_file_keep_their_status(string header, string value, HttpStatusCode status, string detail)
    {
        using var service = new RunningService();
        foreach (var path in new[] { "/", "/index.html", "/favicon.svg", "/scripts/main.js", "/styles/page.css" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);

            using var response = await service.CreateClient().SendAsync(request, TestContext.Current.CancellationToken);

            response.StatusCode.ShouldBe(status, path);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            (response.Content.Headers.ContentRange?.HasLength ?? false).ShouldBe(header == "Range");
            var problem = await BodyOf(response);
            (problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32()).ShouldBe(("/problems/invalid-request", (int)status));
            problem.GetProperty("detail").GetString()!.ShouldStartWith(detail);
        }
    }

    [Theory]
    [InlineData(0.2, "1")]
    [InlineData(7.1, "8")]
    [InlineData(-5, "1")]
    public async Task RetryAfter_is_rounded_up_to_whole_seconds(double seconds, string expected)
    {
        var failure = new GenesysFailure(GenesysFailureKind.RateLimited, "Used up.", RetryAfter: TimeSpan.FromSeconds(seconds));

        using var response = await ResponseToAsync(new GenesysException(failure));

        response.Headers.RetryAfter!.ToString().ShouldBe(expected);
    }

    [Fact]
    public async Task Invalid_parameters_are_reported_by_name()
    {
        var errors = new Dictionary<string, string[]> { ["queueId"] = ["'x' is not a queue id.", "'y' is not a queue id."] };

        using var response = await ResponseToAsync(new ProblemException(ProblemFactory.InvalidRequest(errors)));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await BodyOf(response)).GetProperty("errors").GetRawText().ShouldBe("""{"queueId":["'x' is not a queue id.","'y' is not a queue id."]}""");
    }

    [Fact]
    public async Task An_ambiguous_queue_name_is_reported_with_its_candidates()
    {
        var candidates = new[] { new { Id = "1", Name = "Billing" } };

        using var response = await ResponseToAsync(new ProblemException(ProblemFactory.AmbiguousQueue("Several.", candidates)));

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await BodyOf(response)).GetProperty("candidates").GetRawText().ShouldBe("""[{"id":"1","name":"Billing"}]""");
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task An_unexpected_failure_reveals_only_the_trace_id(string environment)
    {
        using var service = Throwing(new InvalidOperationException("internal details"), environment);

        using var response = await service.CreateClient().GetAsync("/throws", TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var trace = (await BodyOf(response)).GetProperty("traceId").GetString()!;

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        body.ShouldBe($$"""{"type":"/problems/internal","title":"An internal error occurred.","status":500,"traceId":"{{trace}}"}""");
        trace.Length.ShouldBe(32);
        service.Log.Events.Single(one => one.Exception is not null).TraceId!.Value.ToHexString().ShouldBe(trace);
    }

    /// <summary>In Development, the developer exception page surrounds everything and would show any exception of the error handler.</summary>
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_problem_that_cannot_be_written_reveals_only_the_trace_id(string environment)
    {
        // A failure without a message, as a corrupt value in Redis could cause.
        using var service = Throwing(new GenesysException(new GenesysFailure(GenesysFailureKind.Unauthorized, null!)), environment);

        await AssertRevealsNothingAsync(service);
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_problem_omits_values_that_JSON_cannot_represent(string environment)
    {
        using var service = Throwing(new ProblemException(ProblemFactory.AmbiguousQueue("Several.", double.NaN)), environment);

        using var response = await service.CreateClient().GetAsync("/throws", TestContext.Current.CancellationToken);
        var problem = await BodyOf(response);

        response.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        problem.GetProperty("type").GetString().ShouldBe("/problems/ambiguous-queue");
        problem.TryGetProperty("candidates", out _).ShouldBeFalse();
        problem.GetRawText().ShouldNotContain("   at ");
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_failing_error_handler_reveals_no_stack_trace(string environment)
    {
        using var service = new RunningService
        {
            Environment = environment,
            Map = app => app.Run(_ => throw new InvalidOperationException("internal details")),
            // Registered before the service's own handler.
            Replace = services => services.Insert(0, ServiceDescriptor.Singleton<IExceptionHandler>(new FailingHandler())),
        };

        HttpResponseMessage? response = null;
        try
        {
            response = await service.CreateClient().GetAsync("/throws", TestContext.Current.CancellationToken);
        }
        catch (InvalidOperationException) when (environment == "Production")
        {
            // The test server rethrows where a real server closes the connection.
        }

        if (response is not null)
        {
            response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldStartWith("{\"type\":\"/problems/internal\"");
        }
    }

    [Fact]
    public async Task Stack_traces_can_be_enabled_in_Development()
    {
        using var service = new RunningService
        {
            Environment = "Development",
            Settings = new() { ["Errors:StackTraces"] = "true" },
            Map = app => app.Run(_ => throw new InvalidOperationException("internal details, with gaa_planted")),
        };

        using var response = await service.CreateClient().GetAsync("/throws", TestContext.Current.CancellationToken);
        var exception = (await BodyOf(response)).GetProperty("exception").GetString()!;

        exception.ShouldStartWith("System.InvalidOperationException: internal details, with gaa_***");
        exception.ShouldContain("   at ");
    }

    [Fact]
    public async Task A_response_that_runs_out_of_memory_is_503_with_RetryAfter()
    {
        using var service = Throwing(new InsufficientMemoryException("planted"));

        using var response = await service.CreateClient().GetAsync("/throws", TestContext.Current.CancellationToken);
        var problem = await BodyOf(response);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(10));
        problem.GetProperty("type").GetString().ShouldBe("/problems/overloaded");
        problem.GetProperty("detail").GetString().ShouldBe("There was not enough memory for this response. Try again later, or request fewer records.");
        service.Log.Events.Single(one => one.Exception is not null).MessageTemplate.Text.ShouldBe("There was not enough memory for a response");
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, "not-found")]
    [InlineData("GET", "/problems/nothing", 404, "not-found")]
    [InlineData("POST", "/health/live", 405, "method-not-allowed")]
    public async Task Errors_of_the_framework_are_problems_too(string method, string path, int status, string name)
    {
        using var service = new RunningService();

        using var response = await service.CreateClient().SendAsync(new HttpRequestMessage(new(method), path), TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status);
        (await BodyOf(response)).GetProperty("type").GetString().ShouldBe($"/problems/{name}");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData(400, "invalid-request", 400)]
    [InlineData(408, "invalid-request", 408)]
    [InlineData(413, "too-large", 413)]
    [InlineData(414, "too-large", 414)]
    [InlineData(415, "unsupported-media-type", 415)]
    [InlineData(431, "invalid-request", 431)]
    public async Task A_request_that_cannot_be_read_gets_the_problem_and_status_of_its_cause(int refused, string name, int status)
    {
        using var response = await ResponseToAsync(new BadHttpRequestException("Not like that.", refused));
        var problem = await BodyOf(response);

        ((int)response.StatusCode).ShouldBe(status);
        problem.GetProperty("type").GetString().ShouldBe($"/problems/{name}");
        problem.GetProperty("detail").GetString().ShouldBe("Not like that.");
    }

    [Fact]
    public async Task A_body_or_URL_above_the_limit_is_rejected_before_it_is_read()
    {
        using var service = new RunningService { Settings = new() { ["Limits:BodyBytes"] = "2048" } };
        using var client = service.CreateClient();

        using var body = await client.PostAsync("/health/live", new ByteArrayContent(new byte[2049]), TestContext.Current.CancellationToken);
        using var address = await client.GetAsync("/health/live?" + new string('a', 16 * 1024), TestContext.Current.CancellationToken);

        body.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await BodyOf(body)).GetProperty("detail").GetString().ShouldBe("The body may have at most 2048 bytes (Limits:BodyBytes).");
        address.StatusCode.ShouldBe(HttpStatusCode.RequestUriTooLong);
        (await BodyOf(address)).GetProperty("type").GetString().ShouldBe("/problems/too-large");
    }

    [Fact]
    public async Task A_caller_who_disconnects_is_not_logged_as_an_error()
    {
        using var leave = new CancellationTokenSource();
        using var service = new RunningService
        {
            Map = app => app.Run(async context =>
            {
                await leave.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }),
        };

        await Should.ThrowAsync<OperationCanceledException>(service.CreateClient().GetAsync("/slow", leave.Token));

        var line = await service.Log.NextRequestAsync();
        line.Properties["StatusCode"].ToString().ShouldBe("499");
        service.Log.Events.Where(one => one.TraceId == line.TraceId).ShouldAllBe(one => one.Level < Serilog.Events.LogEventLevel.Warning);
    }

    [Fact]
    public async Task A_caller_who_disconnects_during_a_rejection_is_not_logged_as_an_error()
    {
        using var leave = new CancellationTokenSource();
        using var service = new RunningService
        {
            Map = app => app.Run(async context =>
            {
                var gone = new TaskCompletionSource();
                using var noticed = context.RequestAborted.Register(gone.SetResult);
                await leave.CancelAsync();
                await gone.Task;
                throw new ProblemException(ProblemFactory.UnknownQueueId("1"));
            }),
        };

        await Should.ThrowAsync<OperationCanceledException>(service.CreateClient().GetAsync("/refused", leave.Token));

        var line = await service.Log.NextRequestAsync();
        service.Log.Events.Where(one => one.TraceId == line.TraceId).ShouldAllBe(one => one.Level < Serilog.Events.LogEventLevel.Warning);
    }

    [Fact]
    public async Task Neither_secrets_nor_Genesys_messages_reach_the_log()
    {
        var failure = new GenesysFailure(GenesysFailureKind.Rejected, "Rejected.", 400, "bad.request", "upstream words");
        using var service = Throwing(new GenesysException(failure, calls: 2));

        await service.CreateClient().GetAsync("/throws", TestContext.Current.CancellationToken);

        var log = service.Log.AsJson();
        log.ShouldContain("bad.request");
        log.ShouldNotContain("upstream words");
        log.ShouldNotContain(RunningService.PlantedSecret);
    }

    private static async Task AssertRevealsNothingAsync(RunningService service)
    {
        using var response = await service.CreateClient().GetAsync("/throws", TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var trace = JsonDocument.Parse(body).RootElement.GetProperty("traceId").GetString()!;

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        body.ShouldBe($$"""{"type":"/problems/internal","title":"An internal error occurred.","status":500,"traceId":"{{trace}}"}""");
    }

    private sealed class FailingHandler : IExceptionHandler
    {
        public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("the handler fails too");
    }

    private static RunningService Throwing(Exception exception, string environment = "Production") =>
        new() { Environment = environment, Map = app => app.Run(_ => throw exception) };

    private static async Task<HttpResponseMessage> ResponseToAsync(Exception exception)
    {
        using var service = Throwing(exception);
        var response = await service.CreateClient().GetAsync("/throws", TestContext.Current.CancellationToken);
        await response.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        return response;
    }

    private static Task<JsonElement> BodyOf(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
}
