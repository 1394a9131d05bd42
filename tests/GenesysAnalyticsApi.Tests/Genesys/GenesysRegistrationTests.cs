using System.IO.Compression;
using System.Net;
using System.Text;
using GenesysAnalyticsApi.Genesys;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GenesysAnalyticsApi.Tests.Genesys;

/// <summary>Behavior of the real primary handler, against a server on the loopback interface.</summary>
public sealed class GenesysRegistrationTests : IAsyncLifetime
{
    private readonly WebApplication _genesys = Server();
    private readonly WebApplication _elsewhere = Server();
    private readonly List<string> _seenElsewhere = [];
    private ServiceProvider? _services;

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    private IGenesysGateway Gateway => _services!.GetRequiredService<IGenesysGateway>();

    public async ValueTask InitializeAsync()
    {
        _genesys.MapPost("/oauth/token", () => new { access_token = "t", token_type = "bearer", expires_in = 300 });
        _elsewhere.Run(context =>
        {
            _seenElsewhere.Add(context.Request.Headers.Authorization.ToString());
            return Task.CompletedTask;
        });
        await _elsewhere.StartAsync(TestCancellation);
        await _genesys.StartAsync(TestCancellation);

        var services = new ServiceCollection().AddLogging().AddGenesys();
        TestedClient.AddTo(services);
        services.PostConfigure<GenesysOptions>(options =>
        {
            options.Client = TestedClient.Client;
            (options.ClientId, options.ClientSecret) = ("id", "secret");
            options.ApiBaseUrl = options.LoginBaseUrl = new Uri(_genesys.Urls.Single());
        });
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    [Fact]
    public async Task Compressed_replies_are_requested_and_decoded()
    {
        var accepted = "";
        _genesys.MapPost(GenesysWire.AggregatesPath, async (HttpContext context) =>
        {
            accepted = context.Request.Headers.AcceptEncoding.ToString();
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Wire.OneQueue), TestCancellation);
        });

        var reply = await Gateway.QueryAggregatesAsync(GatewayDriver.Request, TestCancellation);

        reply.Facts.Columns.Length.ShouldBe(2);
        accepted.ShouldContain("gzip");
        accepted.ShouldContain("br");
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_the_token_is_not_sent_on()
    {
        _genesys.MapPost(GenesysWire.AggregatesPath, () => Results.Redirect(_elsewhere.Urls.Single() + "/x", preserveMethod: true));

        var failed = await Should.ThrowAsync<GenesysException>(() => Gateway.QueryAggregatesAsync(GatewayDriver.Request, TestCancellation));

        failed.Failure.Kind.ShouldBe(GenesysFailureKind.Rejected);
        failed.Failure.Status.ShouldBe((int)HttpStatusCode.TemporaryRedirect);
        _seenElsewhere.ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await (_services?.DisposeAsync() ?? default);
        await _genesys.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    private static WebApplication Server()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        return server;
    }
}
