using System.Net;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Tests.Genesys.Infrastructure;
using GenesysAnalyticsApi.Tests.Infrastructure;

namespace GenesysAnalyticsApi.Tests.Genesys;

/// <summary>The lists of users and wrap-up codes, with either client (<see cref="TestedClient"/>).</summary>
public sealed class ListGatewayTests : IDisposable
{
    private const string Ada = "a0000000-0000-4000-8000-000000000001";

    private readonly GatewayDriver _driver = new();

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _driver.Dispose();

    [Fact]
    public async Task A_page_of_users_has_ids_names_and_states_only()
    {
        _driver.Genesys.Ok($$$"""
            {"entities":[{"id":"{{{Ada}}}","name":"Ada Lovelace","state":"active","email":"ada@example.org","username":"ada","division":{"id":"d1","name":"Home"},
              "primaryContactInfo":[{"address":"ada@example.org","mediaType":"EMAIL"}],"images":[{}],"version":7,"acdAutoAnswer":false},
             {"id":"u2","name":"Bob","state":"inactive"},{"id":"u3","name":"Eve","state":"deleted"},{"id":"u4","name":"Nil"},{"id":"u5"}],
             "pageSize":500,"pageNumber":1,"total":505,"pageCount":2,"nextUri":"https://evil.example/api/v2/users?pageNumber=2"}
            """);

        var page = await _driver.Gateway.ListUsersAsync(1, RequestOrigin.Service, TestCancellation);

        _driver.Genesys.Requests.ShouldHaveSingleItem().Url.ShouldSatisfyAllConditions(
            url => url.GetLeftPart(UriPartial.Path).ShouldBe("https://api.mypurecloud.ie/api/v2/users"),
            url => url.Query[1..].Split('&').ShouldBe(["state=any", "pageSize=500", "pageNumber=1"], ignoreOrder: true));
        (page.PageNumber, page.PageCount, page.HasNext, page.Calls).ShouldBe((1, 2, true, 1));
        page.Entities.ShouldBe([new(Ada, "Ada Lovelace", true), new("u2", "Bob", false), new("u3", "Eve", false), new("u4", "Nil", null), new("u5", "u5", null)]);
        page.InvalidEntries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_of_wrap_up_codes_includes_those_without_a_name()
    {
        _driver.Genesys.Ok("""
            {"entities":[{"id":"c1","name":"Sold","division":{"id":"*"}},{"id":"ININ-WRAP-UP-TIMEOUT"},{"id":"c3","name":null,"state":"gone"}],"pageNumber":2,"pageCount":2}
            """);

        var page = await _driver.Gateway.ListWrapUpCodesAsync(2, RequestOrigin.Service, TestCancellation);

        _driver.Genesys.Requests.ShouldHaveSingleItem().Url.ShouldSatisfyAllConditions(
            url => url.GetLeftPart(UriPartial.Path).ShouldBe("https://api.mypurecloud.ie/api/v2/routing/wrapupcodes"),
            url => url.Query[1..].Split('&').ShouldBe(["pageSize=100", "pageNumber=2"], ignoreOrder: true));
        page.HasNext.ShouldBeFalse();
        page.Entities.ShouldBe([new("c1", "Sold", null), new("ININ-WRAP-UP-TIMEOUT", "ININ-WRAP-UP-TIMEOUT", null), new("c3", "c3", null)]);
        page.InvalidEntries.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_invalid_entry_is_repaired_or_dropped_and_no_message_contains_a_name()
    {
        _driver.Genesys.Ok($$"""
            {"entities":[null,{"name":"Planted Name"},{"id":"Planted Name","name":"Planted Name"},{"id":"planted@example.org","name":"Planted \ud800 Name"},
             {"id":"{{Ada}}","name":"{{new string('P', 600)}}lanted","state":"Planted Name"},{"id":"u6","name":{"first":"Planted"},"state":7}],"pageCount":1}
            """);

        var page = await _driver.Gateway.ListUsersAsync(1, RequestOrigin.Service, TestCancellation);

        page.Entities.Select(user => user.Id).ShouldBe(["planted@example.org", Ada, "u6"]);
        page.Entities.Select(user => user.IsActive).ShouldBe([null, null, null]);
        page.Entities[0].Name.ShouldBe("Planted \uFFFD Name");
        page.Entities[1].Name.Length.ShouldBe(500);
        page.InvalidEntries.ShouldBe(
        [
            "entry 1 of page 1 was dropped: it is not an object",
            "entry 2 of page 1 was dropped: it has no id of up to 100 characters",
            "entry 3 of page 1 was dropped: it has no id of up to 100 characters",
            "the name of entry 4 of page 1 is invalid: it was repaired",
            $"the name of user {Ada} is invalid: it was repaired",
            $"the state of user {Ada} was dropped: it is not active, inactive or deleted",
            "the name of entry 6 of page 1 is invalid: it was replaced by the id",
            "the state of entry 6 of page 1 was dropped: it is not active, inactive or deleted",
        ]);
    }

    [Theory]
    [InlineData("""{"message":"something is wrong"}""", "the user list has no entities")]
    [InlineData("[]", "the user list is not an object")]
    [InlineData("{\"entities\":[", "the user list is not valid JSON")]
    public async Task A_body_that_is_not_a_list_is_unreadable(string body, string expected)
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.OK, body);

        var listing = _driver.Gateway.ListUsersAsync(1, RequestOrigin.Service, TestCancellation);
        await _driver.PassTimeUntilAsync(listing.ContinueWith(_ => { }, TaskScheduler.Default));

        var failure = (await Should.ThrowAsync<GenesysException>(() => listing)).Failure;
        failure.Kind.ShouldBe(GenesysFailureKind.Unreadable);
        failure.Message.ShouldContain(expected);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        _driver.Genesys.DefaultReply = _ => FakeGenesysHandler.Response(HttpStatusCode.Forbidden, "");

        var users = await Should.ThrowAsync<GenesysException>(() => _driver.Gateway.ListUsersAsync(1, RequestOrigin.Service, TestCancellation));
        var codes = await Should.ThrowAsync<GenesysException>(() => _driver.Gateway.ListWrapUpCodesAsync(1, RequestOrigin.Service, TestCancellation));

        users.Failure.Kind.ShouldBe(GenesysFailureKind.Forbidden);
        users.Failure.Message.ShouldContain("directory:user:view");
        codes.Failure.Message.ShouldContain("routing:wrapupCode:view");
    }
}
