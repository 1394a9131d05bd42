using System.Globalization;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;
using GenesysSimulator;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Observations;

/// <summary>
/// The state that notifications of the simulator keep up to date, over real sockets. The service and the simulator share one clock. It advances second by
/// second, and only after the channels have replied, so that a slow machine does not look like a lost channel.
/// </summary>
public sealed class NotificationTests : IAsyncDisposable
{
    private const string ChannelsPath = "/api/v2/notifications/channels";

    private SimulatedService? _simulated;

    private SimulatedService Simulated => _simulated!;

    private LiveState State => Simulated.Service.Services.GetRequiredService<LiveState>();

    private Instant Now => Instant.FromDateTimeOffset(Simulated.Clock.GetUtcNow());

    public async ValueTask DisposeAsync()
    {
        if (_simulated is not null)
        {
            await _simulated.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_state_equals_that_of_a_query_at_any_time()
    {
        await StartAsync();

        for (var step = 0; step < 12; step++)
        {
            await PassAsync(5);
            await EqualsQueryAsync();
        }

        State.Latest!.IsRepaired.ShouldBeFalse();
        Events(9201).ShouldBe(0);
        using var response = await Simulated.Client.GetAsync(new Uri("/observations", UriKind.Relative), TestContext.Current.CancellationToken);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("\"source\":\"notifications\"");
    }

    [Fact]
    public async Task After_an_unnoticed_loss_of_messages_the_state_is_corrected_within_a_minute()
    {
        await StartAsync();
        Simulated.Simulator.Faults.Set([new(FaultNames.LostMessage)]);
        await PassAsync(20);
        Simulated.Simulator.Faults.Clear();

        await PassAsync(61);

        await EqualsQueryAsync();
    }

    [Fact]
    public async Task A_subscriber_gets_the_changes_that_messages_report()
    {
        await StartAsync();
        await using var subscriber = await StreamSubscriber.OpenAsync(Simulated.Client);
        await subscriber.NextAsync();
        var reads = ActivityCalls;

        for (var changes = 0; changes < 3; changes++)
        {
            var reading = subscriber.ReadUntilAsync("change");
            while (!reading.IsCompleted)
            {
                await PassAsync(1);
            }

            await reading;
            subscriber.Meta.GetProperty("source").GetString().ShouldBe("notifications");
        }

        // Three changes come within seconds, more often than the state would be polled.
        (ActivityCalls - reads).ShouldBeLessThanOrEqualTo(4);
    }

    [Theory]
    [InlineData(FaultNames.SocketDropped)]
    [InlineData(FaultNames.ExpiredChannel)]
    public async Task After_a_lost_channel_the_state_is_correct_and_labeled_within_15_seconds(string fault)
    {
        await StartAsync();
        await PassAsync(10);
        Simulated.Simulator.Faults.Add(fault, times: 1, scope: FaultScopes.Notifications);

        await AdvanceUntilAsync(() => Events(9201) > 0, "the loss is noticed", 15);
        var lost = Now;
        await AdvanceUntilAsync(() => State.Latest is { Source: LiveSource.Notifications, IsRepaired: true } latest && latest.AsOf > lost, "the state is repaired", 15);
        await EqualsQueryAsync();
        await PassAsync(30);
        await EqualsQueryAsync();
        State.Latest!.IsRepaired.ShouldBeFalse();
    }

    [Fact]
    public async Task A_socket_is_replaced_before_it_closes_so_that_nothing_is_lost()
    {
        await StartAsync();
        Simulated.Simulator.Faults.Add(FaultNames.SocketClosing, "60", times: 1, scope: FaultScopes.Notifications);
        var channels = CreatedChannels;

        // The socket closes a minute after the announcement.
        await AdvanceUntilAsync(() => Subscriptions == channels + 1, "another channel is open", 30);
        await PassAsync(70);

        CreatedChannels.ShouldBe(channels + 1);
        Events(9202).ShouldBe(1);
        Events(9201).ShouldBe(0);
        await EqualsQueryAsync();
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_treated_as_a_gap()
    {
        await StartAsync();
        Simulated.Simulator.Faults.Add(FaultNames.GarbledMessage, times: 1, scope: FaultScopes.Notifications);

        await AdvanceUntilAsync(() => Events(9201) > 0, "the garbled message is noticed", 120);
        await AdvanceUntilAsync(() => State.Latest is { Source: LiveSource.Notifications, IsRepaired: true }, "the state is repaired", 15);
        await EqualsQueryAsync();
    }

    [Fact]
    public async Task Topics_are_divided_among_channels()
    {
        await StartAsync(new() { ["Genesys:TopicsPerChannel"] = "6" });

        // Eight queues have sixteen topics, and a channel takes at most six.
        CreatedChannels.ShouldBe(3);
        await PassAsync(15);
        await EqualsQueryAsync();
    }

    [Fact]
    public async Task The_limit_of_topics_is_learned_from_the_message_of_a_rejection()
    {
        await StartAsync(simulated: new SimulatorSettings { Queues = 8, RequestsPerMinute = 1_000_000, MaxTopics = 5 });

        Simulated.Simulator.Calls.Count(call => call.Path.StartsWith(ChannelsPath, StringComparison.Ordinal) && call.Status == 400).ShouldBe(1);
        Simulated.Simulator.Calls.Count(call => call.Path.StartsWith(ChannelsPath, StringComparison.Ordinal) && call.Method == "PUT" && call.Status == 200).ShouldBe(4);
        await PassAsync(15);
        await EqualsQueryAsync();
    }

    [Fact]
    public async Task Without_permission_for_the_topics_the_state_is_polled()
    {
        await StartAsync(isLive: false, faults: new SimulatorFault(FaultNames.RejectedTopic, ""));
        await AdvanceUntilAsync(() => Events(9205) > 0, "the rejection is logged", 30);

        var observed = await Simulated.QueryAsync("/observations");

        observed.GetProperty("meta").GetProperty("source").GetString().ShouldBe("polling");
        Simulated.Service.Log.AsText().ShouldContain("analytics:queueObservation:view");
        var channels = CreatedChannels;
        await AdvanceAsync(60);
        CreatedChannels.ShouldBe(channels);
    }

    [Fact]
    public async Task The_address_of_a_channel_is_not_logged()
    {
        await StartAsync();
        Simulated.Simulator.Faults.Add(FaultNames.SocketDropped, times: 1, scope: FaultScopes.Notifications);
        await AdvanceUntilAsync(() => Events(9201) > 0, "the loss is noticed", 15);

        Simulated.Service.Log.AsJson().ShouldNotContain("streaming-0-");
    }

    private int ActivityCalls => Simulated.Simulator.Calls.Count(call => call.Path.EndsWith("/activity/query", StringComparison.Ordinal));

    private int CreatedChannels => Simulated.Simulator.Calls.Count(call => call.Path == ChannelsPath && call.Method == "POST");

    private int Subscriptions => Simulated.Simulator.Calls.Count(call => call.Path.StartsWith(ChannelsPath, StringComparison.Ordinal) && call.Method == "PUT" && call.Status == 200);

    private int Events(int id) => Simulated.Service.Log.Events.Count(line =>
        line.Properties.TryGetValue("EventId", out var given) && given.ToString().Contains(id.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    private async Task StartAsync(Dictionary<string, string>? settings = null, SimulatorSettings? simulated = null, bool isLive = true, params SimulatorFault[] faults)
    {
        _simulated = await SimulatedService.StartAsync(simulated, new(settings ?? []) { ["Genesys:Notifications"] = "true" }, faults: faults);
        if (isLive)
        {
            await AdvanceUntilAsync(() => State.Latest is { Source: LiveSource.Notifications }, "notifications keep the state up to date", 120);
        }
    }

    /// <summary>Advances the clock second by second, each time after the channels have replied.</summary>
    private async Task PassAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            await AdvanceUntilAsync(() => State.Latest is { } latest && Now - latest.AsOf <= Duration.FromSeconds(3), "the channels have replied", 5, isFirst: true);
        }
    }

    private async Task AdvanceAsync(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            Simulated.FakeClock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <param name="isFirst">Whether to advance at least one second.</param>
    private Task AdvanceUntilAsync(Func<bool> condition, string what, int seconds, bool isFirst = false) =>
        Simulated.FakeClock.AdvanceUntilAsync(condition, what, seconds, isFirst);

    private Task EqualsQueryAsync() => Simulated.EqualsQueryAsync(Simulated.Service);
}
