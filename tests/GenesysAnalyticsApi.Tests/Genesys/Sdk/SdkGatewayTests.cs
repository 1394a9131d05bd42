using System.Net;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Genesys.Settings;
using GenesysAnalyticsApi.PureCloud;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using OfSdk = PureCloudPlatform.Client.V2.Client.Configuration;

namespace GenesysAnalyticsApi.Tests.Genesys.Sdk;

/// <summary>Pitfalls of the official SDK that the gateway avoids. What both gateways have in common is tested in <see cref="GatewayTests"/>.</summary>
public sealed class SdkGatewayTests : IDisposable
{
    private readonly GatewayDriver _driver = new(options => options.Client = GenesysClient.Sdk);

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_thread_blocks_while_waiting_for_a_reply()
    {
        _driver.Genesys.Hang();

        // A blocking call would never return the task.
        var pending = _driver.QueryAsync(TestCancellation);

        pending.IsCompleted.ShouldBeFalse();
        await Should.ThrowAsync<GenesysException>(async () =>
        {
            await _driver.PassTimeUntilAsync(pending);
            await pending;
        });
    }

    [Fact]
    public async Task No_thread_sleeps_before_a_retry_and_the_SDK_retries_nothing()
    {
        _driver.Genesys.Reply(HttpStatusCode.TooManyRequests, with: response => Wire.RetryAfter(response, "20"));
        _driver.Genesys.Ok(Wire.OneQueue);

        var pending = _driver.QueryAsync(TestCancellation);
        await GatewayDriver.SettleAsync();

        pending.IsCompleted.ShouldBeFalse();
        _driver.Genesys.Requests.Count.ShouldBe(1, "the backoff uses the fake clock, which stands still");
        await _driver.PassTimeUntilAsync(pending);
        (await pending).Calls.ShouldBe(2);
    }

