using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Alerts.Webhooks;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Alerts;

public sealed class AlertRegisterTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 0);

    private static readonly AlertRule Rule = new() { Name = "rule", Figure = "waiting", Threshold = 10, ClearThreshold = 10, MaxAge = Duration.FromMinutes(1), Webhooks = ["one", "two"] };

    [Fact]
    public void The_alert_of_a_queue_that_is_no_longer_covered_is_resolved_and_its_webhooks_are_notified()
    {
        var firing = Notified(Observed(AlertRegister.Empty, 0, ("a", 11), ("b", 3)), 0);

        var after = Notified(Observed(firing, 10, ("b", 3)), 10);

        var state = after.States[new("rule", "a")];
        state.Status.ShouldBe(AlertStatus.Resolved);
        state.Value.ShouldBeNull();
        after.Outbox.Select(notification => (notification.Webhook, notification.Change)).ShouldBe(
            [("one", AlertChange.Firing), ("two", AlertChange.Firing), ("one", AlertChange.Resolved), ("two", AlertChange.Resolved)]);
    }

    [Fact]
    public void A_failed_read_changes_no_state_and_says_why()
    {
        var firing = Observed(AlertRegister.Empty, 0, ("a", 11));

        var after = firing.Observe(Rule, RuleReading.Failed("Genesys Cloud did not reply."), Now);

        after.States[new("rule", "a")].ShouldBe(firing.States[new("rule", "a")] with { Doubt = "Genesys Cloud did not reply." });
        after.Rules["rule"].Fault.ShouldBe("Genesys Cloud did not reply.");
        after.Rules["rule"].AsOf.ShouldBe(Now);
    }

    [Fact]
    public void A_rule_without_queues_and_figures_that_are_too_old_are_reported()
    {
        Observed(AlertRegister.Empty, 0).Rules["rule"].Fault.ShouldBe("The rule covers no queue.");
        var old = AlertRegister.Empty.Observe(Rule, new RuleReading(Now - Duration.FromMinutes(2), null, [new QueueReading("a", 11, null)]), Now);
        old.Rules["rule"].Fault.ShouldBe("The newest figures are 120 s old; the rule accepts at most 60 s (MaxAge).");
        old.States.ShouldBeEmpty();
    }

    [Fact]
    public void A_queue_without_a_usable_figure_is_listed()
    {
        var register = AlertRegister.Empty.Observe(Rule, new RuleReading(Now, null, [new QueueReading("a", 1, null), new QueueReading("b", null, "incomplete")]), Now);

        register.Rules["rule"].Fault.ShouldBeNull();
        register.Rules["rule"].Unknown.ShouldBe(["b"]);
    }

    [Fact]
    public void The_oldest_notifications_of_a_webhook_with_too_many_are_dropped()
    {
        var template = Notified(Observed(AlertRegister.Empty, 0, ("a", 11)), 0).Outbox[0];
        var many = AlertRegister.Empty with { Outbox = [.. Enumerable.Range(0, AlertRegister.MaxWaiting + 2).Select(index => template with { Id = $"{index}" }), template with { Webhook = "two" }] };

        var limited = many.WithLimitedOutbox(out var dropped);

        dropped.Select(lost => lost.Id).ShouldBe(["0", "1"]);
        limited.Outbox.Count.ShouldBe(AlertRegister.MaxWaiting + 1);
        limited.WithLimitedOutbox(out var none).ShouldBeSameAs(limited);
        none.ShouldBeEmpty();
    }

    [Fact]
    public void A_register_of_a_replica_whose_clock_is_ahead_delays_nothing()
    {
        var ahead = Observed(AlertRegister.Empty, 300, ("a", 11));

        var register = ahead.WithTimesClampedTo(Now);
        var cleared = register.Observe(Rule, new RuleReading(Now + Duration.FromSeconds(1), null, [new QueueReading("a", 0, null)]), Now + Duration.FromSeconds(1));

        cleared.States[new("rule", "a")].Status.ShouldBe(AlertStatus.Resolved);
    }

    [Fact]
    public void The_states_of_a_removed_rule_are_removed()
    {
        var firing = Notified(Observed(AlertRegister.Empty, 0, ("a", 11)), 0);

        var after = firing.WithDueNotifications([], Now, (_, _, _, _, _) => []);

        after.States.ShouldBeEmpty();
        after.Rules.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-11-23T21:59:00", false)]
    [InlineData("2026-11-23T22:00:00", true)]
    [InlineData("2026-11-24T05:59:00", true)]
    [InlineData("2026-11-24T06:00:00", false)]
    // A Sunday.
    [InlineData("2026-11-29T12:00:00", true)]
    // 06:30 in summer time, on the day before the clocks are set back.
    [InlineData("2026-10-24T06:30:00", false)]
    public void Quiet_hours_are_in_local_time(string local, bool isQuiet)
    {
        var berlin = QuietHours.ZoneOf("Europe/Berlin");
        var quiet = QuietHours.Parse("22:00-06:00", "sun", berlin, message => throw new InvalidOperationException(message), message => throw new InvalidOperationException(message));

        quiet.Includes(NodaTime.Text.LocalDateTimePattern.ExtendedIso.Parse(local).Value.InZoneStrictly(berlin).ToInstant()).ShouldBe(isQuiet);
    }

    [Fact]
    public void The_pause_after_a_failed_attempt_doubles_up_to_five_minutes()
    {
        for (var attempt = 1; attempt < 200; attempt++)
        {
            var expected = Math.Min(Math.Pow(2, attempt - 1), 300);
            WebhookRetryPolicy.PauseAfter(attempt).TotalSeconds.ShouldBeInRange(expected * 0.75, expected * 1.25);
        }
    }

    private static AlertRegister Observed(AlertRegister register, int seconds, params (string QueueId, double Value)[] queues) => register.Observe(
        Rule, new RuleReading(Now + Duration.FromSeconds(seconds), null, [.. queues.Select(queue => new QueueReading(queue.QueueId, queue.Value, null))]), Now + Duration.FromSeconds(seconds));

    private static AlertRegister Notified(AlertRegister register, int seconds) => register.WithDueNotifications(
        [Rule], Now + Duration.FromSeconds(seconds), (rule, key, before, after, change) => AlertNotification.Of(rule, key, before, after, change, null, Now + Duration.FromSeconds(seconds)));
}
