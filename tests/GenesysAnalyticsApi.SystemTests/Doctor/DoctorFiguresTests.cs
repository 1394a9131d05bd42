using System.Net;
using GenesysAnalyticsApi.SystemTests.Doctor.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Doctor;

/// <summary>How the doctor interprets successful replies that reveal a problem, and replies that quote secrets.</summary>
public sealed class DoctorFiguresTests
{
    [Fact]
    public async Task A_day_without_figures_is_a_warning_that_names_the_permission()
    {
        var found = await ExamineAsync(new());

        found.Healthy.ShouldBeTrue();
        found["queues"].Finding.ShouldBe("2 queues are visible, in 2 divisions: Away 1, Home 1.");
        found["data"].Condition.ShouldBe("warning");
        found["data"].Finding.ShouldBe("The last 24 hours have no figures for any of the 2 queues.");
        found["data"].Remedy!.ShouldContain("analytics:conversationAggregate:view");
        found.Calls.ShouldBe(8);
        found["clock"].Finding.ShouldBe("Not checked: no reply of Genesys had a date.");
    }

    [Fact]
    public async Task A_missing_permission_for_names_is_a_warning_and_no_name_is_shown()
    {
        var found = await ExamineAsync(new() { Busy = "q1", NamesStatus = HttpStatusCode.Forbidden });
        var granted = await ExamineAsync(new() { Busy = "q1" });

        found.Healthy.ShouldBeTrue();
        found.Unhealthy.ShouldBe(["users-permission", "wrapup-permission"]);
        found["users-permission"].ShouldBe((
            "warning",
            "Listing users is forbidden (403): the OAuth client lacks 'directory:user:view'. Without this permission, records have user ids only.",
            GenesysAnalyticsApi.Doctor.Diagnostics.GenesysRemedies.RoleWith("directory:user:view")));
        found["wrapup-permission"].Finding.ShouldEndWith("'routing:wrapupCode:view'. Without this permission, records have ids of wrap-up codes only.");
        granted["users-permission"].ShouldBe(("ok", "Genesys lists users: 'directory:user:view' is granted.", null));
        granted["wrapup-permission"].Condition.ShouldBe("ok");
        $"{granted}".ShouldNotContain("planted-person");
    }

    [Fact]
    public async Task A_missing_permission_for_conversation_details_is_a_warning_that_names_what_does_not_work()
    {
        var found = await ExamineAsync(new() { Busy = "q1", DetailsStatus = HttpStatusCode.Forbidden });
        var granted = await ExamineAsync(new() { Busy = "q1" });
        var other = await ExamineAsync(new() { Busy = "q1", DetailsStatus = HttpStatusCode.NotFound });

        found.Healthy.ShouldBeTrue();
        found.Unhealthy.ShouldBe(["details-permission"]);
        found["details-permission"].ShouldBe((
            "warning",
            "Reading conversation details is forbidden (403): the OAuth client lacks 'analytics:conversationDetail:view'. Without this permission, GET /conversations and the reconciliation of figures do not work.",
            GenesysAnalyticsApi.Doctor.Diagnostics.GenesysRemedies.RoleWith("analytics:conversationDetail:view")));
        granted["details-permission"].ShouldBe(("ok", "Genesys returns conversation details: 'analytics:conversationDetail:view' is granted.", null));
        other.Unhealthy.ShouldBe(["details-permission"]);
        other["details-permission"].Finding.ShouldNotContain("do not work");
    }

    [Fact]
    public async Task Another_failure_to_list_names_is_not_reported_as_a_missing_permission()
    {
        var found = await ExamineAsync(new() { Busy = "q1", NamesStatus = HttpStatusCode.Unauthorized });

        found.Unhealthy.ShouldBe(["users-permission", "wrapup-permission"]);
        found["users-permission"].Finding.ShouldNotContain("records have");
        found["wrapup-permission"].Finding.ShouldNotContain("records have");
    }

