using System.Collections.Immutable;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>
/// The state of all alerts, and the notifications that are still waiting to be delivered. States and notifications are stored together, so that a crash cannot
/// lose a stored change or give it a second id.
/// </summary>
internal sealed record AlertRegister
{
    /// <summary>The maximum number of pending, firing and resolved alerts. No further alerts are added, and the status of each affected rule says so.</summary>
    public const int MaxStates = 10_000;

    /// <summary>The maximum number of notifications waiting for one webhook. If there are more, the oldest ones are dropped.</summary>
    public const int MaxWaiting = 1_000;

    public static readonly AlertRegister Empty = new();

    public ImmutableDictionary<AlertKey, AlertState> States { get; init; } = ImmutableDictionary<AlertKey, AlertState>.Empty;

    /// <summary>The status of each rule's figures, by the name of the rule.</summary>
    public ImmutableDictionary<string, RuleStatus> Rules { get; init; } = ImmutableDictionary<string, RuleStatus>.Empty;

    /// <summary>The notifications that are still waiting to be delivered, oldest first.</summary>
    public ImmutableList<AlertNotification> Outbox { get; init; } = [];

    /// <summary>Evaluates a reading of the figures of a rule.</summary>
    public AlertRegister Observe(AlertRule rule, RuleReading reading, Instant now)
    {
        var status = Rules.GetValueOrDefault(rule.Name);
        if (reading.Fault is { } readingFault)
        {
            return this with
            {
                States = States.SetItems(States.Where(state => state.Key.Rule == rule.Name).Select(state => KeyValuePair.Create(state.Key, state.Value with { Doubt = readingFault }))),
                Rules = Rules.SetItem(rule.Name, new RuleStatus { AsOf = status?.AsOf, Fault = readingFault }),
            };
        }

        if (reading.AsOf <= status?.AsOf)
        {
            // These figures, or newer ones, have already been evaluated.
            return this;
        }

        // A wrong clock can put the time of figures into the future. Later figures would then look old.
        var asOf = Instant.Min(reading.AsOf, now);
        var states = States.ToBuilder();
        var (unknown, notEvaluated, faults) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var queue in reading.Queues)
        {
            var key = new AlertKey(rule.Name, queue.QueueId);
            var fault = queue.Fault ?? (now - asOf > rule.MaxAge ? AlertNames.TooOld(now - asOf, rule.MaxAge) : null);
            if (fault is not null)
            {
                unknown.Add(queue.QueueId);
                faults.Add(fault);
            }

            var state = AlertStateMachine.Observe(rule, states.GetValueOrDefault(key), new Observation(asOf, queue.Value, fault));
            if (state is null)
            {
                states.Remove(key);
            }
            else if (states.ContainsKey(key) || states.Count < MaxStates)
            {
                states[key] = state;
            }
            else
            {
                notEvaluated.Add(queue.QueueId);
            }
        }

