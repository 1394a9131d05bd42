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

    private static (bool Complete, string? Detail) IsCompleteFor(AlertRegister register, string queueId)
    {
        var visibility = QueueVisibility.Of([queueId], []);
        var directory = visibility.Filter(QueueBuilder.Directory(QueueBuilder.Known(1, "Own"), QueueBuilder.Known(2, "Other")));
        var meta = new AlertsReport(register, [Rule], directory, visibility, Now).ResponseOf([], []).Meta;

        meta.Rules.ShouldHaveSingleItem().Complete.ShouldBe(meta.Complete);
        return (meta.Complete, meta.Rules[0].Detail);
    }
}
