using GenesysAnalyticsApi.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace GenesysAnalyticsApi.Tests.Queues;

public sealed class UnknownParametersTests
{
    private static readonly string[] Known = ["queueId", "queue", "from", "to", "granularity"];

    [Theory]
    [InlineData("QueueID", "queueId")] // names have a case
    [InlineData("queues", "queue")]
    [InlineData("granulrity", "granularity")]
    [InlineData("queue_id", "queueId")]
    public void An_unknown_name_is_told_with_the_closest_known_one(string name, string closest)
    {
        var (found, message) = Find($"?{name}=1&from=x").ShouldHaveSingleItem();

        found.ShouldBe(name);
        message.ShouldBe($"'{name}' is not a parameter here; the closest is '{closest}'.");
    }

    [Fact]
    public void Known_names_are_not_told() => Find("?queueId=1&queueId=2&to=").ShouldBeEmpty();

    [Fact]
    public void Every_unknown_name_is_told() => Find("?a=1&b=2&c").Select(error => error.Name).ShouldBe(["a", "b", "c"], ignoreOrder: true);

    [Fact]
    public void Where_nothing_is_accepted_that_is_said() =>
        UnknownParameters.Find(Query("?x=1"), []).ShouldHaveSingleItem().Message.ShouldBe("'x' is not a parameter; none are accepted here.");

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("Same", "sAME", 0)]
    public void The_distance_is_the_fewest_letters_to_change(string first, string second, int distance)
    {
        EditDistance.Between(first, second).ShouldBe(distance);
        EditDistance.Between(second, first).ShouldBe(distance);
    }

    private static (string Name, string Message)[] Find(string query) => [.. UnknownParameters.Find(Query(query), Known)];

    private static QueryCollection Query(string text) => new(QueryHelpers.ParseQuery(text));
}
