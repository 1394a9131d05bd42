using GenesysAnalyticsApi.Genesys.Limits;

namespace GenesysAnalyticsApi.Tests.Genesys.Limits;

/// <summary>Which limits of an organization are recognized. Invented keys and descriptions stand for those that Genesys has not published.</summary>
public sealed class LimitDefinitionTests
{
    [Theory]
    [InlineData(nameof(LimitKind.RequestsPerMinute), "client.credentials.token.rate.per.minute")]
    [InlineData(nameof(LimitKind.Predicates), "query.predicates.max")]
    [InlineData(nameof(LimitKind.Predicates), "observation.query.predicate.count")]
    [InlineData(nameof(LimitKind.Predicates), "maxPredicatesPerQuery")]
    [InlineData(nameof(LimitKind.TopicsPerChannel), "channel.topics.max")]
    [InlineData(nameof(LimitKind.TopicsPerChannel), "max_topics_per_channel")]
    [InlineData(nameof(LimitKind.Channels), "channels.max")]
    [InlineData(nameof(LimitKind.Channels), "channels.per.user.per.app")]
    [InlineData(nameof(LimitKind.ActivityPageSize), "activity.page.size.max")]
    public void A_limit_is_recognized_by_its_key(string kind, string key) => MeantBy(key, description: null).ShouldBe([kind]);

    [Theory]
    [InlineData("token.rate.per.minute")]
    [InlineData("predicates.rate.per.minute")]
    [InlineData("predicate.nesting.depth")]
    [InlineData("query.predicates.per.clause")]
    [InlineData("alert.rule.predicates.max")]
    [InlineData("predicate.bytes.max")]
    [InlineData("channel.connections.max")]
    [InlineData("channel.lifetime.hours")]
    [InlineData("channel.rate.per.minute")]
    [InlineData("channel.message.bytes.max")]
    [InlineData("topics.max")]
    [InlineData("channel.topic.length.max")]
    [InlineData("channel.topics.rate.per.second")]
    [InlineData("page.size.max")]
    [InlineData("activity.page.size.bytes")]
    [InlineData("")]
    public void A_limit_of_something_else_is_not_recognized_by_its_key(string key) => MeantBy(key, description: null).ShouldBeEmpty();

    [Theory]
    [InlineData("query.predicates.max", "The maximum depth of nested predicates")]
    [InlineData("channels.max", "The maximum number of channels that are created per minute")]
    [InlineData("channel.topics.max", "The number of bytes of the topics of a channel")]
    public void A_description_of_something_else_outweighs_the_key(string key, string description) => MeantBy(key, description).ShouldBeEmpty();

    [Theory]
    [InlineData(nameof(LimitKind.Predicates), "rt.7", "The maximum number of predicates in a query filter")]
    [InlineData(nameof(LimitKind.TopicsPerChannel), "n.1", "The maximum number of topics that a channel can subscribe to")]
    [InlineData(nameof(LimitKind.Channels), "n.2", "Maximum number of notification channels per user and application")]
    [InlineData(nameof(LimitKind.ActivityPageSize), "rt.8", "The maximum number of results on a page of an activity query")]
    public void A_limit_is_recognized_by_its_description(string kind, string key, string description) => MeantBy(key, description).ShouldBe([kind]);

    [Theory]
    [InlineData("rt.1", "Predicates are described elsewhere")]
    [InlineData("rt.2", "The maximum number of queries with more than one of many different predicates")]
    [InlineData("rt.3", "The maximum number of predicates per clause")]
    [InlineData("rt.4", "The maximum number of predicates of an alerting rule")]
    [InlineData("rt.rate.per.minute", "The maximum number of predicates")]
    [InlineData("n.1", "The maximum number of channels that may have a topic")]
    [InlineData("n.2", "The maximum number of messages of a channel")]
    [InlineData("n.3", "The number of hours that a channel lives")]
    [InlineData("n.4", "")]
    public void A_description_of_something_else_is_not_recognized(string key, string description) => MeantBy(key, description).ShouldBeEmpty();

    private static IEnumerable<string> MeantBy(string key, string? description) => LimitDefinition.All
        .Where(definition => definition.MatchesKey(key, description) || definition.MatchesDescription(key, description))
        .Select(definition => $"{definition.Kind}");
}
