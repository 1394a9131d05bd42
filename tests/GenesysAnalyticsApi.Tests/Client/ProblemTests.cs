using System.Net;
using GenesysAnalyticsApi.Client;
using GenesysAnalyticsApi.Tests.Client.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Client;

/// <summary>How errors of the service, or of a proxy in front of it, reach the application.</summary>
public sealed class ProblemTests : IDisposable
{
    private readonly ScriptedService _service = new();

    [Fact]
    public async Task Every_member_of_a_problem_reaches_the_application()
    {
        var problem = await ProblemOfAsync(
            HttpStatusCode.BadGateway,
            """
            {"type":"/problems/genesys-refused","title":"Genesys refused.","status":502,"detail":"A permission is missing.","traceId":"0af7",
             "errors":{"queue":["one","two"],"last":["three"]},"upstream":{"status":403,"code":"missing.permissions"},"candidates":["x"]}
            """,
            "application/problem+json");

        (problem.Type, problem.Title, problem.Status, problem.Detail, problem.TraceId)
            .ShouldBe(("/problems/genesys-refused", "Genesys refused.", 502, "A permission is missing.", "0af7"));
        problem.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        problem.RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
        problem.Errors["queue"].ShouldBe(["one", "two"]);
        problem.Errors["last"].ShouldBe(["three"]);
        problem.Extensions.Keys.ShouldBe(["upstream", "candidates"], ignoreOrder: true);
        problem.Extensions["upstream"].GetProperty("code").GetString().ShouldBe("missing.permissions");
        problem.Message.ShouldBe("502: Genesys refused. A permission is missing. (trace id 0af7)\nqueue: one\nqueue: two\nlast: three");
    }

    [Theory]
    [InlineData("<html>secret page</html>", "text/html")]
    [InlineData("{", "application/problem+json")]
    [InlineData("null", "application/problem+json")]
    [InlineData("", "application/problem+json")]
    public async Task An_error_without_a_problem_has_its_status(string body, string type)
    {
        var problem = await ProblemOfAsync(HttpStatusCode.BadGateway, body, type);

        (problem.Type, problem.Title, problem.Status, problem.Detail, problem.TraceId).ShouldBe(("about:blank", "BadGateway", 502, null, null));
        problem.Errors.ShouldBeEmpty();
        problem.Message.ShouldBe("502: BadGateway.");
    }

    [Fact]
    public async Task A_redirect_is_not_followed_because_the_key_would_be_sent_too()
    {
        var problem = await ProblemOfAsync(HttpStatusCode.Found, "", "text/plain");

        problem.Status.ShouldBe(302);
        _service.Requests.Count.ShouldBe(1);
    }

    public void Dispose() => _service.Dispose();

    private async Task<AnalyticsProblemException> ProblemOfAsync(HttpStatusCode status, string body, string type)
    {
        _service.Then(status, body, type, ("Retry-After", "7"), ("Location", "http://elsewhere.test/"));
        using var client = _service.Client();
        return await Should.ThrowAsync<AnalyticsProblemException>(client.GetAggregatesAsync(cancellationToken: TestContext.Current.CancellationToken));
    }
}
