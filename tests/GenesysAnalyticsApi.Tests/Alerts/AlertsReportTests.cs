using System.Collections.Immutable;
using GenesysAnalyticsApi.Alerts;
using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Queues.Directory;
using GenesysAnalyticsApi.Tests.Queues.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Alerts;

public sealed class AlertsReportTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 0);

    private static readonly AlertRule Rule = new() { Name = "rule", Figure = "waiting", Threshold = 10, ClearThreshold = 10, MaxAge = Duration.FromMinutes(1) };

    private static readonly string Own = QueueBuilder.Id(1);

    private static readonly string Other = QueueBuilder.Id(2);

    [Fact]
    public void A_queue_without_a_figure_makes_the_response_incomplete_only_for_callers_that_can_see_it()
    {
        var register = AlertRegister.Empty.Observe(Rule, new RuleReading(Now, null, [new(Own, 1, null), new(Other, null, "incomplete")]), Now);

        IsCompleteFor(register, Own).ShouldBe((true, null));
        IsCompleteFor(register, Other).ShouldBe((false, "For some queues, no figure is both current and complete, so their alerts keep their last state or are unknown."));
    }

    [Fact]
    public void A_queue_that_is_not_evaluated_makes_the_response_incomplete_only_for_callers_that_can_see_it()
    {
        var full = AlertRegister.Empty with
        {
            States = Enumerable.Range(0, AlertRegister.MaxStates).ToImmutableDictionary(
                index => new AlertKey("another", $"{index}"), _ => new AlertState { Status = AlertStatus.Pending, Since = Now, AsOf = Now }),
        };
        var register = full.Observe(Rule, new RuleReading(Now, null, [new(Own, 1, null), new(Other, 11, null)]), Now);

        IsCompleteFor(register, Own).ShouldBe((true, null));
        IsCompleteFor(register, Other).ShouldBe((false, "Some queues of this rule are not evaluated, because there are too many alerts."));
    }

    [Fact]
    public void Figures_that_are_too_old_are_reported_with_the_age_that_the_rule_accepts()
    {
        var register = AlertRegister.Empty.Observe(Rule, new RuleReading(Now - Duration.FromSeconds(60.4), null, [new(Own, 1, null)]), Now - Duration.FromSeconds(60));

        IsCompleteFor(register, Own).ShouldBe((false, "The newest figures are 61 s old; the rule accepts at most 60 s (MaxAge)."));
    }

    /// <summary>The rule is not evaluated for a queue that Genesys no longer lists, so its faults concern other queues.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fault_of_a_rule_is_hidden_from_callers_that_see_only_a_queue_that_is_no_longer_listed(bool isRead)
    {
        var register = AlertRegister.Empty.Observe(Rule, isRead ? new RuleReading(Now, null, [new(Other, null, "incomplete")]) : RuleReading.Failed("Genesys Cloud did not reply."), Now);

        var (own, other) = (ReportFor(register, Own, isOwnListed: false), ReportFor(register, Other, isOwnListed: false));

        (own.Meta.Complete, own.Meta.Rules.Count, own.Alerts.Count).ShouldBe((true, 0, 0));
        (other.Meta.Complete, other.Meta.Rules.ShouldHaveSingleItem().Detail, other.Alerts.ShouldHaveSingleItem().State).ShouldBe((false, isRead ? "incomplete" : "Genesys Cloud did not reply.", "unknown"));
    }

    [Fact]
    public void An_alert_of_a_queue_that_is_no_longer_listed_is_shown_without_the_fault_of_other_queues()
    {
        var register = AlertRegister.Empty.Observe(Rule, RuleReading.Failed("Genesys Cloud did not reply."), Now) with
        {
            States = ImmutableDictionary<AlertKey, AlertState>.Empty.Add(new AlertKey("rule", Own), new AlertState { Status = AlertStatus.Resolved, Since = Now, AsOf = Now }),
        };

        var report = ReportFor(register, Own, isOwnListed: false);

        report.Alerts.ShouldHaveSingleItem().State.ShouldBe("resolved");
        (report.Meta.Complete, report.Meta.Rules.ShouldHaveSingleItem().Detail).ShouldBe((true, null));
    }

    [Fact]
    public void The_reason_why_no_queue_has_a_figure_is_named_only_if_all_queues_have_the_same()
    {
        var different = AlertRegister.Empty.Observe(Rule, new RuleReading(Now, null, [new(Other, null, "not permitted"), new(Own, null, "too large")]), Now);
        var same = AlertRegister.Empty.Observe(Rule, new RuleReading(Now, null, [new(Other, null, "too large"), new(Own, null, "too large")]), Now);

        IsCompleteFor(different, Own).ShouldBe((false, "No queue of the rule has a figure that is both current and complete."));
        IsCompleteFor(same, Own).ShouldBe((false, "too large"));
    }

    private static AlertsResponse ReportFor(AlertRegister register, string queueId, bool isOwnListed)
    {
        var visibility = QueueVisibility.Of([queueId], []);
        var directory = visibility.Filter(QueueBuilder.Directory(QueueBuilder.Known(1, "Own", listed: isOwnListed), QueueBuilder.Known(2, "Other")));
        return new AlertsReport(register, [Rule], directory, visibility, Now).ResponseOf([], []);
    }

    private static (bool Complete, string? Detail) IsCompleteFor(AlertRegister register, string queueId)
    {
        var meta = ReportFor(register, queueId, isOwnListed: true).Meta;

        meta.Rules.ShouldHaveSingleItem().Complete.ShouldBe(meta.Complete);
        return (meta.Complete, meta.Rules[0].Detail);
    }
}
