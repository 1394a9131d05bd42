using System.Net;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace GenesysAnalyticsApi.SystemTests.Security;

/// <summary>Anonymous callers behind a proxy: which address identifies the caller.</summary>
public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("10.1.2.3", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.2.2.3", "203.0.113.9", "10.2.2.3")]
    [InlineData("::ffff:10.1.2.3", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.1.2.3", "198.51.100.7, 203.0.113.9", "203.0.113.9")]
    [InlineData("10.1.2.3", "198.51.100.7, 203.0.113.9, 192.0.2.1", "203.0.113.9")]
    [InlineData("10.1.2.3", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("10.1.2.3", "invalid", "10.1.2.3")]
    [InlineData("10.1.2.3", null, "10.1.2.3")]
    public async Task The_last_untrusted_address_is_the_caller(string from, string? forwarded, string expected)
    {
        using var service = Service(from, ("Auth:TrustedProxies:0", "10.1.0.0/16"), ("Auth:TrustedProxies:1", "192.0.2.1"));
        using var client = service.CreateClient();

        await QueryAsync(client, forwarded);

        (await service.Log.NextRequestAsync()).Properties[CallerPrincipal.LogName].ToString().ShouldBe($"\"{expected}\"");
    }

    [Fact]
    public async Task Without_trusted_proxies_forwarded_headers_are_ignored()
    {
        using var service = Service("127.0.0.1");
        using var client = service.CreateClient();

        await QueryAsync(client, "203.0.113.9");

        (await service.Log.NextRequestAsync()).Properties[CallerPrincipal.LogName].ToString().ShouldBe("\"anonymous\"");
    }

    private static async Task QueryAsync(HttpClient client, string? forwarded)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/queues", UriKind.Relative));
        if (forwarded is not null)
        {
            request.Headers.Add("X-Forwarded-For", forwarded);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static RunningService Service(string from, params (string Key, string Value)[] settings) => new()
    {
        Settings = settings.ToDictionary(setting => setting.Key, setting => setting.Value),
        Replace = services => services.AddSingleton<IStartupFilter>(new FixedRemoteAddress(IPAddress.Parse(from))),
    };

    private sealed class FixedRemoteAddress(IPAddress address) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                context.Connection.RemoteIpAddress = address;
                return following(context);
            });
            next(app);
        };
    }
}
