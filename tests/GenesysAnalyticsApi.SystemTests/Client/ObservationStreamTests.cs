using GenesysAnalyticsApi.Client;
using GenesysAnalyticsApi.Client.Models;
using GenesysAnalyticsApi.SystemTests.Client.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observations.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;
using Microsoft.Extensions.Time.Testing;

namespace GenesysAnalyticsApi.SystemTests.Client;

/// <summary>The stream of the client package, tested against the real service. The test advances the clock that both use.</summary>
public sealed class ObservationStreamTests
{
    private readonly LiveGenesys _genesys = new();
    private readonly Dictionary<ObservationKey, ObservationRecord> _state = [];

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Applying_the_events_in_order_gives_the_current_state()
    {
        using var service = Service();
        using var connected = ConnectedClient.To(service);
        await using var events = connected.Client.StreamObservationsAsync(cancellationToken: TestCancellation).GetAsyncEnumerator(TestCancellation);

        (await NextAsync(events, service)).Kind.ShouldBe(ObservationEventKind.Snapshot);
        SetWaiting(queue: 2, waiting: 33);
        var change = await ReadUntilAsync(events, service, next => next.Kind == ObservationEventKind.Change);

        change.Records.Count.ShouldBeLessThan(_state.Count);
        change.Meta.Complete.ShouldBeTrue();
        _state[new ObservationKey(LiveGenesys.Id(2), "voice")].Waiting.ShouldBe(33);
        var now = await connected.Client.GetObservationsAsync(cancellationToken: TestCancellation);
        now.Records.Select(Shown).ShouldBe(_state.Values.Select(Shown), ignoreOrder: true);
        now.Meta.Stale.ShouldBeFalse();
        now.Records.First(record => record.UsersByPresence is not null).UsersByPresence.Counts().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_heartbeat_has_the_current_age_and_the_warnings_of_the_previous_event()
    {
        using var service = Service();
        using var connected = ConnectedClient.To(service);
        await using var events = connected.Client.StreamObservationsAsync(query => query.QueueId = [Guid.Parse(LiveGenesys.Id(1)), Guid.Empty], cancellationToken: TestCancellation).GetAsyncEnumerator(TestCancellation);
        var snapshot = await NextAsync(events, service);
        snapshot.Meta.Warnings.ShouldHaveSingleItem().Code.ShouldBe("unknown-queue");

        var heartbeat = await ReadUntilAsync(events, service, next => next.Kind == ObservationEventKind.Heartbeat);

        heartbeat.Records.ShouldBeEmpty();
        heartbeat.Meta.Warnings.ShouldBe(snapshot.Meta.Warnings);
        heartbeat.Meta.AsOf.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(snapshot.Meta.AsOf!.Value);
    }

    [Fact]
    public async Task A_lost_connection_is_resumed_after_the_last_event()
    {
        using var service = Service();
        using var connected = ConnectedClient.To(service);
        var cut = new CutOff();
        connected.Network = cut.Apply;
        await using var events = connected.Client.StreamObservationsAsync(cancellationToken: TestCancellation).GetAsyncEnumerator(TestCancellation);
        var snapshot = await NextAsync(events, service);

        cut.Now();
        SetWaiting(queue: 1, waiting: 44);
        // The first event contains what has changed in the meantime, which may be nothing.
        (await NextAsync(events, service)).Kind.ShouldBe(ObservationEventKind.Change);
        await ReadUntilAsync(events, service, next => next.Records.Any(record => record.Waiting == 44));

        connected.Responses.Select(response => response.Position).ShouldBe(["", snapshot.Id!]);
        _state[new ObservationKey(LiveGenesys.Id(1), "voice")].Waiting.ShouldBe(44);
        _state.Keys.Select(key => key.QueueId).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_silent_connection_is_closed_and_resumed()
    {
        using var service = Service();
        using var connected = ConnectedClient.To(service);
        var cut = new CutOff { IsSilent = true };
        connected.Network = cut.Apply;
        await using var events = connected.Client.StreamObservationsAsync(cancellationToken: TestCancellation).GetAsyncEnumerator(TestCancellation);
        await NextAsync(events, service);
        var before = service.Clock.GetUtcNow();

        cut.Now();
        var next = await NextAsync(events, service);

        next.Id.ShouldNotBeNull();
        connected.Responses.Count.ShouldBe(2);
        (service.Clock.GetUtcNow() - before).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_stream_that_cannot_be_resumed_in_time_fails()
    {
        using var service = Service();
        using var connected = ConnectedClient.To(service, configure: options => (options.MaxReconnectTime, options.MaxRetries) = (TimeSpan.FromSeconds(30), 0));
        var cut = new CutOff();
        connected.Network = cut.Apply;
        await using var events = connected.Client.StreamObservationsAsync(cancellationToken: TestCancellation).GetAsyncEnumerator(TestCancellation);
        await NextAsync(events, service);

        cut.Now();
        connected.Network = _ => throw new HttpRequestException("Connection refused");

        (await Should.ThrowAsync<IOException>(NextAsync(events, service))).Message.ShouldContain("00:00:30");
        connected.Responses.Count.ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task A_stream_whose_credentials_expire_ends_with_the_problem()
    {
        var keys = new IssuedKeys().Add("guest", ("Expires", "2026-11-23T09:16:00Z"));
        using var service = new RunningService { Upstream = _genesys.Upstream, Settings = keys.Settings };
        using var connected = ConnectedClient.To(service, keys["guest"]);
        await using var events = connected.Client.StreamObservationsAsync(cancellationToken: TestCancellation).GetAsyncEnumerator(TestCancellation);

        var problem = await Should.ThrowAsync<AnalyticsProblemException>(async () =>
        {
            while (true)
            {
                await NextAsync(events, service);
                service.Clock.GetUtcNow().ShouldBeLessThan(new DateTimeOffset(2026, 11, 23, 9, 20, 0, TimeSpan.Zero));
            }
        });

        problem.Status.ShouldBe(401);
    }

    [Fact]
    public async Task An_invalid_parameter_makes_the_first_read_fail()
    {
        using var service = Service();
        using var connected = ConnectedClient.To(service);
        await using var events = connected.Client.StreamObservationsAsync(query => query.Queue = ["No such queue"], cancellationToken: TestCancellation).GetAsyncEnumerator(TestCancellation);

        (await Should.ThrowAsync<AnalyticsProblemException>(events.MoveNextAsync().AsTask())).Type.ShouldBe("/problems/unknown-queue");
    }

    [Fact]
    public async Task Cancellation_ends_a_stream()
    {
        using var service = Service();
        using var connected = ConnectedClient.To(service);
        using var cancellation = new CancellationTokenSource();
        await using var events = connected.Client.StreamObservationsAsync(cancellationToken: cancellation.Token).GetAsyncEnumerator(TestCancellation);
        await NextAsync(events, service);

        var next = events.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(next);
        connected.Responses.Count.ShouldBe(1);
    }

    private RunningService Service() => new() { Upstream = _genesys.Upstream };

    private void SetWaiting(int queue, int waiting) => _genesys.Data = (path, requested) =>
        path == LiveGenesys.Conversations && requested == queue ? $$"""{"metric":"oWaiting","count":{{waiting}}},{"metric":"oInteracting","count":2},{"metric":"oAlerting","count":1}""" : null;

    private async Task<ObservationEvent> ReadUntilAsync(IAsyncEnumerator<ObservationEvent> events, RunningService service, Func<ObservationEvent, bool> condition)
    {
        while (true)
        {
            if (await NextAsync(events, service) is { } next && condition(next))
            {
                return next;
            }
        }
    }

    /// <summary>Advances the clock until an event arrives.</summary>
    private async Task<ObservationEvent> NextAsync(IAsyncEnumerator<ObservationEvent> events, RunningService service)
    {
        var next = events.MoveNextAsync().AsTask();
        for (var second = 0; await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestCancellation)) != next; second++)
        {
            second.ShouldBeLessThan(1_000);
            ((FakeTimeProvider)service.Clock).Advance(TimeSpan.FromSeconds(1));
        }

        (await next).ShouldBeTrue();
        events.Current.ApplyTo(_state);
        return events.Current;
    }

    private static (string?, string?, int?, int?, int?) Shown(ObservationRecord record) => (record.QueueId, record.MediaType, record.Waiting, record.Interacting, record.OnQueueUsers);
}
