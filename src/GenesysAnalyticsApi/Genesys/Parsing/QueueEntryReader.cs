using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Protocol;
using GenesysAnalyticsApi.Genesys.Requests;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Parses one entry of the queue list. Invalid names are repaired or replaced by the id, and invalid numbers are dropped. An entry without a usable id is
/// dropped, because the queue cannot be queried. Each problem is reported as a message.
/// </summary>
internal static class QueueEntryReader
{
    /// <summary>The maximum threshold of a service level: one year, which is longer than any real threshold.</summary>
    private const double MaxDurationMs = 366L * 24 * 60 * 60 * 1000;

    /// <param name="position">Identifies the entry in messages if it has no id.</param>
    /// <param name="report">Receives a message for each problem.</param>
    /// <returns>Null if the entry is dropped.</returns>
    public static GenesysQueue? Read(JsonElement entry, string position, Action<string> report)
    {
        if (ListEntryFields.IdOf(entry, position, report) is not { } id)
        {
            return null;
        }

        var name = ListEntryFields.NameOf(entry, out var isInvalidName);
        if (isInvalidName)
        {
            report($"the name of queue {id} is invalid: it was {(name is null ? "replaced by the id" : "repaired")}");
        }

        var (divisionId, divisionName) = DivisionOf(entry, id, report);
        return new(id, name ?? id, divisionId, divisionName, MemberCountOf(entry, id, report), LevelsOf(entry, id, report));
    }

    private static (string? Id, string? Name) DivisionOf(JsonElement entry, string queueId, Action<string> report)
    {
        if (entry.Member("division") is not { } division || division.ValueKind == JsonValueKind.Null)
        {
            return default;
        }

        // A queue without a known division is hidden from callers that are limited to divisions. Such callers could see too few queues, but never too many.
        if (division.ValueKind != JsonValueKind.Object || (division.Member("id") is { ValueKind: not JsonValueKind.Null } && ListEntryFields.IdOf(division) is null))
        {
            report($"the division of queue {queueId} was dropped: it has no id of up to {ListEntryFields.MaxIdLength} characters");
            return default;
        }

        var name = ListEntryFields.NameOf(division, out var isInvalid);
        if (isInvalid)
        {
            report($"the name of the division of queue {queueId} is invalid: it was {(name is null ? "dropped" : "repaired")}");
        }

        return (ListEntryFields.IdOf(division), name);
    }

    private static int? MemberCountOf(JsonElement entry, string queueId, Action<string> report)
    {
        if (entry.Member("memberCount") is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }

        if (entry.Integer("memberCount") is { } count and >= 0)
        {
            return count;
        }

        report($"the memberCount of queue {queueId} was dropped: it is {Kind(given)}, not an integer of at least 0");
        return null;
    }

    private static Dictionary<string, QueueServiceLevel> LevelsOf(JsonElement entry, string queueId, Action<string> report)
    {
        var levels = new Dictionary<string, QueueServiceLevel>(StringComparer.Ordinal);
        if (entry.Member("mediaSettings") is not { ValueKind: JsonValueKind.Object } settings)
        {
            return levels;
        }

        foreach (var setting in settings.EnumerateObject())
        {
            if (ReplyJson.NameOf(setting, ListEntryFields.MaxIdLength) is not { } key)
            {
                report($"a media setting of queue {queueId} was dropped: its name is not plain text of up to {ListEntryFields.MaxIdLength} characters");
            }
            else if (LevelOf(setting.Value, key, queueId, report) is { } level)
            {
                // The queue list uses "call" where analytics uses "voice". If both are present, the documented "call" is used.
                var (mediaType, isDocumented) = key == "call" ? ("voice", true) : (key, false);
                if (!levels.TryAdd(mediaType, level))
                {
                    report($"queue {queueId} has two settings for {mediaType}: {(isDocumented ? "'call' is used" : "the first is used")}");
                    levels[mediaType] = isDocumented ? level : levels[mediaType];
                }
            }
        }

        return levels;
    }

    private static QueueServiceLevel? LevelOf(JsonElement setting, string mediaType, string queueId, Action<string> report)
    {
        if (setting.ValueKind != JsonValueKind.Object || setting.Member("serviceLevel") is not { ValueKind: not JsonValueKind.Null } level)
        {
            return null;
        }

        if (level.ValueKind != JsonValueKind.Object)
        {
            report($"the {mediaType} service level of queue {queueId} was dropped: it is {Kind(level)}, not an object");
            return null;
        }

        return new(
            Figure("percentage", max: 1),
            (long?)Figure("durationMs", MaxDurationMs));

        double? Figure(string member, double max)
        {
            if (level.Member(member) is not { ValueKind: not JsonValueKind.Null } given)
            {
                return null;
            }

            if (level.Number(member) is { } number && number >= 0 && number <= max)
            {
                return number;
            }

            report($"the {mediaType} {member} of queue {queueId} was dropped: it is {Kind(given)}, not a number from 0 to {max:0}");
            return null;
        }
    }

    private static string Kind(JsonElement given) =>
        given.ValueKind is JsonValueKind.Number ? ReplyJson.Cut(given.GetRawText(), 40) : $"a JSON {given.ValueKind}";
}
