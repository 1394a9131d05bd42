using CsCheck;
using GenesysAnalyticsApi.Aggregates.Time;
using GenesysAnalyticsApi.Alerts.Evaluation;
using GenesysAnalyticsApi.Alerts.Rules;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Alerts;

/// <summary>
/// Random series of figures, with gaps, incomplete and old figures, quiet hours, crashes and restarts. Every alert fires and is resolved exactly when the
/// definition of its rule requires it, and a webhook receives every change once.
/// </summary>
public sealed class AlertStateMachineTests
{
    private const string Queue = "05f1c285-6777-4ccc-806f-8db085ae0793";

    private static readonly Instant Start = Instant.FromUtc(2026, 11, 23, 9, 0);

    /// <param name="After">Seconds since the previous observation.</param>
    /// <param name="Fault">The figure is incomplete.</param>
    /// <param name="Delay">Seconds until the figure arrives.</param>
    /// <param name="Event">What happens after the round.</param>
    public sealed record Step(int After, double? Value, bool Fault, int Delay, Happening Event);

    public enum Happening
    {
        Nothing,

        /// <summary>The service restarts with the state that it stored.</summary>
        Restart,

        /// <summary>The service ends before it has stored the round.</summary>
        CrashBeforeStoring,

        /// <summary>The service ends before the receiver has confirmed.</summary>
        CrashBeforeConfirming,
    }

