using System.Collections.Immutable;
using GenesysAnalyticsApi.Alerts.Rules;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>
/// The state of all alerts, and the notifications that no webhook has confirmed yet. Both are stored together, so that after a crash no change is lost and
/// none gets a second id.
/// </summary>
internal sealed record AlertBook
{
    /// <summary>Alerts with a state. More are not evaluated, and the status of their rule says so.</summary>
    public const int MaxStates = 10_000;

    /// <summary>Unconfirmed notifications of one webhook. The oldest are dropped.</summary>
    public const int MaxWaiting = 1_000;

    public static readonly AlertBook Empty = new();

    public ImmutableDictionary<AlertKey, AlertState> States { get; init; } = ImmutableDictionary<AlertKey, AlertState>.Empty;

    /// <summary>By the name of the rule.</summary>
    public ImmutableDictionary<string, RuleStatus> Rules { get; init; } = ImmutableDictionary<string, RuleStatus>.Empty;

    /// <summary>The oldest first.</summary>
    public ImmutableList<AlertNotification> Outbox { get; init; } = [];

    /// <summary>Evaluates what was read for a rule.</summary>
    public AlertBook Observe(AlertRule rule, RuleReading reading, Instant now)
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
            // Evaluated before.
            return this;
        }

        // A wrong clock must not make later figures look old.
        var asOf = Instant.Min(reading.AsOf, now);
        var states = States.ToBuilder();
        var (unknown, firstFault, lacksRoom) = (ImmutableArray.CreateBuilder<string>(), (string?)null, false);
        foreach (var queue in reading.Queues)
        {
            var key = new AlertKey(rule.Name, queue.QueueId);
            var fault = queue.Fault ?? (now - asOf > rule.MaxAge ? TooOld(now - asOf) : null);
            if (fault is not null)
            {
                unknown.Add(queue.QueueId);
                firstFault ??= fault;
            }

            var state = AlertMachine.Observe(rule, states.GetValueOrDefault(key), new Observation(asOf, queue.Value, fault));
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
                lacksRoom = true;
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
                Fault = hasNone ? firstFault ?? "The rule covers no queue." : lacksRoom ? "Some queues of this rule are not evaluated, because too many alerts have a state." : null,
                Unknown = hasNone ? [] : unknown.ToImmutable(),
            }),
        };
    }

    /// <summary>Adds the notifications that are due, and forgets alerts that are over.</summary>
    /// <param name="describe">Makes the notifications of a change, one per webhook.</param>
    public AlertBook Notify(IEnumerable<AlertRule> rules, Instant now, Func<AlertRule, AlertKey, AlertState, AlertState, AlertChange, IEnumerable<AlertNotification>> describe)
    {
        var byName = rules.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        var (states, outbox) = (States.ToBuilder(), Outbox.ToBuilder());
        // In the order of the keys, so that notifications of one moment have a certain order.
        foreach (var (key, state) in States.OrderBy(state => state.Key.Rule, StringComparer.Ordinal).ThenBy(state => state.Key.QueueId, StringComparer.Ordinal))
        {
            if (!byName.TryGetValue(key.Rule, out var rule) || AlertMachine.IsOver(state, now))
            {
                // Without its rule, an alert has no meaning.
                states.Remove(key);
                continue;
            }

            var (next, change) = AlertMachine.Notify(rule, state, now);
            if (change is { } told)
            {
                states[key] = next;
                outbox.AddRange(describe(rule, key, state, next, told));
            }
        }

        return this with
        {
            States = states.ToImmutable(),
            Outbox = outbox.ToImmutable(),
            Rules = Rules.RemoveRange(Rules.Keys.Where(name => !byName.ContainsKey(name))),
        };
    }

    /// <summary>The book of a replica whose clock is ahead: without this, figures of the own clock would look old until it has caught up.</summary>
    public AlertBook NotAfter(Instant now) => this with
    {
        States = States.ToImmutableDictionary(
            state => state.Key,
            state => state.Value.AsOf <= now ? state.Value : state.Value with { AsOf = now, Since = Instant.Min(state.Value.Since, now) }),
        Rules = Rules.ToImmutableDictionary(rule => rule.Key, rule => rule.Value.AsOf > now ? rule.Value with { AsOf = now } : rule.Value),
    };

    /// <summary>Drops the oldest notifications of a webhook that has too many.</summary>
    public AlertBook Limit(out IReadOnlyList<AlertNotification> dropped)
    {
        dropped = [.. Outbox.GroupBy(waiting => waiting.Webhook, StringComparer.OrdinalIgnoreCase).SelectMany(waiting => waiting.SkipLast(MaxWaiting))];
        return dropped is [] ? this : this with { Outbox = Outbox.RemoveRange(dropped) };
    }

    public AlertBook Without(AlertNotification confirmed) => this with { Outbox = Outbox.RemoveAll(waiting => waiting.Id == confirmed.Id && waiting.Webhook == confirmed.Webhook) };

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

/// <summary>What is known of the figures of a rule.</summary>
internal sealed record RuleStatus
{
    /// <summary>The age of the newest figures of which at least one could be used; null if there were none.</summary>
    public Instant? AsOf { get; init; }

    /// <summary>Why the newest attempt to read figures gave none that can be used; null if it did.</summary>
    public string? Fault { get; init; }

    /// <summary>The queues whose newest figure is incomplete or too old.</summary>
    public ImmutableArray<string> Unknown { get; init; } = [];
}

/// <summary>The figures of all queues of a rule.</summary>
/// <param name="AsOf">The age of the figures.</param>
/// <param name="Fault">Why there are none; null if there are.</param>
internal sealed record RuleReading(Instant AsOf, string? Fault, IReadOnlyList<QueueReading> Queues)
{
    /// <summary>The figures could not be read.</summary>
    public static RuleReading Failed(string fault) => new(Instant.MinValue, fault, []);
}

/// <param name="Value">Null if the figure has no value.</param>
/// <param name="Fault">Why the figure of this queue cannot be used; null if it can.</param>
internal readonly record struct QueueReading(string QueueId, double? Value, string? Fault);
