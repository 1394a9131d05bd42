using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Alerts.Evaluation;

/// <summary>The format in which a register is stored, in Redis or in a file.</summary>
internal sealed record AlertRegisterEntry
{
    private const int CurrentVersion = 1;

    private const int MaxTextLength = 4_096;

    /// <summary>The version of the format. An entry with another version is ignored.</summary>
    public int Version { get; init; }

    public required StoredAlert[] Alerts { get; init; }

    public required StoredRule[] Rules { get; init; }

    public required AlertNotification[] Outbox { get; init; }

    public static byte[] Write(AlertRegister register) => JsonSerializer.SerializeToUtf8Bytes(
        new AlertRegisterEntry
        {
            Version = CurrentVersion,
            Alerts = [.. register.States.Select(state => new StoredAlert(state.Key.Rule, state.Key.QueueId, state.Value))],
            Rules = [.. register.Rules.Select(rule => new StoredRule(rule.Key, rule.Value))],
            Outbox = [.. register.Outbox],
        },
        AlertRegisterJson.Default.AlertRegisterEntry);

    /// <returns>
    /// Null without a fault if the entry has another version: during a rollout, two versions of the service can run at the same time. Null with a fault if the
    /// entry is not valid.
    /// </returns>
    public static AlertRegister? Read(ReadOnlySpan<byte> bytes, out string? fault)
    {
        try
        {
            var entry = JsonSerializer.Deserialize(bytes, AlertRegisterJson.Default.AlertRegisterEntry);
            fault = entry is null ? "null" : entry.Version == CurrentVersion ? entry.Validate() : null;
            return fault is null && entry!.Version == CurrentVersion ? entry.Unpack() : null;
        }
        catch (Exception invalid) when (invalid is JsonException or NotSupportedException or ArgumentException)
        {
            fault = "unreadable";
            return null;
        }
    }

    private string? Validate() =>
        Alerts is null || Rules is null || Outbox is null || Alerts.Any(alert => alert?.State is null) || Rules.Any(rule => rule?.Status is null) || Outbox.Any(notification => notification is null) ? "incomplete"
        : Alerts.Length > AlertRegister.MaxStates ? "too large"
        : Alerts.Any(alert => !Enum.IsDefined(alert.State.Status) || (alert.State is { Status: AlertStatus.Firing, FiredAt: null })) ? "an alert in an impossible state"
        : Outbox.Any(notification => !Enum.IsDefined(notification.Change) || !Enum.IsDefined(notification.Comparison)) ? "a notification with an unknown change or comparison"
        : !Texts().All(text => UnicodeText.IsValid(text, MaxTextLength)) ? "invalid text"
        : Alerts.DistinctBy(alert => (alert.Rule, alert.QueueId)).Count() < Alerts.Length || Rules.DistinctBy(rule => rule.Rule).Count() < Rules.Length ? "a duplicate alert or rule"
        : null;

    private IEnumerable<string?> Texts() =>
    [
        .. Alerts.SelectMany(alert => new[] { alert.Rule, alert.QueueId, alert.State.Doubt ?? "" }),
        .. Rules.SelectMany(rule => new[] { rule.Rule, rule.Status.Fault ?? "" }),
        .. Outbox.SelectMany(entry => new[] { entry.Id, entry.Webhook, entry.Rule, entry.QueueId, entry.QueueName ?? "", entry.Figure }),
    ];

    private AlertRegister Unpack() => new()
    {
        States = Alerts.ToImmutableDictionary(alert => new AlertKey(alert.Rule, alert.QueueId), alert => alert.State),
        Rules = Rules.ToImmutableDictionary(rule => rule.Rule, rule => rule.Status with
        {
            Unknown = rule.Status.Unknown.IsDefault ? [] : rule.Status.Unknown,
            NotEvaluated = rule.Status.NotEvaluated.IsDefault ? [] : rule.Status.NotEvaluated,
        }),
        Outbox = [.. Outbox],
    };
}

internal sealed record StoredAlert(string Rule, string QueueId, AlertState State);

internal sealed record StoredRule(string Rule, RuleStatus Status);

/// <summary>Writes an instant as ticks since 1970, so that reading the ticks returns exactly the same instant.</summary>
internal sealed class InstantTicksConverter : JsonConverter<Instant>
{
    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var ticks = reader.GetInt64();
        return ticks >= Instant.MinValue.ToUnixTimeTicks() && ticks <= Instant.MaxValue.ToUnixTimeTicks() ? Instant.FromUnixTimeTicks(ticks) : throw new JsonException("The time is out of range.");
    }

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToUnixTimeTicks());
}

[JsonSourceGenerationOptions(Converters = [typeof(InstantTicksConverter)])]
[JsonSerializable(typeof(AlertRegisterEntry))]
internal sealed partial class AlertRegisterJson : JsonSerializerContext;
