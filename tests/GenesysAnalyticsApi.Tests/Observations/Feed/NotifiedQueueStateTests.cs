using System.Collections.Immutable;
using System.Text;
using CsCheck;
using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Observations.Feed;
using GenesysAnalyticsApi.Observations.State;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Observations.Feed;

public sealed class NotifiedQueueStateTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 15);

    private readonly NotifiedQueueState _queues = new(new PresenceMap());

    [Fact]
    public void The_last_message_about_a_queue_is_its_state_and_nothing_is_added_up() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5]).Array[0, 30].Sample(messages =>
        {
            var queues = new NotifiedQueueState(new PresenceMap());
            var expected = new Dictionary<string, int>();
            foreach (var (queue, waiting) in messages)
            {
                queues.Apply(Activity($"q{queue}", "voice", waiting), Duration.Zero, Now).ShouldBeTrue();
                expected[$"q{queue}"] = waiting;
            }

            queues.ToSnapshot().Queues.ToDictionary(queue => queue.QueueId, queue => queue.Waiting).ShouldBe(expected, ignoreOrder: true);
        });

    [Fact]
    public void A_query_replaces_everything_but_the_messages_since_it_began() =>
        Gen.Select(Gen.Int[0, 3].Array[0, 6], Gen.Int[0, 3].Array[0, 6], Gen.Int[0, 3].Array[0, 4]).Sample((before, since, read) =>
        {
            var queues = new NotifiedQueueState(new PresenceMap());
            foreach (var queue in before)
            {
                queues.Apply(Activity($"q{queue}", "voice", 1), Duration.Zero, Now);
            }

            queues.BeginRead();
            foreach (var queue in since)
            {
                queues.Apply(Activity($"q{queue}", "voice", 2), Duration.Zero, Now);
            }

            queues.CompleteRead(State([.. read.Distinct().Select(queue => new QueueActivity($"q{queue}", "voice", 3, 0, 0, null, null))]), Duration.Zero, Now);

            var expected = read.Distinct().ToDictionary(queue => $"q{queue}", _ => 3);
            foreach (var queue in since)
            {
                expected[$"q{queue}"] = 2;
            }

            queues.ToSnapshot().Queues.ToDictionary(queue => queue.QueueId, queue => queue.Waiting).ShouldBe(expected, ignoreOrder: true);
        });

    [Fact]
    public void A_media_type_that_the_message_lacks_has_no_conversations()
    {
        _queues.Apply(Activity("q", "voice", 4), Duration.Zero, Now);
        _queues.Apply(Activity("q", "chat", 1), Duration.Zero, Now);

        _queues.ToSnapshot().Queues.Select(queue => (queue.MediaType, queue.Waiting)).ShouldBe([("chat", 1)]);
    }

    [Fact]
    public void The_longest_wait_is_converted_to_the_clock_of_this_machine()
    {
        var message = Read("q", "activity", $$"""{"results":[{"mediaType":"voice","data":[{"metric":"oLongestWaiting","count":1,"calculatedMetricValue":{{Now.ToUnixTimeMilliseconds() - 60_000}}}]}]}""");

        _queues.Apply(message, Duration.FromSeconds(5), Now);

        _queues.ToSnapshot().Queues.Single().LongestWaitingSince.ShouldBe(Now - Duration.FromSeconds(55));
    }

    [Fact]
    public void Users_keep_the_figures_that_a_message_lacks()
    {
        _queues.Apply(Users("""{"metric":"oMemberUsers","stats":{"count":7}},{"metric":"oUserRoutingStatuses","qualifier":"IDLE","stats":{"count":2}}"""), Duration.Zero, Now);
        _queues.Apply(Users("""{"metric":"oUserRoutingStatuses","qualifier":"INTERACTING","stats":{"count":3}}"""), Duration.Zero, Now);

        var users = _queues.ToSnapshot().Users.Single();
        users.Members.ShouldBe(7);
        users.ByRoutingStatus.ShouldBe(new Dictionary<string, int> { ["INTERACTING"] = 3 });
        _queues.HasUserMessages.ShouldBeTrue();
    }

    [Fact]
    public void A_figure_about_users_that_cannot_be_read_is_reported_until_the_state_is_read_again()
    {
        _queues.Apply(Users("""{"metric":"oMemberUsers","stats":{"count":"seven"}}"""), Duration.Zero, Now).ShouldBeTrue();
        _queues.Apply(Users("""{"metric":"oUserRoutingStatuses","qualifier":"IDLE","stats":{"count":2}}"""), Duration.Zero, Now);

        _queues.ToSnapshot().Dropped.ShouldHaveSingleItem().QueueId.ShouldBe("q");

        _queues.BeginRead();
        _queues.CompleteRead(State([]), Duration.Zero, Now);
        _queues.ToSnapshot().Dropped.ShouldBeEmpty();
    }

    [Fact]
    public void A_heartbeat_is_not_a_change() => _queues.Apply(new HeartbeatMessage(IsPong: true), Duration.Zero, Now).ShouldBeFalse();

    private static LiveSnapshot State(ImmutableArray<QueueActivity> queues) => new() { AsOf = Now, Version = 1, Queues = queues, Users = [] };

    private static NotificationMessage Activity(string queueId, string mediaType, int waiting) =>
        Read(queueId, "activity", $$"""{"results":[{"mediaType":"{{mediaType}}","data":[{"metric":"oWaiting","count":{{waiting}}}]}]}""");

    private static NotificationMessage Users(string metrics) => Read("q", "observations", $$"""{"group":{"queueId":"q"},"data":[{"metrics":[{{metrics}}]}]}""");

    private static NotificationMessage Read(string queueId, string kind, string body)
    {
        var text = $$"""{"topicName":"v2.analytics.queues.{{queueId}}.{{kind}}","eventBody":{{body}}}""";
        var reading = NotificationMessageReader.ReadAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None);
        reading.IsCompletedSuccessfully.ShouldBeTrue("a message in memory is read without waiting");
#pragma warning disable xUnit1031 // The task is complete.
        return reading.Result;
#pragma warning restore xUnit1031
    }
}
