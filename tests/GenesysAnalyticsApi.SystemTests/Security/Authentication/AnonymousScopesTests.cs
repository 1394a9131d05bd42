using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Security.Authentication;

/// <summary>What anonymous callers may do.</summary>
public sealed class AnonymousScopesTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 200, 403, 200)]
    [InlineData("", 200, 403, 200)]
    [InlineData("agents", 403, 200, 403)]
    [InlineData("READ, agents", 200, 200, 403)]
    [InlineData("read,operator", 200, 403, 200)]
    public async Task Anonymous_callers_have_exactly_the_configured_scopes_and_never_agents_by_default(string? scopes, int queues, int users, int metrics)
    {
        using var service = new RunningService
        {
            Upstream = new FakeGenesysServer().Upstream(),
            Settings = new(scopes is null ? [] : new Dictionary<string, string> { ["Auth:AnonymousScopes"] = scopes }) { ["Auth:Metrics"] = "Operators" },
        };

        (await StatusAsync(service, "/queues")).ShouldBe(queues);
        (await StatusAsync(service, "/users")).ShouldBe(users);
        (await StatusAsync(service, "/metrics")).ShouldBe(metrics);
    }

    /// <summary>The settings of the demo contain the scope. With real agents, the service must not be open by accident.</summary>
    [Fact]
    public async Task Real_agents_are_not_shown_in_Development_unless_anonymous_access_is_allowed_explicitly()
    {
        using var service = new RunningService
        {
            Environment = "Development",
            Upstream = new FakeGenesysServer().Upstream(),
            Settings = new() { ["Auth:AnonymousScopes"] = "read,agents", ["Auth:AllowAnonymous"] = "false" },
        };

        (await StatusAsync(service, "/queues")).ShouldBe(200);
        (await StatusAsync(service, "/users")).ShouldBe(403);
        service.Log.AsText().ShouldContain("Anonymous callers do not get the agents scope");
    }

    [Fact]
    public async Task Simulated_agents_need_no_explicit_permission()
    {
        using var service = new RunningService
        {
            Environment = "Development",
            Upstream = null,
            Settings = new()
            {
                ["Auth:AnonymousScopes"] = "read,agents",
                ["Auth:AllowAnonymous"] = "false",
                ["Genesys:Mode"] = "Simulator",
                ["Genesys:Region"] = "",
                ["Genesys:ClientId"] = "",
                ["Genesys:ClientSecret"] = "",
            },
        };

        (await StatusAsync(service, "/users")).ShouldNotBe(403);
        service.Log.AsText().ShouldNotContain("Anonymous callers do not get the agents scope");
    }

    private static async Task<int> StatusAsync(RunningService service, string path)
    {
        using var client = service.CreateClient();
        using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
        return (int)response.StatusCode;
    }
}
