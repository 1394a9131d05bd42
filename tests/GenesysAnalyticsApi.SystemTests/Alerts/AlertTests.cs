using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.SystemTests.Alerts.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Redis.Infrastructure;
using GenesysAnalyticsApi.SystemTests.Security.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Alerts;

/// <summary>Alerts of the real service, with a live state, rules from settings and a webhook receiver on a real socket.</summary>
public sealed class AlertTests
{
    private static CancellationToken TestCancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_alert_is_shown_and_notifies_when_it_fires_and_when_it_is_resolved()
    {
        await using var service = await AlertingService.StartAsync();

        service.Wait(11);
        await service.ReceivesAsync(1);
        var shown = (await service.AlertAsync())!.Value;
        // Between the two thresholds.
        service.Wait(7);
        await Eventually.IsTrueAsync(async () => (await service.AlertAsync())!.Value.GetProperty("value").GetDouble() == 7, "the value is 7");
        (await service.AlertAsync())!.Value.GetProperty("state").GetString().ShouldBe("firing");
        service.Wait(5);
        await service.ReceivesAsync(2);

        Text(shown, "rule").ShouldBe(AlertingService.Rule);
        Text(shown, "state").ShouldBe("firing");
        Text(shown, "queueId").ShouldBe(service.QueueId);
        Text(shown, "queueName").ShouldBe(AlertingService.FirstQueue);
        Text(shown, "figure").ShouldBe("waiting");
        Text(shown, "comparison").ShouldBe("above");
        shown.GetProperty("value").GetDouble().ShouldBe(11);
        shown.GetProperty("threshold").GetDouble().ShouldBe(10);
        shown.GetProperty("complete").GetBoolean().ShouldBeTrue();
        shown.GetProperty("ageMs").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        Text(shown, "detail").ShouldBe("waiting is 11, above the threshold 10.");
        shown.GetProperty("firedAt").GetString().ShouldBe(shown.GetProperty("since").GetString());
        await service.ShowsAsync("resolved");
        var told = service.Receiver.Received.ToArray();
        told.Select(one => one.State).ShouldBe(["firing", "resolved"]);
        told[0].Id.ShouldNotBe(told[1].Id);
        var data = told[0].Json.GetProperty("data");
        Text(told[0].Json, "type").ShouldBe("alert.firing");
        Text(told[0].Json, "id").ShouldBe(told[0].Id);
        Text(data, "queueName").ShouldBe(AlertingService.FirstQueue);
        data.GetProperty("value").GetDouble().ShouldBe(11);
        data.GetProperty("complete").GetBoolean().ShouldBeTrue();
        data.GetProperty("ageMs").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        told[1].Json.GetProperty("data").GetProperty("firedAt").GetString().ShouldBe(data.GetProperty("firedAt").GetString());
        told[1].Json.GetProperty("data").GetProperty("value").GetDouble().ShouldBe(5);
    }

