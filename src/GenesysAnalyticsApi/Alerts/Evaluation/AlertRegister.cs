using System.Collections.Immutable;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>
/// The state of all alerts, and the notifications that webhooks have not confirmed yet. Both are stored together, so that after a crash no change is lost
/// or gets a second id.
/// </summary>
internal sealed record AlertRegister
{
    /// <summary>The maximum number of pending, firing and resolved alerts. Further queues are not evaluated, and the status of their rule says so.</summary>
    public const int MaxStates = 10_000;

    /// <summary>The maximum number of unconfirmed notifications of one webhook. If there are more, the oldest ones are dropped.</summary>
    public const int MaxWaiting = 1_000;

    public static readonly AlertRegister Empty = new();

    public ImmutableDictionary<AlertKey, AlertState> States { get; init; } = ImmutableDictionary<AlertKey, AlertState>.Empty;

    /// <summary>By the name of the rule.</summary>
    public ImmutableDictionary<string, RuleStatus> Rules { get; init; } = ImmutableDictionary<string, RuleStatus>.Empty;

    /// <summary>The oldest first.</summary>
    public ImmutableList<AlertNotification> Outbox { get; init; } = [];

    /// <summary>Evaluates the figures that were read for a rule.</summary>
    public AlertRegister Observe(AlertRule rule, RuleReading reading, Instant now)
    {
        var status = Rules.GetValueOrDefault(rule.Name);
        if (reading.Fault is { } failed)
        {
            return this with
            {
                States = States.SetItems(States.Where(state => state.Key.Rule == rule.Name).Select(state => KeyValuePair.Create(state.Key, state.Value with { Doubt = failed }))),
                Rules = Rules.SetItem(rule.Name, new RuleStatus { AsOf = status?.AsOf, Fault = failed }),
            };
        }

        if (reading.AsOf <= status?.AsOf)
        {
            // These figures have already been evaluated.
            return this;
        }

        // If a wrong clock put the time of figures into the future, later figures would look old.
        var asOf = Instant.Min(reading.AsOf, now);
        var states = States.ToBuilder();
        var (unknown, firstFault, isFull) = (ImmutableArray.CreateBuilder<string>(), (string?)null, false);
        foreach (var queue in reading.Queues)
        {
            var key = new AlertKey(rule.Name, queue.QueueId);
            var fault = queue.Fault ?? (now - asOf > rule.MaxAge ? TooOld(now - asOf) : null);
            if (fault is not null)
            {
                unknown.Add(queue.QueueId);
                firstFault ??= fault;
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
                isFull = true;
            }
        }

        End(rule, reading, asOf, states);
        var hasNone = unknown.Count == reading.Queues.Count;
        return this with
        {
            States = states.ToImmutable(),
            Rules = Rules.SetItem(rule.Name, new RuleStatus
            {
                AsOf = hasNone ? status?.AsOf : asOf,
                Fault = hasNone ? firstFault ?? "The rule covers no queue." : isFull ? "Some queues of this rule are not evaluated, because there are too many alerts." : null,
                Unknown = hasNone ? [] : unknown.ToImmutable(),
            }),
        };
    }

    /// <summary>Adds the notifications that are due, and removes alerts that have ended.</summary>
    /// <param name="describe">Creates the notifications of a change, one per webhook.</param>
    public AlertRegister WithDueNotifications(IEnumerable<AlertRule> rules, Instant now, Func<AlertRule, AlertKey, AlertState, AlertState, AlertChange, IEnumerable<AlertNotification>> describe)
    {
        var byName = rules.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        var (states, outbox) = (States.ToBuilder(), Outbox.ToBuilder());
        // Sorted by key, so that notifications created at the same time have a fixed order.
        foreach (var (key, state) in States.OrderBy(state => state.Key.Rule, StringComparer.Ordinal).ThenBy(state => state.Key.QueueId, StringComparer.Ordinal))
        {
            if (!byName.TryGetValue(key.Rule, out var rule) || AlertStateMachine.IsOver(state, now))
            {
                // An alert whose rule no longer exists is removed.
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

    /// <summary>Limits the times in a register that a replica with a fast clock wrote. Otherwise this replica's figures would look old until its clock has caught up.</summary>
    public AlertRegister WithTimesClampedTo(Instant now) => this with
    {
        States = States.ToImmutableDictionary(
            state => state.Key,
            state => state.Value.AsOf <= now ? state.Value : state.Value with { AsOf = now, Since = Instant.Min(state.Value.Since, now) }),
        Rules = Rules.ToImmutableDictionary(rule => rule.Key, rule => rule.Value.AsOf > now ? rule.Value with { AsOf = now } : rule.Value),
    };

    /// <summary>Drops the oldest notifications of a webhook that has too many.</summary>
    public AlertRegister WithLimitedOutbox(out IReadOnlyList<AlertNotification> dropped)
    {
        dropped = [.. Outbox.GroupBy(waiting => waiting.Webhook, StringComparer.OrdinalIgnoreCase).SelectMany(waiting => waiting.SkipLast(MaxWaiting))];
        return dropped is [] ? this : this with { Outbox = Outbox.RemoveRange(dropped) };
    }

    public AlertRegister Without(AlertNotification confirmed) => this with { Outbox = Outbox.RemoveAll(waiting => waiting.Id == confirmed.Id && waiting.Webhook == confirmed.Webhook) };

    /// <summary>Ends the alerts of queues that the rule no longer covers, such as deleted ones.</summary>
    private static void End(AlertRule rule, RuleReading reading, Instant at, ImmutableDictionary<AlertKey, AlertState>.Builder states)
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

    private static string TooOld(Duration age) => FormattableString.Invariant($"The newest figures are {age.TotalSeconds:0} s old.");
}

/// <summary>The status of a rule's figures.</summary>
internal sealed record RuleStatus
{
    /// <summary>The time of the newest figures with at least one that could be used; null if there were none.</summary>
    public Instant? AsOf { get; init; }

    /// <summary>Why the newest attempt to read figures gave no usable figure, or why some queues are not evaluated; null if neither applies.</summary>
    public string? Fault { get; init; }

    /// <summary>The queues whose newest figure is incomplete or too old.</summary>
    public ImmutableArray<string> Unknown { get; init; } = [];
}

/// <summary>The figures of all queues of a rule.</summary>
/// <param name="AsOf">The time of the figures.</param>
/// <param name="Fault">Why there are no figures; null if there are.</param>
internal sealed record RuleReading(Instant AsOf, string? Fault, IReadOnlyList<QueueReading> Queues)
{
    /// <summary>The figures could not be read.</summary>
    public static RuleReading Failed(string fault) => new(Instant.MinValue, fault, []);
}

/// <param name="Value">Null if the figure has no value.</param>
/// <param name="Fault">Why the figure of this queue cannot be used; null if it can.</param>
internal readonly record struct QueueReading(string QueueId, double? Value, string? Fault);
