using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Hosting;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace GenesysAnalyticsApi.SystemTests.Hosting;

public sealed class SettingsValidationTests
{
    internal static readonly Dictionary<string, string?> Complete = new()
    {
        ["Auth:AllowAnonymous"] = "true",
        ["Genesys:Region"] = "eu-west-1",
        ["Genesys:ClientId"] = "client",
        ["Genesys:ClientSecret"] = RunningService.PlantedSecret,
    };

    [Theory]
    [InlineData("Genesys:Region", "nowhere", "Genesys:Region = 'nowhere' is not a Genesys Cloud region. Give an AWS region (eu-west-1), an SDK name (eu_west_1) or a domain (mypurecloud.ie).")]
    [InlineData("Genesys:Region", "https://apps.mypurecloud.ie/directory/#/x", "Genesys:Region = 'https://apps.mypurecloud.ie/directory/#/x' is not a Genesys Cloud region. Give an AWS region (eu-west-1), an SDK name (eu_west_1) or a domain (mypurecloud.ie). Did you mean 'eu-west-1' (Ireland)?")]
    [InlineData("Genesys:MaxAnswerBytes", "1000", "Genesys:MaxAnswerBytes = '1000' is out of range. Give a value from 1048576 to 1073741824.")]
    [InlineData("Genesys:Region", "", "Genesys:Region is missing. Give the organization's region, such as eu-west-1, or both Genesys:ApiBaseUrl and Genesys:LoginBaseUrl (environment variable Genesys__Region).")]
    [InlineData("Genesys:ClientId", " ", "Genesys:ClientId is missing. Give the id of an OAuth client of type Client Credentials, or Genesys:Mode=Simulator for simulated figures (environment variable Genesys__ClientId).")]
    [InlineData("Genesys:ClientSecret", "", "Genesys:ClientSecret is missing. Give the secret of an OAuth client of type Client Credentials, or Genesys:Mode=Simulator for simulated figures (environment variable Genesys__ClientSecret).")]
    [InlineData("Genesys:ApiBaseUrl", "api.example.com", "Genesys:ApiBaseUrl (value not shown) is not a base address. Give https://host or http://host, without user, query or fragment.")]
    [InlineData("Genesys:LoginBaseUrl", "https://me:planted@proxy", "Genesys:LoginBaseUrl (value not shown) is not a base address. Give https://host or http://host, without user, query or fragment.")]
    [InlineData("Genesys:Client", "Sdk", "Genesys:Client = 'Sdk' is not in this build. Give Http, or run a build with the official SDK: dotnet run --project src/GenesysAnalyticsApi.PureCloud -p:GenesysSdk=true (docs/official-sdk.md).")]
    [InlineData("Genesys:Client", "Soap", "Genesys:Client = 'Soap' is none of Http, Sdk. The default is Http.")]
    [InlineData("Genesys:Mode", "1", "Genesys:Mode = '1' is none of Auto, Live, Simulator. The default is Auto.")]
    [InlineData("Genesys:RequestsPerMinute", "0", "Genesys:RequestsPerMinute = '0' is out of range. Give a value from 1 to 100000.")]
    [InlineData("Genesys:MaxConcurrentRequests", "-1", "Genesys:MaxConcurrentRequests = '-1' is out of range. Give a value from 1 to 1000.")]
    [InlineData("Genesys:AttemptTimeout", "-00:00:01", "Genesys:AttemptTimeout = '-00:00:01' is out of range. Give a value from 00:00:00.1000000 to 00:10:00.")]
    [InlineData("Genesys:AttemptTimeout", "00:01:00", "Genesys:AttemptTimeout = '00:01:00' is longer than Genesys:TotalTimeout = '00:00:45': one attempt must fit into the whole request. Lower Genesys:AttemptTimeout or raise Genesys:TotalTimeout.")]
    [InlineData("Genesys:TotalTimeout", "soon", "Genesys:TotalTimeout = 'soon' is not a duration. Give hours:minutes:seconds, such as 00:00:30, or days.hours:minutes:seconds. The default is 00:00:45.")]
    // A bare number would be parsed as days.
    [InlineData("Genesys:MaxRetryAfter", "30", "Genesys:MaxRetryAfter = '30' is not a duration. Give hours:minutes:seconds, such as 00:00:30, or days.hours:minutes:seconds. The default is 00:00:30.")]
    [InlineData("Genesys:SettleHours", "abc", "Genesys:SettleHours = 'abc' is not a whole number. The default is 72.")]
    [InlineData("Genesys:SettleHours", "", "Genesys:SettleHours = '' is not a whole number. The default is 72.")]
    [InlineData("Genesys:SliceRows", "1e9", "Genesys:SliceRows = '1e9' is not a whole number. The default is 20000.")]
    [InlineData("Genesys:RequestPerMinute", "300", "Genesys:RequestPerMinute is not a setting; the closest is Genesys:RequestsPerMinute.")]
    [InlineData("Errors:AllowStackTraces", "true", "Errors:AllowStackTraces is not a setting; Errors contains StackTraces.")]
    [InlineData("Genesys:ClientSecrte", "planted", "Genesys:ClientSecrte is not a setting; the closest is Genesys:ClientSecret.")]
    [InlineData("Genesys:Region:Name", "eu-west-1", "Genesys:Region is a single value, not a section. Set it without further keys.")]
    [InlineData("Aggregates:Timeout", "00:00:00", "Aggregates:Timeout = '00:00:00' is out of range. Give a value from 00:00:01 to 01:00:00.")]
    [InlineData("Aggregates:MaxInterval", "4000.00:00:00", "Aggregates:MaxInterval = '4000.00:00:00' is out of range. Give a value from 00:05:00 to 3660.00:00:00.")]
    [InlineData("Aggregates:MaxRows", "0", "Aggregates:MaxRows = '0' is out of range. Give a value from 1 to 100000000.")]
    [InlineData("Aggregates:StreamRow", "1", "Aggregates:StreamRow is not a setting; the closest is Aggregates:StreamRows.")]
    [InlineData("Aggregates:MaxUpstreamCalls", "19", "Aggregates:MaxUpstreamCalls = '19' is less than Aggregates:AsyncAboveCalls. Give at least 20.")]
    [InlineData("Aggregates:MaxUpstreamCalls", "many", "Aggregates:MaxUpstreamCalls = 'many' is not a whole number above 0.")]
    [InlineData("Aggregates:AsyncAboveCalls", "0", "Aggregates:AsyncAboveCalls = '0' is out of range. Give a value from 1 to 10000.")]
    [InlineData("Cache:MaxBytes", "16777215", "Cache:MaxBytes = '16777215' is out of range. Give a value from 16777216 to 1099511627776.")]
    [InlineData("Cache:MaxAnswerBytes", "0", "Cache:MaxAnswerBytes = '0' is out of range. Give a value from 1048576 to 1099511627776.")]
    [InlineData("Cache:Redis", "redis:6379,pasword=planted", "Cache:Redis (value not shown) is not a StackExchange.Redis connection string. Give host:port, then comma-separated options, such as redis:6379,password=…,ssl=true.")]
    [InlineData("Cache:Redis", "password=planted", "Cache:Redis (value not shown) is not a StackExchange.Redis connection string. Give host:port, then comma-separated options, such as redis:6379,password=…,ssl=true.")]
    [InlineData("Cache:Redis", "redis:6379,ssl=perhaps", "Cache:Redis (value not shown) is not a StackExchange.Redis connection string. Give host:port, then comma-separated options, such as redis:6379,password=…,ssl=true.")]
    // This would be parsed as a host name.
    [InlineData("Cache:Redis", "redis://:planted@redis:6379", "Cache:Redis (value not shown) is not a StackExchange.Redis connection string. Give host:port, then comma-separated options, such as redis:6379,password=…,ssl=true.")]
    [InlineData("Limits:BodyBytes", "1MiB", "Limits:BodyBytes = '1MiB' is not a whole number. The default is 1048576.")]
    [InlineData("Errors:StackTraces", "yes", "Errors:StackTraces = 'yes' is neither true nor false. The default is False.")]
    [InlineData("Errors:StackTraces", "true", "Errors:StackTraces = 'True' would show callers the internals of the service, and is allowed only in Development. Remove the setting: the log contains every stack trace, under the traceId of the response.")]
    [InlineData("Limits", "1", "Limits is a section, not a single value. Set the entries of the section instead.")]
    [InlineData("Limit:BodyBytes", "2048", "Limit is not a settings section of this service; the closest name is Limits.")]
    [InlineData("Urls", "http://localhost:50a80", "Urls = 'http://localhost:50a80' is not an address to listen on. Give only scheme, host and port, such as http://localhost:5080; separate several by semicolons (environment variable ASPNETCORE_URLS).")]
    [InlineData("Urls", "http://localhost:5080;http://x:99999", "Urls = 'http://x:99999' is not an address to listen on. Give only scheme, host and port, such as http://localhost:5080; separate several by semicolons (environment variable ASPNETCORE_URLS).")]
    [InlineData("urls", "ftp://x:21", "Urls = 'ftp://x:21' is not an address to listen on. Give only scheme, host and port, such as http://localhost:5080; separate several by semicolons (environment variable ASPNETCORE_URLS).")]
    [InlineData("Urls", "http://localhost:5080/base", "Urls = 'http://localhost:5080/base' is not an address to listen on. Give only scheme, host and port, such as http://localhost:5080; separate several by semicolons (environment variable ASPNETCORE_URLS).")]
    [InlineData("Urls", "http://localhost:0", "Urls = 'http://localhost:0' has the port 0, which means any free port, but localhost stands for two addresses, which could get different ports. Give http://127.0.0.1:0.")]
    [InlineData("HTTP_PORTS", "8080;eighty", "HTTP_PORTS = 'eighty' is not a port. Give a number up to 65535, or several separated by semicolons (environment variable ASPNETCORE_HTTP_PORTS).")]
    [InlineData("Kestrel:Endpoints:a:Url", "here", "Kestrel:Endpoints:a:Url = 'here' is not an address to listen on. Give only scheme, host and port, such as http://localhost:5080.")]
    [InlineData("Kestrel:EndpointDefaults:Protocols", "Http9", "Kestrel:EndpointDefaults:Protocols = 'Http9' is none of None, Http1, Http2, Http1AndHttp2, Http3, Http1AndHttp2AndHttp3.")]
    [InlineData("Kestrel:Certificates:Default:Path", "/nowhere.pfx", "Kestrel:Certificates:Default:Path = '/nowhere.pfx' is not a file that the service can read. Mount the file, or give the path of another one.")]
    [InlineData("AllowedHosts", "localhost;a b", "AllowedHosts = 'a b' is not a host name. Give the host names that callers use, separated by semicolons, such as analytics.example.com;localhost.")]
    [InlineData("Serilog:MinimumLevel", "Loud", "Serilog:MinimumLevel = 'Loud' is not a log level. Give one of Verbose, Debug, Information, Warning, Error, Fatal.")]
    [InlineData("Serilog:MinimumLevel:Default", "Loud", "Serilog:MinimumLevel:Default = 'Loud' is not a log level. Give one of Verbose, Debug, Information, Warning, Error, Fatal.")]
    [InlineData("Serilog:MinimumLevel:Override:Polly", "7x", "Serilog:MinimumLevel:Override:Polly = '7x' is not a log level. Give one of Verbose, Debug, Information, Warning, Error, Fatal.")]
    [InlineData("Serilog:MinimumLevle:Default", "Debug", "Serilog:MinimumLevle is not a setting; the closest is Serilog:MinimumLevel.")]
    [InlineData("Logging:LogLevel:Default", "Loud", "Logging:LogLevel:Default = 'Loud' is not a log level. This service reads only Serilog:MinimumLevel: remove this setting, or give one of Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT (value not shown) is not the address of a collector. Give one such as http://collector:4317.")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "smoke", "OTEL_EXPORTER_OTLP_PROTOCOL = 'smoke' is none of grpc, http/protobuf.")]
    [InlineData("OpenApi:LicenseName", "MIT", "OpenApi:LicenseUrl is missing. Give the address of the terms that OpenApi:LicenseName names (environment variable OpenApi__LicenseUrl).")]
    [InlineData("OpenApi:LicenseUrl", "https://example.com", "OpenApi:LicenseName is missing. Give the name of the terms at OpenApi:LicenseUrl (environment variable OpenApi__LicenseName).")]
    [InlineData("OpenApi:ContactEmail", "Jo <jo@example.com>", "OpenApi:ContactEmail = 'Jo <jo@example.com>' is not an e-mail address. Give one such as analytics@example.com.")]
    [InlineData("OpenApi:ServerUrl", "/prefix", "OpenApi:ServerUrl = '/prefix' is not a base address. Give https://host or http://host, without user, query or fragment.")]
    // A value must not inject lines into terminal output.
    [InlineData("Genesys:SettleHours", "1\nGenesys:Region is fine", @"Genesys:SettleHours = '1\u000aGenesys:Region is fine' is not a whole number. The default is 72.")]
    public void An_invalid_setting_is_reported_with_its_remedy(string key, string value, string expected)
    {
        FaultsOf(new(Complete) { [key] = value }).ShouldBe([expected]);
    }

    [Theory]
    [InlineData("Urls", "http://+:5080;https://*:5443;http://[::]:0;http://unix:/run/it.sock")]
    [InlineData("HTTP_PORTS", "8080;0")]
    [InlineData("AllowedHosts", "analytics.example.com;*.example.com;[::1];localhost;büro.example")]
    [InlineData("Serilog:MinimumLevel:Default", "debug")]
    [InlineData("Serilog:MinimumLevel:ControlledBy", "$switch")]
    [InlineData("Kestrel:Endpoints:a:Url", "http://127.0.0.1:0")]
    [InlineData("Author:Name", "of another program")]
    public void Valid_settings_of_the_server_and_the_log_are_accepted(string key, string value) => FaultsOf(new(Complete) { [key] = value }).ShouldBeEmpty();

    [Fact]
    public void All_invalid_settings_are_reported_at_once()
    {
        var faults = FaultsOf(new(Complete)
        {
            ["Genesys:SettleHours"] = "abc",
            ["Genesys:Region"] = "nowhere",
            ["Aggregates:Timeout"] = "never",
            ["Limits:Body"] = "1",
        });

        faults.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("eu-west-1")]
    [InlineData("eu_west_1")]
    [InlineData("EU-WEST-1")]
    [InlineData("mypurecloud.ie")]
    [InlineData("somewhere.pure.cloud")]
    public void A_region_is_accepted_in_several_spellings(string region)
    {
        FaultsOf(new(Complete) { ["Genesys:Region"] = region }).ShouldBeEmpty();
    }

    [Fact]
    public void Both_base_addresses_replace_a_region()
    {
        FaultsOf(new(Complete)
        {
            ["Genesys:Region"] = null,
            ["Genesys:ApiBaseUrl"] = "http://127.0.0.1:5090",
            ["Genesys:LoginBaseUrl"] = "http://127.0.0.1:5090",
        }).ShouldBeEmpty();
    }

    [Fact]
    public void Setting_names_and_enum_values_are_case_insensitive()
    {
        FaultsOf(new(Complete) { ["genesys:mode"] = "live", ["genesys:settlehours"] = "48" }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Development", null, 0)]
    [InlineData("Production", "Simulator", 0)]
    [InlineData("Production", null, 3)]
    [InlineData("Development", "Live", 3)]
    public void Without_credentials_only_the_simulator_starts(string environment, string? mode, int faults)
    {
        FaultsOf(new() { ["Auth:AllowAnonymous"] = "true", ["Genesys:Mode"] = mode }, environment).Count.ShouldBe(faults);
    }

    [Fact]
    public void Incomplete_credentials_are_an_error_in_Development_too()
    {
        FaultsOf(new() { ["Genesys:ClientId"] = "client", ["Genesys:Region"] = "eu-west-1" }, "Development")
            .ShouldHaveSingleItem().ShouldStartWith("Genesys:ClientSecret is missing.");
    }

    private static IReadOnlyList<string> FaultsOf(Dictionary<string, string?> settings, string environment = "Production") =>
        SettingsValidation.FindFaults(new ConfigurationBuilder().AddInMemoryCollection(settings.Where(setting => setting.Value is not null)).Build(), new NamedEnvironment(environment), [GenesysClient.Http]);

    internal sealed class NamedEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
