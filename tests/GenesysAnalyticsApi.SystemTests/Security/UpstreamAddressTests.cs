using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>The settings determine the address of Genesys; nothing that a caller sends can change it.</summary>
public sealed class UpstreamAddressTests
{
    private const string Elsewhere = "elsewhere.invalid";

    private static readonly string[] Configured = ["login.mypurecloud.test", "api.mypurecloud.test"];

    public static TheoryData<string> Queries =>
    [
        $"?last=PT1H&queue=http://{Elsewhere}/*", $"?last=PT1H&queueId=//{Elsewhere}", $"?last=PT1H&metric=//{Elsewhere}", $"?timeZone=http://{Elsewhere}", $"?interval=http://{Elsewhere}/x", $"?last=PT1H&divisionId=@{Elsewhere}",
        $"?last=PT1H&url=http://{Elsewhere}&host={Elsewhere}&region={Elsewhere}", "?last=PT1H&queueId=a0000000-0000-4000-8000-000000000001", "?last=PT1H&queueId=..%2f..%2fx",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task No_parameter_or_header_changes_the_Genesys_address(string query)
    {
        var upstream = new FakeGenesysServer().Upstream();
        using var service = new RunningService { Upstream = upstream };
        using var client = service.CreateClient();

        foreach (var (name, value) in new[]
        {
            ("X-Odd", ""), ("X-Forwarded-Host", Elsewhere), ("X-Forwarded-For", Elsewhere), ("X-Forwarded-Proto", "gopher"), ("Forwarded", $"host={Elsewhere};proto=http"), ("X-Original-URL", $"http://{Elsewhere}/"),
            ("X-Rewrite-URL", $"http://{Elsewhere}/"), ("Referer", $"http://{Elsewhere}/"), ("Origin", $"http://{Elsewhere}"), ("X-Genesys-Region", Elsewhere), ("Proxy", $"http://{Elsewhere}"), ("Host", Elsewhere),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/aggregates" + query);
            request.Headers.TryAddWithoutValidation(name, value);
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

            ((int)response.StatusCode).ShouldBeLessThan(500);
        }

        upstream.Requests.ShouldNotBeEmpty();
        upstream.Requests.ShouldAllBe(url => Configured.Contains(url.Host) && url.IsDefaultPort && url.Scheme == "https" && !url.OriginalString.Contains(Elsewhere, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData($"GET http://{Elsewhere}/aggregates?last=PT1H HTTP/1.1\r\nHost: {Elsewhere}\r\n\r\n", 400)]
    [InlineData($"GET http://{Elsewhere}/aggregates?last=PT1H HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData($"GET http://localhost@{Elsewhere}/aggregates?last=PT1H HTTP/1.1\r\nHost: {Elsewhere}\r\n\r\n", 400)]
    [InlineData($"CONNECT {Elsewhere}:443 HTTP/1.1\r\nHost: {Elsewhere}:443\r\n\r\n", 400)]
    [InlineData($"GET //{Elsewhere}/aggregates HTTP/1.1\r\nHost: localhost\r\n\r\n", 404)]
    [InlineData("GET http://localhost/aggregates?last=PT1H HTTP/1.1\r\nHost: localhost\r\n\r\n", 200)]
    public async Task The_service_does_not_act_as_a_proxy(string sent, int expected)
    {
        var upstream = new FakeGenesysServer().Upstream();
        using var service = new RunningService { Upstream = upstream };

        var response = await RawConnection.To(service).QueryAsync(sent, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

        response.ShouldStartWith($"HTTP/1.1 {expected} ");
        upstream.Requests.ShouldAllBe(url => Configured.Contains(url.Host));
    }
}
