using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Errors;

/// <summary>If a list makes the URL too long, the response says what to do instead.</summary>
public sealed class LongAddressTests
{
    [Theory]
    [InlineData(1_000)] // the documented maximum
    [InlineData(2_000)]
    [InlineData(10_000)]
    public async Task A_URL_that_is_too_long_is_rejected_with_an_alternative(int ids)
    {
        // On a real socket, because the server has its own limit, above which it sends no body.
        using var service = new RunningService();
        var list = string.Join('&', Enumerable.Range(0, ids).Select(id => $"queueId={id:x8}-0000-4000-8000-000000000000"));

        var response = await RawConnection.To(service).QueryAsync(
            $"GET /aggregates?{list} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

        response.ShouldStartWith("HTTP/1.1 414 ");
        response.ShouldContain("Content-Type: application/problem+json");
        response.ShouldContain("/problems/too-large");
        response.ShouldContain($"The address has {list.Length + "/aggregates?".Length} characters; the maximum is 16384.");
        response.ShouldContain("queue=Billing*");
        response.ShouldContain("divisionId");
    }
}
