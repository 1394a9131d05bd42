using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace GenesysAnalyticsApi.SystemTests.Simulating;

public sealed class TokenTests
{
    private const string Queues = "/api/v2/routing/queues";

    [Fact]
    public async Task A_token_is_a_bearer_token_with_the_stated_lifetime()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { TokenSeconds = 300 });

        using var reply = await organization.PostTokenAsync("simulator", "simulator");
        var token = await Read(reply);
        token["token_type"]!.GetValue<string>().ShouldBe("bearer");
        token["expires_in"]!.GetValue<int>().ShouldBe(300);

        organization.Clock.Advance(TimeSpan.FromSeconds(299));
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);
        organization.Clock.Advance(TimeSpan.FromSeconds(1));
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("unknown", "simulator", "client_credentials", "invalid_client", "client not found")]
    [InlineData("simulator", "wrong", "client_credentials", "invalid_client", "authentication failed")]
    [InlineData("simulator", "simulator", "password", "unsupported_grant_type", "Only client_credentials is supported")]
    public async Task A_rejected_client_gets_the_body_of_the_token_endpoint(
        string id, string secret, string grant, string error, string description)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });

        using var reply = await organization.PostTokenAsync(id, secret, grant);

        reply.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var body = await Read(reply);
        body["error"]!.GetValue<string>().ShouldBe(error);
        body["error_description"]!.GetValue<string>().ShouldBe(description);
        body["description"]!.GetValue<string>().ShouldBe(description);
    }

    [Fact]
    public async Task The_status_of_a_rejected_client_is_configurable()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1, InvalidClientStatus = 401 });

        using var reply = await organization.PostTokenAsync("simulator", "wrong");

        reply.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(null, "authentication.required")]
    [InlineData("Basic c2ltOnNpbQ==", "authentication.required")]
    [InlineData("Bearer something", "bad.credentials")]
    public async Task A_request_needs_a_valid_token(string? header, string code)
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        organization.Client.DefaultRequestHeaders.Authorization = header is null ? null : AuthenticationHeaderValue.Parse(header);

        using var reply = await organization.GetAsync(Queues);

        reply.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var body = await Read(reply);
        body["code"]!.GetValue<string>().ShouldBe(code);
        body["contextId"]!.GetValue<string>().ShouldBe(reply.Headers.GetValues("ININ-Correlation-Id").Single());
    }

    [Fact]
    public async Task Revoked_tokens_are_rejected_immediately_and_new_ones_are_valid()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });

        organization.Simulator.RevokeTokens();

        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await organization.LogInAsync();
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Each_token_has_its_own_rate_limit_per_minute()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1, RequestsPerMinute = 3 });

        using var first = await organization.GetAsync(Queues);
        Header(first, "inin-ratelimit-count").ShouldBe("1");
        Header(first, "inin-ratelimit-allowed").ShouldBe("3");
        Header(first, "inin-ratelimit-reset").ShouldBe("60");
        organization.Clock.Advance(TimeSpan.FromSeconds(48));
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var over = await organization.GetAsync(Queues);
        over.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        Header(over, "Retry-After").ShouldBe("12");
        var body = await Read(over);
        body["code"]!.GetValue<string>().ShouldBe("too.many.requests");
        body["message"]!.GetValue<string>().ShouldContain("[12] seconds");
        body["limit"]!["value"]!.GetValue<int>().ShouldBe(3);

        // Another token has a separate limit.
        var exhausted = organization.Client.DefaultRequestHeaders.Authorization;
        await organization.LogInAsync();
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);
        organization.Client.DefaultRequestHeaders.Authorization = exhausted;
        organization.Clock.Advance(TimeSpan.FromSeconds(12));
        (await organization.GetAsync(Queues)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_rate_limit_headers_can_be_omitted()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1, RateHeaders = false });

        using var reply = await organization.GetAsync(Queues);

        reply.Headers.Contains("inin-ratelimit-count").ShouldBeFalse();
    }

    [Fact]
    public async Task Every_request_is_recorded_until_cleared()
    {
        await using var organization = await SimulatedOrganization.StartAsync(new() { Queues = 1 });
        await organization.GetAsync(Queues + "?pageSize=7");

        organization.Simulator.Calls.Select(call => string.Create(CultureInfo.InvariantCulture, $"{call.Method} {call.Path} {call.Status}"))
            .ShouldBe(["POST /oauth/token 200", "GET /api/v2/routing/queues?pageSize=7 200"]);
        organization.Simulator.Calls[0].Body.ShouldBe("grant_type=client_credentials");

        organization.Simulator.ClearCalls();
        organization.Simulator.Calls.ShouldBeEmpty();
    }

    private static string Header(HttpResponseMessage reply, string name) => reply.Headers.GetValues(name).Single();

    private static async Task<JsonNode> Read(HttpResponseMessage reply) =>
        JsonNode.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
}
