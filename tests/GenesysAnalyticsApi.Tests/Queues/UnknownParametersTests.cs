using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace GenesysAnalyticsApi.Tests.Queues;

public sealed class UnknownParametersTests
{
    private static readonly string[] Known = ["queueId", "queue", "from", "to", "granularity"];

    [Theory]
    [InlineData("QueueID", "queueId")] // names are case-sensitive
    [InlineData("queues", "queue")]
    [InlineData("granulrity", "granularity")]
    [InlineData("queue_id", "queueId")]
    public void An_unknown_name_is_reported_with_the_closest_known_one(string name, string meant)
    {
        var (found, message) = Find($"?{name}=1&from=x").ShouldHaveSingleItem();

        found.ShouldBe(name);
        message.ShouldBe($"'{name}' is not a parameter here. Did you mean '{meant}'?");
    }

    [Theory]
    [InlineData("format")] // two edits away from "from"
    [InlineData("list")]
    [InlineData("userId")]
    [InlineData("id")]
    [InlineData("x")]
    public void A_name_without_a_close_match_gets_no_suggestion(string name) =>
        Find($"?{name}=1").ShouldHaveSingleItem().Message.ShouldBe($"'{name}' is not a parameter here: use one of queueId, queue, from, to, granularity.");

    [Fact]
    public void Known_names_are_not_reported() => Find("?queueId=1&queueId=2&to=").ShouldBeEmpty();

    [Fact]
    public void Every_unknown_name_is_reported() => Find("?a=1&b=2&c").Select(error => error.Name).ShouldBe(["a", "b", "c"], ignoreOrder: true);

    [Fact]
    public void The_message_says_so_if_no_parameter_is_accepted() =>
        UnknownParameters.Find(Query("?x=1"), []).ShouldHaveSingleItem().Message.ShouldBe("'x' is not a parameter; none are accepted here.");

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("Same", "sAME", 0)]
    [InlineData("form", "from", 1)] // transposed neighbors
    public void The_edit_distance_is_the_fewest_changes(string first, string second, int distance)
    {
        EditDistance.Between(first, second).ShouldBe(distance);
        EditDistance.Between(second, first).ShouldBe(distance);
    }

    private static (string Name, string Message)[] Find(string query) => [.. UnknownParameters.Find(Query(query), Known)];

    private static QueryCollection Query(string text) => new(QueryHelpers.ParseQuery(text));
}
