using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Errors;

/// <summary>Lists that are too long for an address, as clients send them: what comes back says what to do instead.</summary>
public sealed class LongAddressTests
{
    [Theory]
    [InlineData(1_000)] // as many as the contract allows
    [InlineData(2_000)]
    [InlineData(10_000)]
    public async Task An_address_with_a_list_that_is_too_long_is_told_what_to_do_instead(int ids)
    {
        // On a real socket: the server has a limit of its own, and says nothing above it.
        using var service = new RunningService();
        var list = string.Join('&', Enumerable.Range(0, ids).Select(id => $"queueId={id:x8}-0000-4000-8000-000000000000"));

        var answer = await RawConnection.To(service).AskAsync(
            $"GET /aggregates?{list} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

        answer.ShouldStartWith("HTTP/1.1 414 ");
        answer.ShouldContain("Content-Type: application/problem+json");
        answer.ShouldContain("/problems/too-large");
        answer.ShouldContain($"The address has {list.Length + "/aggregates?".Length} characters; the maximum is 16384.");
        answer.ShouldContain("queue=Billing*");
        answer.ShouldContain("divisionId");
    }
}