    private static readonly Gen<Step> AnyStep =
        from after in Gen.Frequency((8, Gen.Int[1, 30]), (1, Gen.Int[31, 400]), (1, Gen.Const(0)))
        from value in Gen.Frequency((8, Gen.Int[0, 20].Select(value => (double?)value)), (1, Gen.Const((double?)null)))
        from fault in Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true)))
        from delay in Gen.Frequency((6, Gen.Int[0, 5]), (1, Gen.Int[50, 200]))
        from happening in Gen.Frequency((8, Gen.Const(Happening.Nothing)), (1, GenChoice.OneOf(Enum.GetValues<Happening>())))
        select new Step(after, value, fault, delay, happening);

    private static readonly Gen<AlertRule> AnyRule =
        from comparison in GenChoice.OneOf(Enum.GetValues<AlertComparison>())
        from threshold in Gen.Int[5, 15]
        from clear in Gen.Int[0, 5]
        from duration in GenChoice.OneOf(0, 0, 20, 60, 180)
        from maxAge in GenChoice.OneOf(60, 120)
        from quiet in Gen.Frequency((2, Gen.Const((string?)null)), (1, GenChoice.OneOf<string?>("09:00-09:05", "09:05-09:20")))
        let isUpwards = comparison is AlertComparison.Above or AlertComparison.AtLeast
        select new AlertRule
        {
            Name = "rule",
            Figure = "waiting",
            Comparison = comparison,
            Threshold = threshold,
            ClearThreshold = isUpwards ? threshold - clear : threshold + clear,
            For = Duration.FromSeconds(duration),
            MaxAge = Duration.FromSeconds(maxAge),
            Quiet = quiet is null ? QuietHours.None : new QuietHours([LocalHours.Parse(quiet, _ => { })!.Value], [], DateTimeZone.Utc),
            Webhooks = ["one"],
        };

    private static readonly Gen<(AlertRule Rule, Step[] Steps)> AnySeries = Gen.Select(AnyRule, AnyStep.Array[1, 60]);

    [Fact]
    public void An_alert_fires_and_is_resolved_exactly_when_the_rule_says_so() => AnySeries.Sample(
        series =>
        {
            var run = new Run(series.Rule);
            foreach (var step in series.Steps)
            {
                run.Take(step);
            }

            run.Changes.ShouldBe(Expected(series.Rule, run.Usable));
        },
        iter: 3_000);

    [Fact]
    public void Every_change_outside_of_quiet_hours_is_sent_once_and_in_order_despite_crashes() => AnySeries.Sample(
        series =>
        {
            var run = new Run(series.Rule);
            foreach (var step in series.Steps)
            {
                run.Take(step);
            }

            run.Settle();

            // A receiver counts notifications by id, because a notification that was not confirmed is sent again.
            var received = run.Sent.DistinctBy(sent => sent.Id).Select(sent => sent.Change).ToList();
            received.ShouldBe(Enumerable.Range(0, received.Count).Select(index => index % 2 == 0 ? AlertChange.Firing : AlertChange.Resolved), "firing and resolved alternate");
            run.Sent.Select(sent => sent.Id).Distinct().Count().ShouldBe(run.Sent.Count - run.Repeated, "only unconfirmed notifications are repeated");
            run.Register.Outbox.ShouldBeEmpty();
            if (series.Rule.Quiet == QuietHours.None && !series.Steps.Any(step => step.Delay > 5))
            {
                received.ShouldBe(run.Changes.Select(change => change.Change));
            }

            // The last notification matches the final state.
            var isFiring = run.Changes is [.., { Change: AlertChange.Firing }];
            (received is [.., AlertChange.Firing]).ShouldBe(isFiring);
        },
        iter: 3_000);

    [Fact]
    public void Incomplete_figures_change_nothing() => Gen.Select(AnyRule, AnyStep.Array[1, 40]).Sample(
        series =>
        {
            var run = new Run(series.Item1);
            foreach (var step in series.Item2)
            {
                run.Take(step with { Fault = true });
            }

            run.Settle();
            run.Changes.ShouldBeEmpty();
            run.Sent.ShouldBeEmpty();
            run.Register.States.ShouldBeEmpty();
        },
        iter: 300);

    [Fact]
    public void A_firing_alert_without_current_figures_is_unknown_and_keeps_its_state()
    {
        var rule = new AlertRule { Name = "rule", Figure = "waiting", Threshold = 10, ClearThreshold = 10, MaxAge = Duration.FromMinutes(1), Webhooks = ["one"] };
        var state = AlertStateMachine.Observe(rule, null, new Observation(Start, 11))!;

        var doubted = AlertStateMachine.Observe(rule, state, new Observation(Start + Duration.FromSeconds(30), 0, "a part is missing"))!;

        doubted.Status.ShouldBe(AlertStatus.Firing);
        doubted.Doubt.ShouldBe("a part is missing");
        AlertStateMachine.IsUnknown(rule, doubted, Start + Duration.FromSeconds(60)).ShouldBeFalse();
        AlertStateMachine.IsUnknown(rule, doubted, Start + Duration.FromSeconds(61)).ShouldBeTrue();
        AlertStateMachine.Notify(rule, doubted, Start + Duration.FromSeconds(61)).Change.ShouldBeNull();
    }

    [Fact]
    public void The_duration_of_a_pending_alert_starts_again_after_a_gap()
    {
        var rule = new AlertRule { Name = "rule", Figure = "waiting", Threshold = 10, ClearThreshold = 10, For = Duration.FromMinutes(2), MaxAge = Duration.FromMinutes(1) };
        var pending = AlertStateMachine.Observe(rule, null, new Observation(Start, 11))!;

        var afterGap = AlertStateMachine.Observe(rule, pending, new Observation(Start + Duration.FromMinutes(5), 12))!;

        afterGap.Status.ShouldBe(AlertStatus.Pending);
        afterGap.Since.ShouldBe(Start + Duration.FromMinutes(5));
    }

    /// <summary>
    /// The definition, without a state machine: an alert fires at a figure if all figures of the last <c>For</c> breach the threshold without a gap, and it is
    /// resolved by the next figure that has reached the clear threshold.
    /// </summary>
    private static List<(AlertChange, Instant)> Expected(AlertRule rule, List<(Instant AsOf, double? Value)> figures)
    {
        var changes = new List<(AlertChange, Instant)>();
        for (var (index, from) = (0, 0); index < figures.Count; index++)
        {
            if (changes.Count % 2 == 1)
            {
                if (rule.IsCleared(figures[index].Value))
                {
                    changes.Add((AlertChange.Resolved, figures[index].AsOf));
                    from = index + 1;
                }

                continue;
            }

            var first = index;
            while (first >= from && rule.IsBreached(figures[first].Value) && (first == index || figures[first + 1].AsOf - figures[first].AsOf <= rule.MaxAge))
            {
                first--;
            }

            if (first < index && figures[index].AsOf - figures[first + 1].AsOf >= rule.For)
            {
                changes.Add((AlertChange.Firing, figures[index].AsOf));
            }
        }

        return changes;
    }

    /// <summary>A service that evaluates, stores, sends, crashes and restarts.</summary>
    private sealed class Run(AlertRule rule)
    {
        private byte[] _stored = AlertRegisterEntry.Write(AlertRegister.Empty);
        private Instant _asOf = Start;
        private Instant _now = Start;

        public AlertRegister Register { get; private set; } = AlertRegister.Empty;

        /// <summary>The complete, current and new figures of the rounds that were stored.</summary>
        public List<(Instant AsOf, double? Value)> Usable { get; } = [];

        public List<(AlertChange Change, Instant At)> Changes { get; } = [];

        public List<AlertNotification> Sent { get; } = [];

        public int Repeated { get; private set; }

        public void Take(Step step)
        {
            var before = (Register, Evaluated: Register.Rules.GetValueOrDefault(rule.Name)?.AsOf);
            _asOf += Duration.FromSeconds(step.After);
            _now = Instant.Max(_now, _asOf + Duration.FromSeconds(step.Delay));
            var next = Register
                .Observe(rule, new RuleReading(_asOf, null, [new QueueReading(Queue, step.Value, step.Fault ? "incomplete" : null)]), _now)
                .WithDueNotifications([rule], _now, Describe);
            if (rule.Quiet.Includes(_now))
            {
                next.Outbox.ShouldBe(Register.Outbox, "no notification is added in quiet hours");
            }

            if (step.Event == Happening.CrashBeforeStoring)
            {
                Restart();
                return;
            }

            if (!step.Fault && _now - _asOf <= rule.MaxAge && !(_asOf <= before.Evaluated))
            {
                Usable.Add((_asOf, step.Value));
            }

            Record(before.Register, next);
            Store(next);
            if (step.Event == Happening.CrashBeforeConfirming)
            {
                Sent.AddRange(Register.Outbox);
                Repeated += Register.Outbox.Count;
                Restart();
            }

            Deliver();
            if (step.Event == Happening.Restart)
            {
                Restart();
            }
        }

        /// <summary>Ends the quiet hours and evaluates a figure that changes nothing.</summary>
        public void Settle()
        {
            // A value that keeps a firing alert firing or, if none is firing, no value, which breaches no threshold.
            var isFiring = Register.States.Values.SingleOrDefault()?.Status == AlertStatus.Firing;
            double? value = !isFiring ? null : rule.Threshold + (rule.Comparison is AlertComparison.Above or AlertComparison.AtLeast ? 1 : -1);
            _asOf += Duration.FromHours(3);
            _now = _asOf;
            Store(Register.Observe(rule, new RuleReading(_asOf, null, [new QueueReading(Queue, value, null)]), _now).WithDueNotifications([rule], _now, Describe));
            Deliver();
        }

        private static IEnumerable<AlertNotification> Describe(AlertRule rule, AlertKey key, AlertState before, AlertState after, AlertChange change) =>
            AlertNotification.Of(rule, key, before, after, change, "Billing", after.AsOf);

        private void Record(AlertRegister before, AlertRegister after)
        {
            var (was, state) = (before.States.Values.SingleOrDefault(), after.States.Values.SingleOrDefault());
            if (state is { Status: AlertStatus.Firing } && was?.Status != AlertStatus.Firing)
            {
                Changes.Add((AlertChange.Firing, state.Since));
            }
            else if (was is { Status: AlertStatus.Firing } && state?.Status != AlertStatus.Firing)
            {
                Changes.Add((AlertChange.Resolved, state!.Since));
            }
        }

        private void Store(AlertRegister next)
        {
            _stored = AlertRegisterEntry.Write(next);
            Register = next;
        }

        private void Restart()
        {
            Register = AlertRegisterEntry.Read(_stored, out var fault)!;
            fault.ShouldBeNull();
        }

        private void Deliver()
        {
            foreach (var waiting in Register.Outbox)
            {
                Sent.Add(waiting);
                Register = Register.Without(waiting);
            }

            Store(Register);
        }
    }
}