    [Fact]
    public async Task A_notification_is_signed_as_documented()
    {
        await using var service = await AlertingService.StartAsync();

        service.Wait(11);
        await service.ReceivesAsync(1);

        var told = service.Receiver.Received.Single();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{told.Id}.{told.Timestamp}."), .. told.Body];
        told.Signature.ShouldBe($"v1,{Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(AlertingService.Secret), signed))}");
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(told.Timestamp, System.Globalization.CultureInfo.InvariantCulture)).ShouldBeGreaterThanOrEqualTo(SimulatedService.Monday.AddSeconds(-1));
    }

    [Fact]
    public async Task An_unconfirmed_notification_is_repeated_with_its_id_and_no_secret_is_logged()
    {
        await using var service = await AlertingService.StartAsync();
        service.Receiver.RespondWith(HttpStatusCode.ServiceUnavailable, HttpStatusCode.TooManyRequests, HttpStatusCode.InternalServerError);

        service.Wait(11);
        await service.ReceivesAsync(4);
        service.Wait(0);
        await service.ReceivesAsync(5);

        var told = service.Receiver.Received.ToArray();
        told.Select(one => one.State).ShouldBe(["firing", "firing", "firing", "firing", "resolved"]);
        told[..4].Select(one => one.Id).Distinct().ShouldHaveSingleItem();
        told[..4].Select(one => Encoding.UTF8.GetString(one.Body)).Distinct().ShouldHaveSingleItem();
        var log = service.Given.Service.Log.AsJson();
        log.ShouldContain("did not accept notification");
        log.ShouldNotContain(AlertingService.Secret);
        log.ShouldNotContain(AlertingService.Token);
    }

    [Theory]
    [InlineData(HttpStatusCode.Found, "The service does not follow redirects")]
    [InlineData(HttpStatusCode.Unauthorized, "rejected the notification with 401")]
    public async Task A_notification_is_not_repeated_after_a_redirect_or_a_rejection(HttpStatusCode status, string expected)
    {
        await using var service = await AlertingService.StartAsync();
        service.Receiver.RespondWith(status);

        service.Wait(11);
        await Eventually.IsTrueAsync(() => service.Given.Service.Log.AsText().Contains(expected, StringComparison.Ordinal), "the refusal is logged");
        service.Wait(0);
        await service.ReceivesAsync(2);

        service.Receiver.Received.Select(one => (one.Path, one.State)).ShouldBe([("/hook", "firing"), ("/hook", "resolved")]);
    }

    [Fact]
    public async Task A_webhook_name_that_resolves_to_this_machine_is_not_connected_to()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var service = await AlertingService.StartAsync(
            new() { ["Alerts:AllowPrivateAddresses"] = "false", ["Alerts:Webhooks:0:Url"] = $"https://localhost:{receiver.Port}/hook?token={AlertingService.Token}" }, receiver: receiver);

        service.Wait(11);

        await Eventually.IsTrueAsync(() => service.Given.Service.Log.AsText().Contains("has no public address", StringComparison.Ordinal), "the refusal is logged");
        receiver.Received.ShouldBeEmpty();
        service.Given.Service.Log.AsJson().ShouldNotContain(AlertingService.Token);
        await service.ShowsAsync("firing");
    }

    [Fact]
    public async Task An_incomplete_state_neither_fires_nor_resolves_alerts_and_is_shown()
    {
        await using var service = await AlertingService.StartAsync();
        var missing = new MissingPart([], LivePart.Conversations, "Genesys Cloud did not reply.");

        service.Wait(11, missing);
        await Eventually.IsTrueAsync(
            async () => (await service.AlertAsync())?.GetProperty("detail").GetString() == "Genesys Cloud did not reply.", "the rule says why its figures cannot be used");
        var before = (await service.AlertAsync())!.Value;
        service.Wait(11);
        await service.ReceivesAsync(1);
        service.Wait(0, missing);
        await Eventually.IsTrueAsync(async () => !(await service.AlertAsync())!.Value.GetProperty("complete").GetBoolean(), "the alert says that newer figures cannot be used");
        var during = (await service.AlertAsync())!.Value;

        Text(before, "state").ShouldBe("unknown");
        before.GetProperty("queueId").ValueKind.ShouldBe(JsonValueKind.Null);
        Text(during, "state").ShouldBe("firing");
        during.GetProperty("value").GetDouble().ShouldBe(11);
        Text(during, "detail").ShouldContain("Newer figures could not be used: Genesys Cloud did not reply.");
        (await service.Given.QueryAsync("/alerts")).GetProperty("meta").GetProperty("complete").GetBoolean().ShouldBeFalse();
        service.Receiver.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_alert_without_current_figures_becomes_unknown()
    {
        await using var service = await AlertingService.StartAsync(new() { ["Alerts:Rules:0:MaxAge"] = "01:00:00" });

        service.Wait(11);
        await service.ReceivesAsync(1);
        ((FastClock)service.Given.Clock).Skip(TimeSpan.FromHours(2));
        await service.ShowsAsync("unknown");
        var shown = (await service.AlertAsync())!.Value;

        Text(shown, "lastState").ShouldBe("firing");
        shown.GetProperty("ageMs").GetInt64().ShouldBeGreaterThan(7_000_000);
        using var metrics = new RecordedMetrics(service.Given.Service);
        metrics.Now("alerts", $"rule={AlertingService.Rule} queue_id={service.QueueId} queue={AlertingService.FirstQueue} state=unknown").ShouldBe(1);
        metrics.Now("alerts", $"rule={AlertingService.Rule} queue_id={service.QueueId} queue={AlertingService.FirstQueue} state=firing").ShouldBe(0);
    }

    [Fact]
    public async Task A_short_breach_is_pending_and_then_forgotten()
    {
        // The clock is fast, but twelve hours do not pass during the test.
        await using var service = await AlertingService.StartAsync(new() { ["Alerts:Rules:0:For"] = "12:00:00" });

        service.Wait(11);
        await service.ShowsAsync("pending");
        service.Wait(9);
        await Eventually.IsTrueAsync(async () => await service.AlertAsync() is null, "nothing is shown");

        service.Receiver.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_show_the_state_by_rule_and_queue()
    {
        await using var service = await AlertingService.StartAsync(new() { ["Auth:Metrics"] = "Anyone" });

        service.Wait(11);
        await service.ReceivesAsync(1);
        await service.ShowsAsync("firing");
        var text = await service.Given.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestCancellation);
        service.Wait(0);
        await service.ShowsAsync("resolved");
        using var metrics = new RecordedMetrics(service.Given.Service);

        // Other services in this process contribute to the same text, so the values are checked below.
        string[] labels = [$"rule=\"{AlertingService.Rule}\"", $"queue_id=\"{service.QueueId}\"", $"queue=\"{AlertingService.FirstQueue}\"", "state=\"firing\""];
        text.Split('\n').ShouldContain(line => line.StartsWith("genesys_analytics_alerts{", StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal)), text);
        text.ShouldContain("\ngenesys_analytics_alerts_evaluating");
        metrics.Now("alerts", $"rule={AlertingService.Rule} queue_id={service.QueueId} queue={AlertingService.FirstQueue} state=firing").ShouldBe(0);
        metrics.Now("alerts.queues", $"rule={AlertingService.Rule} state=firing").ShouldBe(0);
        metrics.Now("alerts.evaluating").ShouldBe(1);
    }

    [Fact]
    public async Task A_rule_over_aggregates_has_the_figure_of_GET_aggregates()
    {
        await using var service = await AlertingService.StartAsync(new()
        {
            ["Alerts:Rules:0:Figure"] = "offered",
            ["Alerts:Rules:0:Period"] = "today",
            ["Alerts:Rules:0:Threshold"] = "0",
            ["Alerts:Rules:0:ClearThreshold"] = "0",
        });

        await service.ShowsAsync("firing");
        var alerts = (await service.Given.QueryAsync("/alerts?state=firing")).GetProperty("alerts").EnumerateArray().ToList();
        var records = (await service.Given.QueryAsync("/aggregates?period=today&groupBy=queueId")).GetProperty("records").EnumerateArray()
            .ToDictionary(record => record.GetProperty("queueId").GetString()!, record => record.GetProperty("offered").GetInt64());

        // The clock runs, so figures may have been fetched again in the meantime, and may be higher.
        alerts.ShouldAllBe(alert => alert.GetProperty("value").GetDouble() > 0 && alert.GetProperty("value").GetDouble() <= records[alert.GetProperty("queueId").GetString()!]);
        alerts.ShouldAllBe(alert => alert.GetProperty("period").GetString() == "today");
        service.Live.Readers.ShouldBe(0);
    }

    [Fact]
    public async Task A_live_rule_has_the_figure_of_GET_observations()
    {
        await using var service = await AlertingService.StartAsync(new() { ["Alerts:Rules:0:Figure"] = "memberUsers", ["Alerts:Rules:0:Threshold"] = "0", ["Alerts:Rules:0:ClearThreshold"] = "0" }, isFake: false);

        await service.ShowsAsync("firing");
        var alerts = (await service.Given.QueryAsync("/alerts")).GetProperty("alerts").EnumerateArray().Where(alert => Text(alert, "state") == "firing").ToList();
        var records = (await service.Given.QueryAsync("/observations?groupBy=queue")).GetProperty("records").EnumerateArray()
            .Where(record => record.TryGetProperty("memberUsers", out _))
            .ToDictionary(record => Text(record, "queueId"), record => record.GetProperty("memberUsers").GetDouble());

        alerts.ShouldNotBeEmpty();
        alerts.ShouldAllBe(alert => alert.GetProperty("value").GetDouble() == records[Text(alert, "queueId")]);
    }

    [Fact]
    public async Task A_caller_sees_only_the_alerts_and_rules_of_its_queues()
    {
        var keys = new IssuedKeys().Add("all").Add("own", ("Queues:0", AlertingService.FirstQueue)).Add("other", ("Queues:0", AlertingService.SecondQueue));
        await using var service = await AlertingService.StartAsync(new(keys.Settings)
        {
            ["Auth:AllowAnonymous"] = "false",
            ["Alerts:Rules:0:Queues:0"] = AlertingService.FirstQueue,
        }, keys["all"]);

        service.Live.Set(service.QueueId, 11);
        await service.ReceivesAsync(1);

        await service.ShowsAsync("firing", keys.Of("all", service.Given.Service));
        await service.ShowsAsync("firing", keys.Of("own", service.Given.Service));
        var other = keys.Of("other", service.Given.Service);
        var hidden = await service.Given.QueryAsync("/alerts", other);
        hidden.GetProperty("alerts").GetArrayLength().ShouldBe(0);
        hidden.GetProperty("meta").GetProperty("rules").GetArrayLength().ShouldBe(0);
        hidden.ToString().ShouldNotContain(AlertingService.Rule);
        using var refused = await other.GetAsync(new Uri($"/alerts?rule={Uri.EscapeDataString(AlertingService.Rule)}", UriKind.Relative), TestCancellation);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/alerts?state=firing", 1)]
    [InlineData("/alerts?state=firing,pending&rule=MANY%20WAITING", 1)]
    [InlineData("/alerts?state=resolved", 0)]
    public async Task Alerts_are_filtered_by_state_and_rule(string query, int expected)
    {
        await using var service = await AlertingService.StartAsync();
        service.Wait(11);
        await service.ShowsAsync("firing");

        (await service.Given.QueryAsync(query)).GetProperty("alerts").GetArrayLength().ShouldBe(expected);
    }

    [Theory]
    [InlineData("/alerts?state=broken", "'broken' is not an alert state")]
    [InlineData("/alerts?rule=Many", "'Many' is not an alert rule")]
    [InlineData("/alerts?queue=x", "'queue' is not a parameter here: use one of state, rule.")]
    public async Task An_invalid_parameter_is_named(string query, string expected)
    {
        await using var service = await AlertingService.StartAsync();

        using var response = await service.Given.Client.GetAsync(new Uri(query, UriKind.Relative), TestCancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldContain(expected);
    }

    [Fact]
    public async Task Without_rules_an_unknown_rule_is_named()
    {
        using var service = RunningService.Simulated();

        using var response = await service.CreateClient().GetAsync(new Uri("/alerts?rule=x", UriKind.Relative), TestCancellation);

        (await response.Content.ReadAsStringAsync(TestCancellation)).ShouldContain("'x' is not an alert rule: there are none.\"");
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
