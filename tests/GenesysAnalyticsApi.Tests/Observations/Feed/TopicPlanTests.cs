using System.Collections.Immutable;
using CsCheck;
using GenesysAnalyticsApi.Genesys.Notifications;
using GenesysAnalyticsApi.Observations.Feed;

namespace GenesysAnalyticsApi.Tests.Observations.Feed;

public sealed class TopicPlanTests
{
    private static readonly Gen<HashSet<int>> Queues = Gen.Int[0, 60].HashSet[0, 40];

    [Fact]
    public void Every_topic_is_in_one_channel_and_no_channel_has_too_many() =>
        Gen.Select(Queues.Array[1, 6], Gen.Int[3, 30].Array[6]).Sample((changes, limits) =>
        {
            ImmutableArray<ImmutableArray<string>> channels = [];
            foreach (var (queues, maxTopics) in changes.Zip(limits))
            {
                var wanted = TopicPlan.TopicsOf(queues.Select(queue => $"{queue}"), maxTopics, 20).ShouldNotBeNull();
                channels = TopicPlan.Assign(channels, wanted, maxTopics);

                channels.SelectMany(topics => topics).ShouldBe(wanted, ignoreOrder: true);
                channels.ShouldAllBe(topics => topics.Length <= maxTopics);
            }
        });

    [Fact]
    public void A_new_queue_changes_one_channel_only() =>
        Gen.Select(Queues, Gen.Int[3, 30]).Sample((queues, maxTopics) =>
        {
            // With so many channels, there is room for all topics. Otherwise, the topics of users would be left out for all queues.
            var before = TopicPlan.Assign([], TopicPlan.TopicsOf(queues.Select(queue => $"{queue}"), maxTopics, maxChannels: 100)!.Value, maxTopics);
            var after = TopicPlan.Assign(before, TopicPlan.TopicsOf(queues.Append(100).Select(queue => $"{queue}"), maxTopics, maxChannels: 100)!.Value, maxTopics);

            // The two topics of the new queue may be divided between an existing channel and an additional one, which Zip leaves out.
            before.Zip(after).Count(pair => !pair.First.SequenceEqual(pair.Second)).ShouldBeLessThanOrEqualTo(1);
        });

    [Fact]
    public void Without_room_for_all_topics_those_of_users_are_left_out_and_then_all()
    {
        var queues = Enumerable.Range(0, 19 * 10).Select(queue => $"{queue}").ToList();

        TopicPlan.TopicsOf(queues.Take(queues.Count / 2), 10, 20)!.Value.Length.ShouldBe(queues.Count);
        TopicPlan.TopicsOf(queues, 10, 20)!.Value.ShouldAllBe(topic => NotificationWire.QueueOfActivity(topic) != null);
        TopicPlan.TopicsOf(queues.Append("one more"), 10, 20).ShouldBeNull();
    }
}
