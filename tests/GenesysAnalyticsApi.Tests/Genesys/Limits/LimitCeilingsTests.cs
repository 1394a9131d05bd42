using System.Net;
using GenesysAnalyticsApi.Genesys.Limits;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Genesys.Limits;

/// <summary>The ceilings that the reader takes from the replies of Genesys, over several reads of which some fail.</summary>
public sealed class LimitCeilingsTests : IDisposable
{
    private const string Requests = "client.credentials.token.rate.per.minute";
    private const int None = 100_000;

    private readonly FakeLimits _genesys = new();

    public void Dispose() => _genesys.Dispose();

    [Fact]
    public async Task The_value_of_the_organization_applies_and_otherwise_the_documented_default()
    {
        SetDocumentation();
        _genesys.Namespace("platform.api", (Requests, 240));
        _genesys.Namespace("analytics.realtime", ("query.predicates.max", 120));
        _genesys.Namespace("notifications", "<html><body>Bad gateway</body></html>", HttpStatusCode.BadGateway);

        await _genesys.ReadAsync();

        _genesys.Applied.ShouldBe([240, 120, 1_000, 20, 500]);
        _genesys[LimitKind.Predicates].Ceiling!.IsDefault.ShouldBeFalse();
        _genesys[LimitKind.ActivityPageSize].Ceiling!.IsDefault.ShouldBeTrue("the namespace does not list it");
        _genesys[LimitKind.Channels].Ceiling!.IsDefault.ShouldBeTrue("the namespace cannot be read");
        _genesys.Log.ShouldContain(line => line.Contains(
            "240 requests per minute and token (platform.api/client.credentials.token.rate.per.minute), 120 predicates of a query for the state of queues", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Namespaces_without_a_limit_of_this_service_are_not_read()
    {
        _genesys.Docs(FakeLimits.Documented(
            ("platform.api", [FakeLimits.Documented(Requests, 300)]), ("analytics.realtime", [FakeLimits.Documented("query.rate.per.minute", 60)]), ("routing", [FakeLimits.Documented("channels.max", 3)])));

        await _genesys.ReadAsync();

        _genesys.Requested.ShouldBe(["docs", "namespaces/platform.api"], ignoreOrder: true);
        _genesys.Applied.ShouldBe([300, None, None, None, None]);
    }

    [Fact]
    public async Task Without_the_documentation_limits_are_recognized_by_the_keys_of_the_namespaces()
    {
        _genesys.Docs("""{"url":"https://developer.example/limits"}""");
        SetValues();

        await _genesys.ReadAsync();

        _genesys.Applied.ShouldBe([240, 120, 900, 15, 400]);
    }

    [Theory]
    [InlineData("", HttpStatusCode.ServiceUnavailable)]
    [InlineData("""{"message":"Denied","status":403}""", HttpStatusCode.Forbidden)]
    [InlineData("""{"message":"Gone","status":404}""", HttpStatusCode.NotFound)]
    [InlineData("<html><head><title>Sign in</title></head></html>", HttpStatusCode.OK)]
    [InlineData("""{"entities":[{"key":"channels.max","val""", HttpStatusCode.OK)]
    [InlineData("""{"entities":null,"namespaces":null}""", HttpStatusCode.OK)]
    [InlineData("""{"entities":{},"namespaces":[]}""", HttpStatusCode.OK)]
    [InlineData("""{"message":"Something went wrong"}""", HttpStatusCode.OK)]
    [InlineData("[]", HttpStatusCode.OK)]
    [InlineData("null", HttpStatusCode.OK)]
    public async Task A_ceiling_stays_until_a_newer_one_is_read(string body, HttpStatusCode status)
    {
        SetDocumentation();
        SetValues();
        await _genesys.ReadAsync();
        foreach (var name in LimitDefinition.Namespaces)
        {
            _genesys.Namespace(name, body, status);
        }

        await _genesys.ReadAgainAsync();
        _genesys.Applied.ShouldBe([240, 120, 900, 15, 400]);

        _genesys.Docs(body, status);
        await _genesys.ReadAgainAsync();
        _genesys.Applied.ShouldBe([240, 120, 900, 15, 400]);

        SetDocumentation();
        SetValues();
        _genesys.Namespace("platform.api", (Requests, 260));
        await _genesys.ReadAgainAsync();
        _genesys.Applied.ShouldBe([260, 120, 900, 15, 400]);
    }

    [Fact]
    public async Task One_namespace_that_cannot_be_read_does_not_hold_up_the_others()
    {
        SetDocumentation();
        SetValues();
        await _genesys.ReadAsync();
        _genesys.Namespace("analytics.realtime", "", HttpStatusCode.ServiceUnavailable);
        _genesys.Namespace("notifications", ("channel.topics.max", 700), ("channels.max", 10));

        await _genesys.ReadAgainAsync();

        _genesys.Applied.ShouldBe([240, 120, 700, 10, 400]);
        _genesys[LimitKind.Predicates].Ceiling!.ReadAt.ShouldBeLessThan(_genesys[LimitKind.Channels].Ceiling!.ReadAt);
    }

    [Fact]
    public async Task A_limit_that_is_no_longer_listed_has_its_default_or_is_unknown()
    {
        SetDocumentation();
        SetValues();
        await _genesys.ReadAsync();

        _genesys.Namespace("notifications", ("channels.max", 15));
        await _genesys.ReadAgainAsync();
        _genesys.Applied.ShouldBe([240, 120, 1_000, 15, 400], "the default is documented");

        _genesys.Docs(FakeLimits.Documented(
            ("platform.api", [FakeLimits.Documented(Requests, 300)]), ("notifications", [FakeLimits.Documented("channels.max", 20)])));
        await _genesys.ReadAgainAsync();
        _genesys.Applied.ShouldBe([240, None, None, 15, None]);
        _genesys[LimitKind.TopicsPerChannel].Reason.ShouldBe("no limit in the namespace notifications was recognized as this limit");
    }

    [Fact]
    public async Task A_default_stays_while_the_documentation_cannot_be_read()
    {
        SetDocumentation();
        await _genesys.ReadAsync();
        _genesys.Applied.ShouldBe([300, 200, 1_000, 20, 500]);

        _genesys.Docs("", HttpStatusCode.ServiceUnavailable);
        await _genesys.ReadAgainAsync();

        _genesys.Applied.ShouldBe([300, 200, 1_000, 20, 500]);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e300")]
    [InlineData("1e999")]
    [InlineData("0.5")]
    [InlineData("120.5")]
    [InlineData("99999999999999999999")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\"many\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("[120]")]
    [InlineData("{\"value\":120}")]
    public async Task An_invalid_value_affects_no_other_limit(string value)
    {
        SetDocumentation();
        _genesys.Namespace("platform.api", (Requests, 240));
        _genesys.Namespace("analytics.realtime", ("query.predicates.max", value), ("activity.page.size.max", 400));
        _genesys.Namespace("notifications", ("channel.topics.max", 900), ("channels.max", 15));
        await _genesys.ReadAsync();
        _genesys.Applied.ShouldBe([240, 200, 900, 15, 400], "the default applies");

        SetValues();
        await _genesys.ReadAgainAsync();
        _genesys.Applied.ShouldBe([240, 120, 900, 15, 400]);

        _genesys.Namespace("platform.api", (Requests, value));
        _genesys.Namespace("analytics.realtime", ("query.predicates.max", value), ("activity.page.size.max", 300));
        await _genesys.ReadAgainAsync();
        _genesys.Applied.ShouldBe([240, 120, 900, 15, 300], "the value that was read before applies");
    }

    [Theory]
    [InlineData("\"120\"", 120)]
    [InlineData("120.0", 120)]
    [InlineData("1.2e2", 120)]
    [InlineData("2147483647", None)]
    public async Task A_number_may_be_written_in_several_ways(string value, int predicates)
    {
        SetDocumentation();
        _genesys.Namespace("analytics.realtime", ("query.predicates.max", value));

        await _genesys.ReadAsync();

        _genesys.Applied[1].ShouldBe(predicates);
    }

    [Fact]
    public async Task Repeated_keys_count_once_and_contradictory_values_are_ignored()
    {
        SetDocumentation();
        _genesys.Namespace("platform.api", (Requests, 240), (Requests, 240));
        _genesys.Namespace("analytics.realtime", ("query.predicates.max", 120), ("query.predicates.max", 60), ("activity.page.size.max", 400));
        _genesys.Namespace("notifications", """{"entities":[null,7,"channels.max",[],{},{"key":null,"value":3},{"namespace":"routing","key":"channels.max","value":3},{"key":"channel.topics.max","value":900}]}""");

        await _genesys.ReadAsync();

        _genesys.Applied.ShouldBe([240, 200, 900, 20, 400]);
    }

    [Fact]
    public async Task An_invalid_namespace_of_the_documentation_does_not_affect_the_others()
    {
        var deep = Nested(500);
        _genesys.Docs($$"""
            {"namespaces":[null,1,{"name":7,"limits":[]},{"name":null},{"limits":[]},{"name":"notifications","limits":null},{"name":"routing","limits":{{deep}}},
            {"name":"platform.api","limits":[null,{"key":{{deep}},"defaultValue":3},{{FakeLimits.Documented(Requests, 300)}},{{FakeLimits.Documented(Requests, 300)}}],"more":{{deep}}},
            {"name":"analytics.realtime","limits":[{{FakeLimits.Documented("query.predicates.max", "\"none\"")}},{{FakeLimits.Documented("activity.page.size.max", 500)}}]}]}
            """);
        _genesys.Namespace("notifications", ("channels.max", 15));

        await _genesys.ReadAsync();

        _genesys.Applied.ShouldBe([300, None, None, 15, 500]);
    }

    [Fact]
    public async Task A_reply_that_is_too_long_or_too_deep_is_not_read_and_does_not_affect_the_others()
    {
        SetDocumentation();
        SetValues();
        _genesys.Namespace("analytics.realtime", $$"""{"entities":[{"key":"query.predicates.max","value":{{Nested(100_000)}}}]}""");
        _genesys.Namespace("notifications", Enumerable.Range(0, 40_000).Select(number => ($"some.other.limit.{number}", (object?)number)));
        await _genesys.ReadAsync();
        _genesys.Applied.ShouldBe([240, 200, 1_000, 20, 500]);

        SetValues();
        _genesys.Docs($$"""{"namespaces":[{"name":"notifications","limits":[]},{{Nested(100_000)}}]}""");
        await _genesys.ReadAgainAsync();
        _genesys.Applied.ShouldBe([240, 120, 900, 15, 400]);
    }

    private static string Nested(int levels) => $"{new string('[', levels)}{new string(']', levels)}";

    [Fact]
    public async Task A_limit_is_found_by_its_description_and_kept_while_the_description_cannot_be_read()
    {
        _genesys.Docs(FakeLimits.Documented(
            ("platform.api", [FakeLimits.Documented(Requests, 300)]), ("notifications", [FakeLimits.Documented("n.7", 1_000, "The maximum number of topics of a channel")])));
        _genesys.Namespace("notifications", ("n.7", 800));
        await _genesys.ReadAsync();
        _genesys.Applied[2].ShouldBe(800);

        _genesys.Docs("", HttpStatusCode.ServiceUnavailable);
        _genesys.Namespace("notifications", ("n.7", 600));
        await _genesys.ReadAgainAsync();

        _genesys.Applied[2].ShouldBe(600);
    }

    [Fact]
    public async Task A_limit_that_is_too_low_or_ambiguous_is_ignored()
    {
        _genesys.Namespace("platform.api", (Requests, 2));
        _genesys.Docs(FakeLimits.Documented(
            ("analytics.realtime", [FakeLimits.Documented("query.predicates.max", 1)]), ("notifications", [FakeLimits.Documented("channels.per.user", 20), FakeLimits.Documented("channels.per.app", 30)])));

        await _genesys.ReadAsync();

        _genesys.Applied.ShouldBe([None, None, None, None, None]);
        _genesys[LimitKind.RequestsPerMinute].Reason.ShouldBe("client.credentials.token.rate.per.minute is 2, which is too low to be this limit");
        _genesys[LimitKind.Predicates].Reason.ShouldBe("query.predicates.max is 1, which is too low to be this limit");
        _genesys[LimitKind.Channels].Reason.ShouldBe("several limits match (channels.per.user, channels.per.app)");

        _genesys.Namespace("notifications", ("channels.per.user", 30));
        await _genesys.ReadAgainAsync();
        _genesys.Applied[3].ShouldBe(30, "both candidates have the same value");
    }

    [Theory]
    [InlineData("docs", HttpStatusCode.ServiceUnavailable, 10)]
    [InlineData("namespaces/platform.api", HttpStatusCode.TooManyRequests, 10)]
    [InlineData("namespaces/notifications", HttpStatusCode.Forbidden, 10)]
    [InlineData("namespaces/notifications", HttpStatusCode.NotFound, 360)]
    [InlineData("namespaces/routing", HttpStatusCode.ServiceUnavailable, 360)]
    public async Task A_failed_read_is_retried_soon_unless_the_namespace_does_not_exist_or_is_not_needed(string path, HttpStatusCode status, int minutes)
    {
        SetDocumentation();
        SetValues();
        _genesys.Reply(path, status, "");

        (await _genesys.ReadAsync()).ShouldBe(TimeSpan.FromMinutes(minutes));
    }

    [Fact]
    public async Task A_namespace_without_a_reply_does_not_hold_up_the_others()
    {
        SetDocumentation();
        SetValues();
        _genesys.Hang("namespaces/analytics.realtime");

        (await _genesys.ReadWithTimeAsync(requests: 4)).ShouldBe(OrganizationLimitsRefresher.RetryInterval);

        _genesys.Applied.ShouldBe([240, 200, 900, 15, 500]);
    }

    private void SetDocumentation() => _genesys.Docs(FakeLimits.Documented(
        ("platform.api", [FakeLimits.Documented(Requests, 300, "The maximum number of requests per client credentials grant token per minute"), FakeLimits.Documented("request.bytes.max", 512_000)]),
        ("analytics.realtime", [FakeLimits.Documented("query.predicates.max", 200), FakeLimits.Documented("activity.page.size.max", 500)]),
        ("routing", [FakeLimits.Documented("queue.predicates.max", 5)]),
        ("notifications", [FakeLimits.Documented("channel.topics.max", 1_000), FakeLimits.Documented("channels.max", 20)])));

    private void SetValues()
    {
        _genesys.Namespace("platform.api", (Requests, 240), ("request.bytes.max", 512_000));
        _genesys.Namespace("analytics.realtime", ("query.predicates.max", 120), ("activity.page.size.max", 400));
        _genesys.Namespace("notifications", ("channel.topics.max", 900), ("channels.max", 15));
    }
}
