using System.Net;
using System.Text.Json.Nodes;
using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Directories;

/// <summary>The lists of users and wrap-up codes, as a caller sees them.</summary>
public sealed class NamesEndpointTests
{
    private static readonly IssuedKeys Keys = new IssuedKeys()
        .Add("reader")
        .Add("supervisor", ("Scopes:0", "read"), ("Scopes:1", "agents"))
        .Add("limited", ("Scopes:0", "read"), ("Scopes:1", "agents"), ("Queues:0", "Billing"));

    private readonly FakeGenesysServer _genesys = new()
    {
        Users =
        [
            new(Id(1), "Ada Lovelace", "active"), new(Id(2), "bob", "inactive"), new(Id(3), "Zoë Müller", "active"), new(Id(4), "=cmd|'/C calc'!A0", "deleted"), new(Id(5), "Bob", null),
        ],
        WrapUpCodes = [new(Code(1), "Sold"), new("ININ-WRAP-UP-TIMEOUT", null), new(Code(2), "Angry, again"), new(Code(3), null)],
    };

    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Users_are_listed_with_all_their_fields_and_nothing_else()
    {
        using var service = Service();

        var body = await TextAsync(service, "supervisor", "/users?limit=1&name=ada*");
        var all = await OkAsync(service, "supervisor", "/users");

        body.ShouldBe($$"""{"records":[{"id":"{{Id(1)}}","name":"Ada Lovelace","active":true,"lastSeen":"2026-11-23T09:15:00Z","listed":true}]}""");
        Names(all).ShouldBe(["=cmd|'/C calc'!A0", "Ada Lovelace", "Bob", "bob", "Zoë Müller"]);
        all["records"]!.AsArray().Select(user => user!["active"]?.GetValue<bool>()).ShouldBe([false, true, null, false, true]);
        all.ToJsonString().ShouldNotContain(FakeGenesysServer.PlantedEmail);
        _genesys.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Users_are_filtered_by_name_and_state_and_paged()
    {
        using var service = Service();

        Names(await OkAsync(service, "supervisor", "/users?name=BOB")).ShouldBe(["Bob", "bob"]);
        Names(await OkAsync(service, "supervisor", "/users?name=*mu%CC%88ller")).ShouldBe(["Zoë Müller"]);
        Names(await OkAsync(service, "supervisor", "/users?active=true")).ShouldBe(["Ada Lovelace", "Zoë Müller"]);
        Names(await OkAsync(service, "supervisor", "/users?active=false")).ShouldBe(["=cmd|'/C calc'!A0", "bob"]);
        var first = await OkAsync(service, "supervisor", "/users?limit=3");
        var second = await OkAsync(service, "supervisor", $"/users?limit=3&cursor={first["nextCursor"]}");
        Names(first).Concat(Names(second)).Count().ShouldBe(5);
        second.ContainsKey("nextCursor").ShouldBeFalse();
    }

    [Fact]
    public async Task Every_reader_can_list_wrap_up_codes_and_a_code_without_a_name_is_listed_by_its_id()
    {
        using var service = Service();

        var body = await TextAsync(service, "limited", "/wrapup-codes?name=*,*");

        body.ShouldBe($$"""{"records":[{"id":"{{Code(2)}}","name":"Angry, again","lastSeen":"2026-11-23T09:15:00Z","listed":true}]}""");
        Names(await OkAsync(service, "reader", "/wrapup-codes")).ShouldBe(["Angry, again", Code(3), "ININ-WRAP-UP-TIMEOUT", "Sold"]);
        _genesys.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_entry_is_found_by_its_id_in_any_case()
    {
        using var service = Service();

        (await OkAsync(service, "supervisor", $"/users/{Id(2).ToUpperInvariant()}"))["name"]!.ToString().ShouldBe("bob");
        (await OkAsync(service, "reader", "/wrapup-codes/inin-wrap-up-timeout"))["name"]!.ToString().ShouldBe("ININ-WRAP-UP-TIMEOUT");
        await ShouldFailAsync(service, "supervisor", $"/users/{Id(9)}", HttpStatusCode.NotFound, "unknown-user", $"No user has the id '{Id(9)}'.");
        await ShouldFailAsync(service, "reader", "/wrapup-codes/x", HttpStatusCode.NotFound, "unknown-wrapup-code", "No wrap-up code has the id 'x'.");
    }

    [Theory]
    [InlineData("/users")]
    [InlineData("/users/a0000000-0000-4000-8000-000000000001")]
    public async Task Users_require_the_scope_agents_and_are_hidden_from_callers_that_are_limited_to_some_queues(string path)
    {
        using var service = Service();

        await ShouldFailAsync(service, "reader", path, HttpStatusCode.Forbidden, "forbidden", "These credentials lack the scope 'agents'. Use credentials with this scope, or ask the operator of the service for it.");
        await ShouldFailAsync(
            service, "limited", path, HttpStatusCode.Forbidden, "forbidden",
            "These credentials are limited to some queues, and the list of users also contains agents of other queues. To see the agents of your queues, group /aggregates by userId; "
            + "for the whole list, use credentials that are not limited to queues or divisions.");
        service.Upstream!.Requests.ShouldNotContain(request => request.AbsolutePath == "/api/v2/users");
    }

    [Fact]
    public async Task Names_are_not_read_for_callers_that_do_not_request_them()
    {
        using var service = Service();

        await OkAsync(service, "reader", "/queues");
        await OkAsync(service, "supervisor", "/aggregates?last=PT1H");

        service.Upstream!.Requests.ShouldNotContain(request => request.AbsolutePath == "/api/v2/users" || request.AbsolutePath == "/api/v2/routing/wrapupcodes");
    }

    [Fact]
    public async Task Invalid_parameters_are_reported_together()
    {
        using var service = Service();
        var cursor = (await OkAsync(service, "supervisor", "/users?limit=1"))["nextCursor"];

        ErrorsOf(await ProblemAsync(service, "supervisor", $"/users?name=&active=yes&limit=0&cursor={cursor}&state=any")).ShouldBe(
            new Dictionary<string, string>
            {
                ["name"] = "'' is not a user's name or a pattern for names, such as *Schmidt.",
                ["active"] = "'yes' is not valid: use one of true, false. Did you mean 'true'?",
                ["limit"] = "'0' is not a whole number from 1 to 1000.",
                ["cursor"] = $"'{cursor}' belongs to a query with a different name or active. Pass a cursor with the same filters as the query that returned it.",
                ["state"] = "'state' is not a parameter here: use one of name, active, limit, cursor.",
            },
            ignoreOrder: true);
        ErrorsOf(await ProblemAsync(service, "reader", $"/wrapup-codes?cursor={cursor}&active=true&limit=5&limit=6")).Keys.ShouldBe(["cursor", "active", "limit"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        _genesys.FailsToList = _ => new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("{}") };
        using var service = Service();

        (await ProblemAsync(service, "supervisor", "/users", HttpStatusCode.BadGateway))["detail"]!.ToString().ShouldContain("directory:user:view");
        (await ProblemAsync(service, "supervisor", "/wrapup-codes", HttpStatusCode.BadGateway))["detail"]!.ToString().ShouldContain("routing:wrapupCode:view");
    }

    [Fact]
    public void Every_parameter_has_metadata()
    {
        UsersParameters.Metadata.Keys.ShouldBe(UsersParameters.ParameterNames);
        WrapUpCodesParameters.Metadata.Keys.ShouldBe(WrapUpCodesParameters.ParameterNames);
    }

    private static string Id(int number) => $"a0000000-0000-4000-8000-{number:x12}";

    private static string Code(int number) => $"c0000000-0000-4000-8000-{number:x12}";

    private static IEnumerable<string> Names(JsonNode page) => page["records"]!.AsArray().Select(entry => entry!["name"]!.ToString());

    private static Dictionary<string, string> ErrorsOf(JsonObject problem) =>
        problem["errors"]!.AsObject().ToDictionary(error => error.Key, error => string.Join(' ', error.Value!.AsArray()));

    private RunningService Service() => new()
    {
        Upstream = _genesys.Upstream(),
        Settings = new(Keys.Settings) { ["Auth:AllowAnonymous"] = "false" },
    };

    private static async Task<string> TextAsync(RunningService service, string holder, string path)
    {
        using var client = Keys.Of(holder, service);
        return await client.GetStringAsync(new Uri(path, UriKind.Relative), TestCancellation);
    }

    private static async Task<JsonObject> OkAsync(RunningService service, string holder, string path) => JsonNode.Parse(await TextAsync(service, holder, path))!.AsObject();

    private static async Task<JsonObject> ProblemAsync(RunningService service, string holder, string path, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        using var client = Keys.Of(holder, service);
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestCancellation);
        response.StatusCode.ShouldBe(status);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestCancellation))!.AsObject();
    }

    private static async Task ShouldFailAsync(RunningService service, string holder, string path, HttpStatusCode status, string type, string detail)
    {
        var problem = await ProblemAsync(service, holder, path, status);
        (problem["type"]!.ToString(), problem["detail"]!.ToString()).ShouldBe(($"/problems/{type}", detail));
    }
}