    [Fact]
    public async Task Figures_of_unlisted_queues_are_a_warning()
    {
        var found = await ExamineAsync(new() { Busy = "q9" });

        found["data"].Condition.ShouldBe("warning");
        found["data"].Finding.ShouldBe("The last 24 hours have figures only for queues that are not listed (1).");
        (await ExamineAsync(new() { Busy = "q1" }))["data"].Finding.ShouldBe("In the last complete hour there were 3 interactions in 1 of the queues.");
    }

    [Fact]
    public async Task Another_program_that_uses_the_client_is_detected_from_the_request_count_of_Genesys()
    {
        var found = await ExamineAsync(new() { Counted = 57 });

        found["budget"].Condition.ShouldBe("warning");
        found["budget"].Finding.ShouldContain("more requests than this service sent: another program uses the same OAuth client.");
        (await ExamineAsync(new() { Counted = 4 }))["budget"].Condition.ShouldBe("ok");
    }

    [Theory]
    [InlineData("300", "ok")]
    [InlineData("180", "warning")]
    public async Task A_rate_limit_above_the_limit_of_the_organization_is_a_warning(string allowed, string condition)
    {
        var found = await ExamineAsync(new() { Allowed = allowed });

        found["limits"].Condition.ShouldBe(condition);
        found["limits"].Finding.ShouldBe($"The organization allows {allowed} requests per minute and token, and Genesys:RequestsPerMinute is 300.");
    }

    [Fact]
    public async Task A_default_of_Genesys_is_named_as_such_and_does_not_apply_if_limits_are_not_read()
    {
        var found = await ExamineAsync(new() { Allowed = "null" });

        found["limits"].Finding.ShouldBe("By default, Genesys allows an organization 150 requests per minute and token, and Genesys:RequestsPerMinute is 300.");
        found.Detail("limits", "requestsPerMinute").ShouldBe(
            "300 requests per minute and token: the organization's limit is 150 (the documented default of platform.api/client.credentials.token.rate.per.minute); "
            + "it does not apply, because Genesys:ReadLimits is false; Genesys:RequestsPerMinute is 300");
        found.Detail("limits", "predicates").ShouldBe(
            "200 predicates of a query for the state of queues: the organization's limit is not known, because no limit in the namespace analytics.realtime was recognized as this limit; Observations:MaxPredicates is 200");
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.OK, HttpStatusCode.BadRequest)]
    public async Task The_report_contains_no_secret(HttpStatusCode login, HttpStatusCode status)
    {
        const string Quoted = $"{RunningService.PlantedSecret} {DoctorUpstream.AccessToken}";
        // Each endpoint quotes what it received: the login the client secret, the API the token.
        var refusal = login == HttpStatusCode.OK ? DoctorUpstream.AccessToken : RunningService.PlantedSecret;

        var found = await ExamineAsync(new() { LoginStatus = login, Status = status, Refusal = $$"""{"message":"No: {{refusal}}","error_description":"No: {{refusal}}","code":"{{refusal}}","contextId":"id"}""" });

        found.Healthy.ShouldBeFalse();
        found.ToString().ShouldContain("No: …");
        foreach (var secret in Quoted.Split(' '))
        {
            found.ToString().ShouldNotContain(secret);
        }

        found.Detail("configuration", "clientId").ShouldBe("test…");
    }

    [Fact]
    public async Task An_exhausted_rate_limit_is_reported_as_such()
    {
        using var service = new RunningService { Upstream = new DoctorUpstream().Handler, Settings = new(DoctorUpstream.Settings) { ["Genesys:RequestsPerMinute"] = "1" } };
        using var client = service.CreateClient();
        await client.GetStringAsync(new Uri("/queues", UriKind.Relative), TestContext.Current.CancellationToken);

        var found = await DoctorReport.OfAsync(client);

        found["queues-permission"].Finding.ShouldBe("Listing queues was throttled: The Genesys rate limit will stay exhausted for longer than the query can wait.");
        found["budget"].Condition.ShouldBe("warning");
        found.Calls.ShouldBe(0);
    }

    private static async Task<DoctorReport> ExamineAsync(DoctorUpstream upstream)
    {
        using var service = new RunningService { Upstream = upstream.Handler, Settings = DoctorUpstream.Settings };
        return await DoctorReport.OfAsync(service.CreateClient());
    }
}
