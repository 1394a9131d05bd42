using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;

namespace GenesysAnalyticsApi.Tests.Security.RateLimiting;

/// <summary>Validation of the settings for rate limits, concurrency, CORS and trusted proxies.</summary>
public sealed class CallersOptionsValidatorTests
{
    private const string Key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("Callers:RequestsPerMinute=0", "Callers:RequestsPerMinute = '0' is out of range. Give a value from 1 to 10000000.")]
    [InlineData("Callers:RequestsPerMinute=many", "Callers:RequestsPerMinute = 'many' is not a whole number. The default is 1200.")]
    [InlineData("Callers:MaxConcurrent=0", "Callers:MaxConcurrent = '0' is out of range. Give a value from 1 to 100000.")]
    [InlineData("Callers:MaxConcurent=1", "Callers:MaxConcurent is not a setting; the closest is Callers:MaxConcurrent.")]
    [InlineData("Limits:MaxFetching=0", "Limits:MaxFetching = '0' is out of range. Give a value from 1 to 100000.")]
    [InlineData("Limits:MaxQueued=0", "Limits:MaxQueued = '0' is out of range. Give a value from 1 to 1000000.")]
    [InlineData("Limits:MaxConnections=0", "Limits:MaxConnections = '0' is out of range. Give a value from 1 to 1000000.")]
    [InlineData("Auth:Keys:1:RequestsPerMinute=5", "Auth:Keys = 'team' is the name of several keys whose RequestsPerMinute differ. They are one caller: give all of them the same value.")]
    [InlineData("Auth:Keys:1:RequestsPerMinute=10000001", "Auth:Keys:1:RequestsPerMinute = '10000001' is out of range. Give a value from 1 to 10000000.")]
    [InlineData("Cors:Origins=https://a.example", "Cors:Origins is a list: give Cors:Origins:0, Cors:Origins:1 and so on.")]
    [InlineData("Cors:Origins:0=https://a.example/", "Cors:Origins = 'https://a.example/' is not an origin. Give scheme, host and port as browsers send them, such as https://wallboard.example.com, without a path or a slash at the end.")]
    [InlineData("Cors:Origins:0=https://a.example:443", "Cors:Origins = 'https://a.example:443' is not an origin. Give scheme, host and port as browsers send them, such as https://wallboard.example.com, without a path or a slash at the end.")]
    [InlineData("Cors:Origins:0=https://A.example", "Cors:Origins = 'https://A.example' is not an origin. Give scheme, host and port as browsers send them, such as https://wallboard.example.com, without a path or a slash at the end.")]
    [InlineData("Cors:Origins:0=null", "Cors:Origins = 'null' is not an origin. Give scheme, host and port as browsers send them, such as https://wallboard.example.com, without a path or a slash at the end.")]
    [InlineData("Cors:Origins:0=* Auth:Mode=ApiKey,Anonymous Auth:AllowAnonymous=true", "Cors:Origins = '*' admits any page while anonymous access is allowed. List the origins, or set Auth:Mode=ApiKey.")]
    [InlineData("Auth:TrustedProxies:0=ingress", "Auth:TrustedProxies = 'ingress' is neither an address nor a network. Give an address such as 10.1.2.3, or a network such as 10.1.0.0/16.")]
    [InlineData("Auth:TrustedProxies:0=10.1.2.3/33", "Auth:TrustedProxies = '10.1.2.3/33' is neither an address nor a network. Give an address such as 10.1.2.3, or a network such as 10.1.0.0/16.")]
    [InlineData("Auth:TrustedProxies:0=::/0", "Auth:TrustedProxies = '::/0' trusts every address. List the proxies, or their network.")]
    public void An_invalid_setting_is_reported_with_its_remedy(string settings, string expected) => FaultsOf(settings).ShouldBe([expected]);

    [Theory]
    [InlineData("Cors:Origins:0=* Callers:RequestsPerMinute=10000000")]
    [InlineData("Cors:Origins:0=https://a.example Cors:Origins:1=http://localhost:3000 Auth:Mode=ApiKey,Anonymous Auth:AllowAnonymous=true")]
    [InlineData("Auth:Keys:0:RequestsPerMinute=5 Auth:Keys:1:RequestsPerMinute=5")]
    [InlineData("Auth:TrustedProxies:0=10.1.2.3 Auth:TrustedProxies:1=2001:db8::/32")]
    public void Valid_settings_are_accepted(string settings) => FaultsOf(settings).ShouldBeEmpty();

    private static IReadOnlyList<string> FaultsOf(string settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Genesys:Mode"] = "Simulator",
            ["Auth:Keys:0:Name"] = "team",
            ["Auth:Keys:0:Sha256"] = Key,
            ["Auth:Keys:1:Name"] = "team",
            ["Auth:Keys:1:Sha256"] = new string('c', 64),
        };
        foreach (var setting in settings.Split(' '))
        {
            all[setting[..setting.IndexOf('=')]] = setting[(setting.IndexOf('=') + 1)..];
        }

        var production = new HostingEnvironment { EnvironmentName = "Production" };
        return SettingsValidation.FindFaults(new ConfigurationBuilder().AddInMemoryCollection(all.Where(setting => setting.Value is not null)).Build(), production, [GenesysClient.Http]);
    }
}