    [Fact]
    public async Task The_deadline_applies_although_the_SDK_has_none()
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.ServiceUnavailable, "", response => Wire.RetryAfter(response, "15"));
        var started = _driver.Clock.GetTimestamp();

        (await _driver.FailAsync()).Kind.ShouldBe(GenesysFailureKind.Unavailable);

        _driver.Clock.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(47));
    }

    [Fact]
    public async Task Concurrent_requests_keep_their_own_replies_and_cancellations()
    {
        _driver.Genesys.DefaultReply = sent => FakeGenesysHandler.Response(
            HttpStatusCode.OK, Wire.OneQueue.Replace("\"q1\"", $"\"{QueueIn(sent.Body)}\"", StringComparison.Ordinal));
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        var pending = Enumerable.Range(0, 64).Select(number => Task.Run(
            () => _driver.Gateway.QueryAggregatesAsync(GatewayDriver.Request with { QueueIds = [$"queue-{number}"] }, number % 8 == 7 ? cancellation.Token : TestCancellation))).ToList();
        await _driver.PassTimeUntilAsync(Task.WhenAll(pending.Select(one => one.ContinueWith(_ => { }, TaskScheduler.Default))));

        foreach (var (number, one) in pending.Index())
        {
            if (number % 8 == 7)
            {
                (await Should.ThrowAsync<OperationCanceledException>(() => one)).CancellationToken.ShouldBe(cancellation.Token);
            }
            else
            {
                (await one).Facts.Series.ShouldHaveSingleItem().QueueId.ShouldBe($"queue-{number}");
            }
        }
    }

    [Fact]
    public async Task A_connection_failure_keeps_its_kind()
    {
        _driver.Genesys.DefaultReply = _ => throw new HttpRequestException(HttpRequestError.NameResolutionError);

        var failed = await _driver.FailToCompletionAsync();

        failed.Failure.Kind.ShouldBe(GenesysFailureKind.Unavailable);
        failed.Failure.Message.ShouldContain(nameof(HttpRequestError.NameResolutionError));
        failed.InnerException.ShouldBeOfType<HttpRequestException>();
    }

    [Fact]
    public void The_static_configuration_uses_its_own_folder_and_leaves_the_home_variable_unchanged()
    {
        var home = Environment.GetEnvironmentVariable(OperatingSystem.IsWindows() ? "HOMEPATH" : "HOME");

        _ = _driver.Gateway;

        OfSdk.Default.ConfigFilePath.ShouldStartWith(SdkConfiguration.Home);
        OfSdk.Default.ApiClient.GatewayConfig.ShouldBeNull();
        Environment.GetEnvironmentVariable(OperatingSystem.IsWindows() ? "HOMEPATH" : "HOME").ShouldBe(home);
        (home ?? "").ShouldNotBe(SdkConfiguration.Home);
    }

    [Fact]
    public async Task Names_unknown_to_the_SDK_are_rejected_instead_of_renamed()
    {
        var failed = await Should.ThrowAsync<GenesysException>(
            () => _driver.Gateway.QueryAggregatesAsync(GatewayDriver.Request with { Metrics = ["nOffered", "tOfTomorrow"] }, TestCancellation));

        failed.Failure.Kind.ShouldBe(GenesysFailureKind.Rejected);
        failed.Failure.Message.ShouldBe("The official SDK 270.0.0 does not support 'tOfTomorrow'. Set Genesys:Client=Http to request it.");
        _driver.Genesys.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_metric_of_the_catalog_can_be_requested()
    {
        _driver.Genesys.Ok(Wire.OneQueue);
        var all = GenesysAnalyticsApi.Facts.GenesysMetrics.Groups.SelectMany(group => group.Metrics).Distinct().ToList();

        await _driver.Gateway.QueryAggregatesAsync(GatewayDriver.Request with { Metrics = [.. all] }, TestCancellation);

        System.Text.Json.Nodes.JsonNode.Parse(_driver.Genesys.Requests.ShouldHaveSingleItem().Body)!["metrics"]!.AsArray()
            .Select(metric => metric!.GetValue<string>()).ShouldBe(all);
    }

    [Fact]
    public async Task Names_in_a_reply_that_are_unknown_to_the_SDK_survive()
    {
        _driver.Genesys.Ok(Wire.OneQueue.Replace("voice", "hologram", StringComparison.Ordinal).Replace("nOffered", "nOfTomorrow", StringComparison.Ordinal));

        var facts = (await _driver.QueryAsync(TestCancellation)).Facts;

        facts.Series.ShouldBe([new FactSeries("q1", "hologram")]);
        facts.Columns.Select(column => column.Metric).ShouldBe(["nOfTomorrow", "tHandle"], ignoreOrder: true);
    }

    [Fact]
    public async Task Values_that_the_SDK_would_round_or_reject_are_parsed_as_over_plain_HTTP()
    {
        _driver.Genesys.Ok(Wire.OneQueue.Replace("\"max\":30", "\"p95\":12.6,\"max\":\"30\",\"min\":NaN", StringComparison.Ordinal));

        var handled = (await _driver.QueryAsync(TestCancellation)).Facts.Columns.Single(column => column.Metric == "tHandle");

        handled.P95.ShouldBe([12.6]);
        handled.Max.ShouldBe([30]);
    }

    [Fact]
    public async Task A_queue_page_that_the_SDK_would_misread_is_parsed_as_over_plain_HTTP()
    {
        _driver.Genesys.Ok("""
            {"entities":[{"id":"q1","mediaSettings":{"call":{"serviceLevel":{"percentage":0.8,"durationMs":20000}},"internalmessage":{"serviceLevel":{"percentage":0.5,"durationMs":1}}}},
             {"id":"q2","mediaSettings":{"call":true}}, 7]}
            """);

        var page = await _driver.Gateway.ListQueuesAsync(1, RequestOrigin.Service, TestCancellation);

        page.Entities.Select(queue => queue.Id).ShouldBe(["q1", "q2"]);
        page.Entities[0].ServiceLevels.Keys.ShouldBe(["voice", "internalmessage"], ignoreOrder: true);
        page.InvalidEntries.ShouldBe(["entry 3 of page 1 was dropped: it is not an object"]);
    }

    public void Dispose() => _driver.Dispose();

    private static string QueueIn(string body) =>
        System.Text.Json.Nodes.JsonNode.Parse(body)!["filter"]!["clauses"]![0]!["predicates"]![0]!["value"]!.GetValue<string>();
}