        EndUncovered(rule, reading, asOf, states);
        var hasNoUsableFigure = unknown.Count == reading.Queues.Count;
        return this with
        {
            States = states.ToImmutable(),
            Rules = Rules.SetItem(rule.Name, new RuleStatus
            {
                AsOf = hasNoUsableFigure ? status?.AsOf : asOf,
                Fault = hasNoUsableFigure ? FaultOfAll(faults) : notEvaluated.Count > 0 ? "Some queues of this rule are not evaluated, because there are too many alerts." : null,
                Unknown = hasNoUsableFigure ? [] : unknown.ToImmutable(),
                NotEvaluated = hasNoUsableFigure ? [] : notEvaluated.ToImmutable(),
            }),
        };
    }

    /// <summary>
    /// Why no queue has a usable figure. The reasons of the queues are named only if they are the same, because a caller may see only some of the queues.
    /// </summary>
    private static string FaultOfAll(HashSet<string> faults) => faults.Count switch
    {
        0 => "The rule covers no queue.",
        1 => faults.Single(),
        _ => "No queue of the rule has a figure that is both current and complete.",
    };

    /// <summary>Adds the notifications that are due, and removes alerts that are over or that belong to a rule that no longer exists.</summary>
    /// <param name="describe">Creates the notifications of a change, one per webhook.</param>
    public AlertRegister WithDueNotifications(IEnumerable<AlertRule> rules, Instant now, Func<AlertRule, AlertKey, AlertState, AlertState, AlertChange, IEnumerable<AlertNotification>> describe)
    {
        var byName = rules.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        var (states, outbox) = (States.ToBuilder(), Outbox.ToBuilder());
        // Sorted by key, so that notifications created at the same time have a fixed order.
        foreach (var (key, state) in States.OrderBy(state => state.Key.Rule, StringComparer.Ordinal).ThenBy(state => state.Key.QueueId, StringComparer.Ordinal))
        {
            if (!byName.TryGetValue(key.Rule, out var rule) || AlertRetention.IsOver(state, now))
            {
                states.Remove(key);
                continue;
            }

            var (next, change) = AlertStateMachine.Notify(rule, state, now);
            if (change is { } due)
            {
                states[key] = next;
                outbox.AddRange(describe(rule, key, state, next, due));
            }
        }

        return this with
        {
            States = states.ToImmutable(),
            Outbox = outbox.ToImmutable(),
            Rules = Rules.RemoveRange(Rules.Keys.Where(name => !byName.ContainsKey(name))),
        };
    }

    /// <summary>
    /// Moves figure times after <paramref name="now"/> back to <paramref name="now"/>. A replica with a fast clock can have stored such times. Without this
    /// limit, this replica's figures would look old until its clock has caught up.
    /// </summary>
    public AlertRegister WithTimesClampedTo(Instant now) => this with
    {
        States = States.ToImmutableDictionary(
            state => state.Key,
            state => state.Value.AsOf <= now ? state.Value : state.Value with { AsOf = now, Since = Instant.Min(state.Value.Since, now) }),
        Rules = Rules.ToImmutableDictionary(rule => rule.Key, rule => rule.Value.AsOf > now ? rule.Value with { AsOf = now } : rule.Value),
    };

    /// <summary>Drops the oldest notifications of each webhook for which more than <see cref="MaxWaiting"/> are waiting.</summary>
    public AlertRegister WithLimitedOutbox(out IReadOnlyList<AlertNotification> dropped)
    {
        dropped = [.. Outbox.GroupBy(notification => notification.Webhook, StringComparer.OrdinalIgnoreCase).SelectMany(webhook => webhook.SkipLast(MaxWaiting))];
        return dropped is [] ? this : this with { Outbox = Outbox.RemoveRange(dropped) };
    }

    public AlertRegister Without(AlertNotification confirmed) => this with { Outbox = Outbox.RemoveAll(entry => entry.Id == confirmed.Id && entry.Webhook == confirmed.Webhook) };

    /// <summary>Resolves or removes the alerts of queues that the rule no longer covers, such as deleted queues.</summary>
    private static void EndUncovered(AlertRule rule, RuleReading reading, Instant at, ImmutableDictionary<AlertKey, AlertState>.Builder states)
    {
        var covered = reading.Queues.Select(queue => queue.QueueId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, state) in states.Where(state => state.Key.Rule == rule.Name && !covered.Contains(state.Key.QueueId)).ToList())
        {
            if (state.Status == AlertStatus.Firing || state.NotifiedAt is not null)
            {
                states[key] = state with { Status = AlertStatus.Resolved, Since = state.Status == AlertStatus.Resolved ? state.Since : at, AsOf = at, Value = null, Doubt = null };
            }
            else if (state.Status == AlertStatus.Pending)
            {
                states.Remove(key);
            }
        }
    }
}

/// <summary>The status of a rule's figures.</summary>
internal sealed record RuleStatus
{
    /// <summary>The time of the newest reading with at least one usable figure; null if there has been no such reading.</summary>
    public Instant? AsOf { get; init; }

    /// <summary>Why the newest reading contains no usable figure, or why some queues are not evaluated; null if neither is the case.</summary>
    public string? Fault { get; init; }

    /// <summary>The ids of the queues without a usable figure in the newest reading; empty if no queue has a usable figure.</summary>
    public ImmutableArray<string> Unknown { get; init; } = [];

    /// <summary>The ids of the queues that <see cref="Fault"/> is about; empty if it is about the whole reading, or there is no fault.</summary>
    public ImmutableArray<string> NotEvaluated { get; init; } = [];
}

/// <summary>The figures of one rule, for all queues that the rule covers.</summary>
/// <param name="AsOf">The time of the figures.</param>
/// <param name="Fault">Why the figures could not be read; null if they could be read.</param>
internal sealed record RuleReading(Instant AsOf, string? Fault, IReadOnlyList<QueueReading> Queues)
{
    /// <summary>A reading without figures, because the figures could not be read.</summary>
    public static RuleReading Failed(string fault) => new(Instant.MinValue, fault, []);
}

/// <summary>The figure of one queue.</summary>
/// <param name="Value">Null if the figure has no value.</param>
/// <param name="Fault">Why the figure cannot be used; null if it can be used.</param>
internal readonly record struct QueueReading(string QueueId, double? Value, string? Fault);
