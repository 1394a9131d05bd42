using System.Net;
using System.Text.Json;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Security.Authentication;

public sealed class AuthenticationTests
{
    private static readonly IssuedKeys Keys = new IssuedKeys()
        .Add("reader")
        .Add("operator", ("Scopes:0", "operator"))
        .Add("leaving", ("Expires", "2026-11-23T09:16:00Z"))
        .Add("left", ("Expires", "2026-11-23T10:15:00+01:00"));

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "Credentials are required: an API key in the header X-Api-Key.")]
    [InlineData("gaa_wrong", "The API key is invalid.")]
    public async Task Requests_without_a_valid_key_are_rejected(string? key, string expected)
    {
        using var service = Service();
        foreach (var path in new[] { "/aggregates", "/queues", "/queues/05f1c285-6777-4ccc-806f-8db085ae0793", "/aggregates?explain=true", "/aggregates?wrong=1", "/catalog", "/alerts" })
        {
            using var response = await QueryAsync(service, path, key);

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            response.Headers.WwwAuthenticate.ToString().ShouldBe("ApiKey header=\"X-Api-Key\"");
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
            var problem = await ProblemAsync(response);
            problem.GetProperty("type").GetString().ShouldBe("/problems/unauthenticated");
            problem.GetProperty("detail").GetString().ShouldBe(expected);
        }
    }

    [Fact]
    public async Task A_key_is_valid_until_it_expires()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero));
        using var service = Service(clock: clock);

        (await StatusAsync(service, "leaving")).ShouldNotBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(service, "left")).ShouldBe(HttpStatusCode.Unauthorized);
        clock.Advance(TimeSpan.FromMinutes(1));
        using var late = await QueryAsync(service, "/queues?wrong=1", Keys["leaving"]);

        late.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ProblemAsync(late)).GetProperty("detail").GetString().ShouldBe("The API key has expired.");
    }

    [Fact]
    public async Task A_request_without_the_scope_is_403_and_the_problem_names_the_scope()
    {
        using var service = Service();

        foreach (var path in new[] { "/aggregates", "/catalog" })
        {
            using var response = await QueryAsync(service, path, Keys["operator"]);

            response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await ProblemAsync(response)).GetProperty("detail").GetString().ShouldBe("These credentials lack the scope 'read'. Use credentials with this scope, or ask the operator of the service for it.");
        }
    }

    [Fact]
    public async Task Two_keys_in_one_request_and_a_key_as_a_token_are_rejected()
    {
        using var service = Service();
        using var two = new HttpRequestMessage(HttpMethod.Get, "/queues") { Headers = { { ApiKeyAuthenticator.Header, [Keys["reader"], Keys["reader"]] } } };
        using var token = new HttpRequestMessage(HttpMethod.Get, "/queues") { Headers = { { "Authorization", $"Bearer {Keys["reader"]}" } } };

        (await service.CreateClient().SendAsync(two, TestCancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var response = await service.CreateClient().SendAsync(token, TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await ProblemAsync(response)).GetProperty("detail").GetString().ShouldBe("Bearer tokens are not accepted here.");
    }

    [Fact]
    public async Task An_invalid_key_is_rejected_even_if_none_is_required()
    {
        using var service = Service([("Auth:Mode", "ApiKey, Anonymous"), ("Auth:AllowAnonymous", "true")]);

        (await QueryAsync(service, "/queues?wrong=1", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await QueryAsync(service, "/queues?wrong=1", "gaa_wrong")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var open = new RunningService();
        (await QueryAsync(open, "/queues?wrong=1", Keys["reader"])).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 503)]
    [InlineData("/problems/forbidden", 200)]
    [InlineData("/swagger/index.html", 200)]
    [InlineData("/swagger/v1/swagger.json", 200)]
    [InlineData("/nowhere", 404)]
    public async Task Endpoints_without_figures_need_no_key(string path, int expected)
    {
        using var service = Service();

        ((int)(await QueryAsync(service, path, null)).StatusCode).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Callers", null, 401)]
    [InlineData("Callers", "reader", 200)]
    [InlineData("Operators", null, 401)]
    [InlineData("Operators", "reader", 403)]
    [InlineData("Operators", "operator", 200)]
    [InlineData("Off", "operator", 404)]
    public async Task Swagger_access_is_configurable(string access, string? holder, int expected)
    {
        using var service = Service([("Auth:Swagger", access)]);

        foreach (var path in new[] { "/swagger/index.html", "/swagger/v1/swagger.json", "/Swagger/v1/swagger.json", "/swagger" })
        {
            var status = (int)(await QueryAsync(service, path, holder is null ? null : Keys[holder])).StatusCode;
            status.ShouldBe(path == "/swagger" && expected == 200 ? 301 : expected, path);
        }
    }

    [Fact]
    public async Task Health_details_are_visible_to_operators_only()
    {
        using var service = Service();

        (await (await QueryAsync(service, "/health/ready", null)).Content.ReadAsStringAsync(TestCancellation)).ShouldBe("""{"status":"not-ready"}""");
        (await (await QueryAsync(service, "/health/ready", Keys["reader"])).Content.ReadAsStringAsync(TestCancellation)).ShouldBe("""{"status":"not-ready"}""");
        (await (await QueryAsync(service, "/health/ready", Keys["operator"])).Content.ReadAsStringAsync(TestCancellation)).ShouldContain("\"genesys\"");
    }

    [Fact]
    public async Task The_request_log_names_the_caller_but_not_the_key()
    {
        using var service = Service();

        await QueryAsync(service, "/queues?wrong=1", Keys["reader"]);
        await QueryAsync(service, "/queues?wrong=2", "gaa_wrong");

        var lines = service.Log.Events.Where(line => line.Properties.ContainsKey("RequestPath")).ToList();
        lines[0].Properties[CallerPrincipal.LogName].ToString().ShouldBe("\"reader\"");
        lines[1].Properties.ShouldNotContainKey(CallerPrincipal.LogName);
        lines.Select(RecordedLog.Text).ShouldAllBe(line => !line.Contains(Keys["reader"], StringComparison.Ordinal) && !line.Contains("gaa_wrong", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_endpoint_requires_authorization_or_is_deliberately_open()
    {
        using var service = Service();

        var open = service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is null && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null)
            .Select(endpoint => endpoint.RoutePattern.RawText);

        string[] page = ["/", "/index.html", "/styles/{**file}", "/favicon.svg", "/scripts/{**file}", "/vendor/{**file}"];
        open.ShouldBe(["/health/live", "/health/ready", "/problems/{name}", .. page], ignoreOrder: true);
    }

    [Theory]
    [InlineData("Production", true)]
    [InlineData("Development", false)]
    public async Task An_anonymous_service_logs_a_warning_at_startup_outside_Development(string environment, bool isLogged)
    {
        using var service = new RunningService { Environment = environment };
        await QueryAsync(service, "/health/live", null);

        service.Log.Events.Select(RecordedLog.Text).Any(line => line.Contains("Anonymous access is enabled", StringComparison.Ordinal)).ShouldBe(isLogged);
    }

    private static RunningService Service((string Key, string Value)[]? settings = null, TimeProvider? clock = null)
    {
        var all = new Dictionary<string, string>(Keys.Settings) { ["Auth:AllowAnonymous"] = "false" };
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        return new RunningService
        {
            Environment = Environments.Production,
            Settings = all,
            Clock = clock ?? new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 15, 0, TimeSpan.Zero)),
        };
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningService service, string holder) =>
        (await QueryAsync(service, "/queues?wrong=1", Keys[holder])).StatusCode;

    private static async Task<HttpResponseMessage> QueryAsync(RunningService service, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(ApiKeyAuthenticator.Header, key);
        }

        var client = service.CreateClient(new() { AllowAutoRedirect = false });
        return await client.SendAsync(request, TestCancellation);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestCancellation));
    }
}
