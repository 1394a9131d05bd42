using System.Net;
using GenesysAnalyticsApi.Redis.Connection;
using GenesysAnalyticsApi.SystemTests.Alerts.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace GenesysAnalyticsApi.SystemTests.Alerts;

/// <summary>Alerts across restarts, and on replicas that share Redis: each change causes one notification.</summary>
public sealed class AlertRestartTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_state_file_a_firing_alert_does_not_notify_again_after_a_restart()
    {
        var file = Path.Combine(Path.GetTempPath(), $"alerts-{Guid.NewGuid():N}.json");
        try
        {
            await using var service = await AlertingService.StartAsync(new() { ["Alerts:StateFile"] = file });
            service.Wait(11);
            await service.ReceivesAsync(1);
            await Eventually.IsTrueAsync(() => service.Given.Service.Services.GetRequiredService<GenesysAnalyticsApi.Alerts.AlertEvaluator>().Current?.Outbox.Count == 0, "the notification is confirmed");
            await service.Given.Service.DisposeAsync();

            service.Wait(12);
            await using var restarted = service.Given.Replica();
            using var client = restarted.CreateClient();
            await service.ShowsAsync("firing", client);
            service.Wait(0);
            await service.ReceivesAsync(2);

            service.Receiver.Received.Select(received => received.State).ShouldBe(["firing", "resolved"]);
            service.Receiver.Received.Select(received => received.Json.GetProperty("data").GetProperty("firedAt").GetString()).Distinct().ShouldHaveSingleItem();
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task An_unusable_state_file_is_logged_and_alerts_still_work()
    {
        var file = Path.Combine(Path.GetTempPath(), $"alerts-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, """{"Version":1,"Alerts":[null],"Rules":[],"Outbox":[]}""", TestCancellation);
        try
        {
            await using var service = await AlertingService.StartAsync(new() { ["Alerts:StateFile"] = file });
            service.Wait(11);
            await service.ReceivesAsync(1);

            service.Given.Service.Log.AsText().ShouldContain("could not be used (incomplete)");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory, EachRedis]
    public async Task One_replica_evaluates_and_the_other_shows_the_alerts_and_takes_over(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var service = await AlertingService.StartAsync(new() { ["Cache:Redis"] = redis.ConnectionString });
        await using var other = service.Given.Replica();
        using var second = other.CreateClient();

        service.Wait(11);
        await service.ReceivesAsync(1);
        await service.ShowsAsync("firing", service.Given.Client);
        await service.ShowsAsync("firing", second);
        service.Live.Readers.ShouldBe(1);
        await IsConfirmedAsync(service, other);

        // Either replica may evaluate; the test stops the one that does.
        var evaluates = Evaluator(service.Given.Service).Current is not null ? service.Given.Service : other;
        var remaining = evaluates == other ? service.Given.Service : other;
        await evaluates.DisposeAsync();
        await Eventually.IsTrueAsync(() => Evaluator(remaining).Current is not null, "the other replica evaluates");
        service.Wait(12);
        service.Wait(3);
        await service.ReceivesAsync(2);

        service.Receiver.Received.Select(received => received.State).ShouldBe(["firing", "resolved"]);
    }

    [Theory, EachRedis]
    public async Task An_unconfirmed_notification_is_delivered_by_the_replica_that_takes_over(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var service = await AlertingService.StartAsync(new() { ["Cache:Redis"] = redis.ConnectionString });
        service.Receiver.RespondWith([.. Enumerable.Repeat(HttpStatusCode.ServiceUnavailable, 3)]);

        service.Wait(11);
        await service.ReceivesAsync(1);
        await service.Given.Service.DisposeAsync();
        await using var other = service.Given.Replica();
        using var client = other.CreateClient();
        await Eventually.IsTrueAsync(() => Evaluator(other).Current is { Outbox.Count: 0 } register && register.States.Count == 1, "the notification is confirmed");

        service.Receiver.Received.Select(received => received.Id).Distinct().ShouldHaveSingleItem();
        service.Receiver.Received.ShouldAllBe(received => received.State == "firing");
    }

    [Theory, EachRedis]
    public async Task The_replica_that_evaluates_continues_alone_without_Redis(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var service = await AlertingService.StartAsync(new() { ["Cache:Redis"] = redis.ConnectionString });
        service.Wait(11);
        await service.ReceivesAsync(1);
        await IsConfirmedAsync(service, service.Given.Service);
        await using var other = service.Given.Replica();
        _ = other.CreateClient();

        redis.Stop();
        service.Wait(0);
        await service.ReceivesAsync(2);
        Evaluator(other).Current.ShouldBeNull();
        redis.Restart();
        service.Wait(20);
        await service.ReceivesAsync(3);
        service.Wait(0);
        await service.ReceivesAsync(4);

        service.Receiver.Received.Select(received => received.State).ShouldBe(["firing", "resolved", "firing", "resolved"]);
        service.Receiver.Received.Select(received => received.Id).Distinct().Count().ShouldBe(4);
    }

    [Theory, EachRedis]
    public async Task A_key_of_another_program_does_not_stop_the_evaluation(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var service = await AlertingService.StartAsync(new() { ["Cache:Redis"] = redis.ConnectionString });
        service.Wait(11);
        await service.ReceivesAsync(1);
        await IsConfirmedAsync(service, service.Given.Service);
        var key = service.Given.Service.Services.GetRequiredService<RedisKeys>().Of("alerts-owner");
        await service.Given.Service.DisposeAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await connection.GetDatabase().StringSetAsync(key, "another program", TimeSpan.FromDays(365));

        await using var restarted = service.Given.Replica();
        _ = restarted.CreateClient();

        await Eventually.IsTrueAsync(() => Evaluator(restarted).Current is not null, "the replica evaluates");
    }

    [Theory, EachRedis]
    public async Task A_damaged_state_in_Redis_is_removed_and_alerts_still_work(string software)
    {
        using var redis = RedisServer.Start(software);
        await using var service = await AlertingService.StartAsync(new() { ["Cache:Redis"] = redis.ConnectionString });
        service.Wait(11);
        await service.ReceivesAsync(1);
        await IsConfirmedAsync(service, service.Given.Service);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var key = await connection.GetServers()[0].KeysAsync(pattern: "*:alerts:*").SingleAsync(TestCancellation);
        var text = (string)(await connection.GetDatabase().StringGetAsync(key))!;
        await service.Given.Service.DisposeAsync();

        foreach (var damaged in new[] { "nonsense", "null", "{}", text[..^5], text.Replace("\"Status\":1", "\"Status\":9", StringComparison.Ordinal) })
        {
            await connection.GetDatabase().StringSetAsync(key, damaged);
            await using var replica = service.Given.Replica();
            using var client = replica.CreateClient();

            service.Wait(11);
            await service.ShowsAsync("firing", client);

            replica.Log.Events.ShouldAllBe(line => line.Level < Serilog.Events.LogEventLevel.Error, damaged);
        }
    }

    private static Task IsConfirmedAsync(AlertingService service, RunningService other) => Eventually.IsTrueAsync(
        () => (Evaluator(service.Given.Service).Current ?? Evaluator(other).Current)?.Outbox.Count == 0, "the notification is confirmed");

    private static GenesysAnalyticsApi.Alerts.AlertEvaluator Evaluator(RunningService service) => service.Services.GetRequiredService<GenesysAnalyticsApi.Alerts.AlertEvaluator>();
}
