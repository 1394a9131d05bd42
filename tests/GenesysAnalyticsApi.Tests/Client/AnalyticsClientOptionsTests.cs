using System.Net;
using GenesysAnalyticsApi.Client;
using GenesysAnalyticsApi.Tests.Client.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using AggregatesFormat = GenesysAnalyticsApi.Client.Aggregates.GetFormatQueryParameterType;
using ObservationsFormat = GenesysAnalyticsApi.Client.Observations.GetFormatQueryParameterType;

namespace GenesysAnalyticsApi.Tests.Client;

public sealed class AnalyticsClientOptionsTests
{
    private static readonly Uri Address = new("https://analytics.example.com/below/");

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Invalid))]
    public void An_invalid_option_is_reported_with_its_name_and_value(string name, string shown, Action<AnalyticsClientOptions> set)
    {
        var options = new AnalyticsClientOptions { BaseAddress = Address };
        set(options);

        var message = Should.Throw<OptionsValidationException>(() => new AnalyticsClient(options)).Message;

        message.ShouldStartWith(name);
        message.ShouldContain(shown);
        message.ShouldNotContain("planted-key");
    }

    public static TheoryData<string, string, Action<AnalyticsClientOptions>> Invalid => new()
    {
        { "BaseAddress", "''", options => options.BaseAddress = null },
        { "BaseAddress", "'/below'", options => options.BaseAddress = new Uri("/below", UriKind.Relative) },
        { "BaseAddress", "'ftp://example.com/'", options => options.BaseAddress = new Uri("ftp://example.com/") },
        { "ApiKey", "visible", options => options.ApiKey = "" },
        { "ApiKey", "visible", options => options.ApiKey = "planted-key\n" },
        { "ApiKey", "AccessToken", options => (options.ApiKey, options.AccessToken) = ("planted-key", _ => new("token")) },
        { "MaxRetries", "'-1'", options => options.MaxRetries = -1 },
        { "MaxRememberedResponses", "'-1'", options => options.MaxRememberedResponses = -1 },
        { "MaxRememberedBytes", "'-1'", options => options.MaxRememberedBytes = -1 },
        { "MaxRetryTime", "'-00:00:01'", options => options.MaxRetryTime = TimeSpan.FromSeconds(-1) },
        { "MaxReconnectTime", "'-00:00:01'", options => options.MaxReconnectTime = TimeSpan.FromSeconds(-1) },
        { "Timeout", "'00:00:00'", options => options.Timeout = TimeSpan.Zero },
    };

    [Fact]
    public void All_invalid_options_are_reported_at_once() =>
        Should.Throw<OptionsValidationException>(() => new AnalyticsClient(new AnalyticsClientOptions { MaxRetries = -1 })).Failures.Count().ShouldBe(2);

    [Fact]
    public async Task The_base_address_may_have_a_path_and_the_key_is_sent_to_no_other_address()
    {
        var keys = new List<(string Address, string Key)>();
        var service = new ScriptedService();
        using var client = new AnalyticsClient(
            new HttpClient(service), new AnalyticsClientOptions { BaseAddress = Address, ApiKey = "planted-key" });
        service.Then(Respond).Then(Respond);

        await client.GetAggregatesAsync(cancellationToken: TestCancellation);
        await client.Aggregates.WithUrl("https://elsewhere.example.com/below/aggregates").GetAsync(cancellationToken: TestCancellation);

        keys.ShouldBe([("https://analytics.example.com/below/aggregates", "planted-key"), ("https://elsewhere.example.com/below/aggregates", "")]);

        HttpResponseMessage Respond(HttpRequestMessage request)
        {
            keys.Add((request.RequestUri!.AbsoluteUri, request.Headers.TryGetValues("X-Api-Key", out var key) ? key.Single() : ""));
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(ScriptedService.NoFigures, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")) };
        }
    }

    [Fact]
    public async Task A_parameter_that_requests_anything_other_than_figures_is_rejected_by_name()
    {
        var service = new ScriptedService();
        using var client = service.Client();

        await RejectedAsync(client.GetAggregatesAsync(query => query.Format = AggregatesFormat.Csv, TestCancellation), "Format is 'Csv'");
        await RejectedAsync(client.GetAggregatesAsync(query => query.Explain = true, TestCancellation), "Explain is 'True'");
        await RejectedAsync(client.GetObservationsAsync(query => query.Format = ObservationsFormat.Ndjson, TestCancellation), "Format is 'Ndjson'");

        service.Requests.ShouldBeEmpty();

        static async Task RejectedAsync(Task call, string message) => (await Should.ThrowAsync<ArgumentException>(call)).Message.ShouldStartWith(message);
    }

    [Fact]
    public async Task A_token_is_fetched_for_each_request()
    {
        var (tokens, sent) = (0, new List<string?>());
        var service = new ScriptedService();
        using var client = service.Client(options => options.AccessToken = _ => new($"token-{++tokens}"));
        service.Then(Respond).Then(Respond);

        await client.GetAggregatesAsync(cancellationToken: TestCancellation);
        await client.GetAggregatesAsync(cancellationToken: TestCancellation);

        sent.ShouldBe(["Bearer token-1", "Bearer token-2"]);

        HttpResponseMessage Respond(HttpRequestMessage request)
        {
            sent.Add(request.Headers.Authorization?.ToString());
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(ScriptedService.NoFigures, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")) };
        }
    }

    [Fact]
    public async Task The_HTTP_client_factory_of_the_application_creates_the_HTTP_clients()
    {
        var service = new ScriptedService().Then(HttpStatusCode.ServiceUnavailable, headers: ("Retry-After", "5")).Then(HttpStatusCode.OK);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(service.Clock);
        services.AddGenesysAnalyticsClient(options => options.BaseAddress = Address).ConfigurePrimaryHttpMessageHandler(() => service);
        await using var provider = services.BuildServiceProvider();

        var call = provider.GetRequiredService<AnalyticsClient>().GetAggregatesAsync(cancellationToken: TestCancellation);
        service.Clock.Advance(TimeSpan.FromSeconds(5));

        (await call).Meta.Complete.ShouldBeTrue();
        service.Requests.Select(request => request.Path).ShouldBe(["/below/aggregates", "/below/aggregates"]);
        provider.GetRequiredService<AnalyticsClient>().ShouldBeSameAs(provider.GetRequiredService<AnalyticsClient>());
    }
}
