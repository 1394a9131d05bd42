using System.Collections.Immutable;
using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Observations.State;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Alerts;

public sealed class LiveRuleFiguresTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 0);

    private static readonly LiveSnapshot Snapshot = new()
    {
        AsOf = Now,
        Version = 1,
        Queues =
        [
            new("a", "voice", 3, 2, 1, Now - Duration.FromSeconds(90), null),
            new("A", "chat", 4, 0, 0, Now - Duration.FromSeconds(10), Now + Duration.FromSeconds(1)),
        ],
        Users = [new("a", 5, null, 7, 8, ImmutableSortedDictionary<string, int>.Empty, ImmutableSortedDictionary<string, int>.Empty)],
    };

    [Theory]
    [InlineData("waiting", null, 7d)]
    [InlineData("waiting", "voice", 3d)]
    [InlineData("waiting", "email", 0d)]
    [InlineData("interacting", null, 2d)]
    [InlineData("alerting", "chat", 0d)]
    [InlineData("longestWaitMs", null, 90_000d)]
    [InlineData("longestWaitMs", "CHAT", 10_000d)]
    // The interaction started after the state was read, because the other clock is ahead.
    [InlineData("longestInteractionMs", null, 0d)]
    [InlineData("onQueueUsers", null, 5d)]
    [InlineData("activeUsers", null, null)]
    [InlineData("memberUsers", null, 7d)]
    [InlineData("offQueueUsers", null, 8d)]
    public void A_rule_reads_its_figure_from_the_state(string figure, string? mediaType, double? expected)
    {
        var reading = Read(Snapshot, figure, mediaType, "a");

        reading.Value.ShouldBe(expected);
        (reading.Fault is null).ShouldBe(expected is not null);
    }

    [Fact]
    public void A_queue_that_a_complete_state_does_not_mention_has_no_conversations() => Read(Snapshot, "waiting", null, "b").ShouldBe(new QueueReading("b", 0, null));

    [Fact]
    public void A_missing_part_is_a_fault_only_for_its_queues_and_figures()
    {
        var incomplete = Snapshot with { Missing = [new(["b"], LivePart.Conversations, "too large"), new([], LivePart.Users, "not permitted")] };

        Read(incomplete, "waiting", null, "a").Fault.ShouldBeNull();
        Read(incomplete, "waiting", null, "B").Fault.ShouldBe("too large");
        Read(incomplete, "onQueueUsers", null, "a").Fault.ShouldBe("not permitted");
    }

    [Fact]
    public void An_entry_that_could_not_be_read_is_a_fault_of_its_figure()
    {
        var unreadable = Snapshot with { Queues = [Snapshot.Queues[0] with { Unreadable = LiveFigures.Waiting }, Snapshot.Queues[1]] };

        Read(unreadable, "waiting", null, "a").Fault.ShouldNotBeNull();
        Read(unreadable, "waiting", "chat", "a").Value.ShouldBe(4);
        Read(unreadable, "interacting", null, "a").Value.ShouldBe(2);
    }

    [Fact]
    public void A_dropped_entry_is_a_fault_of_any_queue_without_an_entry_that_it_may_belong_to()
    {
        Read(Snapshot with { Dropped = [new(null, "no queue id")] }, "waiting", null, "b").Fault.ShouldNotBeNull();
        Read(Snapshot with { Dropped = [new("B", "no media type") { IsOfAnyMediaType = true }] }, "waiting", null, "b").Fault.ShouldNotBeNull();
        Read(Snapshot with { Dropped = [new("B", "users") { IsOfAnyMediaType = false }] }, "waiting", null, "b").Value.ShouldBe(0);
        Read(Snapshot with { Dropped = [new("c", "no media type") { IsOfAnyMediaType = true }] }, "waiting", null, "b").Value.ShouldBe(0);
        Read(Snapshot with { Dropped = [new(null, "no queue id")] }, "waiting", null, "a").Value.ShouldBe(7);
    }

    [Fact]
    public void An_entry_without_media_type_is_a_fault_of_the_sum_over_all_media_types()
    {
        var dropped = Snapshot with { Dropped = [new("a", "no media type") { IsOfAnyMediaType = true }] };

        Read(dropped, "waiting", null, "a").Fault.ShouldNotBeNull();
        Read(dropped, "waiting", "email", "a").Fault.ShouldNotBeNull();
        Read(dropped, "waiting", "voice", "a").Value.ShouldBe(3);
    }

    private static QueueReading Read(LiveSnapshot snapshot, string figure, string? mediaType, string queueId) =>
        new LiveRuleFigures(snapshot).Read(new AlertRule { Name = "rule", Figure = figure, MediaType = mediaType, Threshold = 1, MaxAge = Duration.FromMinutes(1) }, [queueId]).Queues.ShouldHaveSingleItem();
}
