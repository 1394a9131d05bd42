using System.Net;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Security;

public sealed class SecurityHeadersTests
{
    private const string Day = "/aggregates?from=2026-11-10&to=2026-11-11";

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Day, 200)]
    [InlineData("/aggregates?wrong=1", 400)]
    [InlineData("/queues/05f1c285-6777-4ccc-806f-8db085ae0793", 404)]
    [InlineData("/nowhere", 404)]
    [InlineData("/throws", 500)]
    [InlineData("/health/live", 200)]
    [InlineData("/problems/internal", 200)]
    public async Task Every_response_has_the_security_headers(string path, int status)
    {
        using var service = Service();

        using var response = await service.CreateClient().GetAsync(path, TestCancellation);

        ((int)response.StatusCode).ShouldBe(status);
        ShouldBeSafe(response, "default-src 'none'; frame-ancestors 'none'");
    }

    [Fact]
    public async Task A_response_without_a_body_has_the_security_headers_too()
    {
        using var service = Service();
        using var client = service.CreateClient();
        using var first = await client.GetAsync(Day, TestCancellation);
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);

        using var known = await client.GetAsync(Day, TestCancellation);

        known.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        ShouldBeSafe(known, "default-src 'none'; frame-ancestors 'none'");
    }

    [Theory]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/swagger-ui-bundle.js")]
    [InlineData("/swagger/v1/swagger.json")]
    public async Task The_Swagger_page_may_load_only_its_own_files(string path)
    {
        using var service = Service();

        using var response = await service.CreateClient().GetAsync(path, TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        ShouldBeSafe(
            response,
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
            + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
    }

    private static RunningService Service() => new()
    {
        Replace = services => services.AddSingleton<IGenesysGateway>(new BlockingGateway()),
        Map = app => app.Use(next => context => context.Request.Path == "/throws" ? throw new InvalidOperationException("for the test") : next(context)),
    };

    private static void ShouldBeSafe(HttpResponseMessage response, string policy)
    {
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        response.Headers.GetValues("Content-Security-Policy").ShouldBe([policy]);
    }
}
