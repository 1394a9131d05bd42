using System.Net;
using GenesysAnalyticsApi.Alerts.Webhooks;
using GenesysAnalyticsApi.SystemTests.Alerts.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Alerts;

/// <summary>The address that a socket connects to is the one that was checked.</summary>
public sealed class WebhookConnectorTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("fd00:ec2::254")]
    public async Task A_name_that_resolves_to_a_private_address_is_refused(string address)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var client = new HttpClient(new WebhookConnector(allowsPrivate: false, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)])).CreateHandler());

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://public.example:{receiver.Port}/hook"), TestCancellation));

        failure.InnerException.ShouldBeOfType<WebhookAddressException>();
        receiver.Received.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://[::1]")]
    public async Task A_private_address_in_the_url_itself_is_refused(string host)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var client = new HttpClient(new WebhookConnector(allowsPrivate: false, (_, _) => throw new InvalidOperationException("An address needs no name resolution.")).CreateHandler());

        var failure = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri($"{host}:{receiver.Port}/hook"), TestCancellation));

        failure.InnerException.ShouldBeOfType<WebhookAddressException>();
        receiver.Received.ShouldBeEmpty();
    }

    /// <summary>Protects against DNS rebinding, where a later reply contains the address of this machine.</summary>
    [Fact]
    public async Task A_name_is_resolved_once_per_connection_and_each_reply_is_checked()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var replies = new Queue<IPAddress[]>([[IPAddress.Loopback], [IPAddress.Parse("192.168.0.1"), IPAddress.IPv6Loopback]]);
        using var client = new HttpClient(new WebhookConnector(allowsPrivate: false, (_, _) => Task.FromResult(replies.Dequeue())).CreateHandler());

        for (var left = 1; left >= 0; left--)
        {
            await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(new Uri($"http://rebinding.example:{receiver.Port}/"), TestCancellation));
            replies.Count.ShouldBe(left);
        }

        receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task If_an_address_does_not_respond_the_next_one_is_tried()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var client = new HttpClient(new WebhookConnector(allowsPrivate: true, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.IPv6Loopback, IPAddress.Loopback])).CreateHandler());

        using var response = await client.PostAsync(new Uri($"http://two.example:{receiver.Port}/hook"), null, TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
