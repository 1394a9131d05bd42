using System.Text.Json;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// One entry of the queue listing. What can be repaired is (an odd name is shown as far as it can be, an odd number is left out); an
/// entry without a usable id is left out, because nothing could be asked for by it. Each oddity is told in a sentence.
/// </summary>
internal static class QueueReplyReader
{
    /// <summary>Genesys' names have some hundred letters; what is longer would fill memory and answers.</summary>
    internal const int LongestName = 500;

    private const int LongestId = 100;

    /// <summary>Longer than any promise to callers: a year.</summary>
    private const double LongestDurationMs = 366L * 24 * 60 * 60 * 1000;

    /// <param name="place">Which entry it is, for those that have no id.</param>
    /// <param name="tell">Takes a sentence for each oddity.</param>
    /// <returns>Null for an entry that cannot be repaired.</returns>
    public static GenesysQueue? Read(JsonElement entry, string place, Action<string> tell)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            tell($"{place} is left out: it is not an object");
            return null;
        }

        if (IdOf(entry) is not { } id)
        {
            tell($"{place} is left out: it has no id of up to {LongestId} letters");
            return null;
        }

        var name = NameOf(entry, "name", out var isOddName);
        if (isOddName)
        {
            tell($"the name of queue {id} is odd: it is {(name is null ? "replaced by the id" : "shown as far as it can be")}");
        }

        var (divisionId, divisionName) = DivisionOf(entry, id, tell);
        return new(id, name ?? id, divisionId, divisionName, MemberCountOf(entry, id, tell), LevelsOf(entry, id, tell));
    }

    /// <summary>An id goes into filters, addresses and logs: it is plain text or none.</summary>
    private static string? IdOf(JsonElement entry) =>
        entry.Member("id") is { ValueKind: JsonValueKind.String } id
        && ReplyJson.Of(id, LongestId + 1, out var isRepaired) is { Length: > 0 and <= LongestId } text
        && !isRepaired && text.All(letter => !char.IsControl(letter) && !char.IsWhiteSpace(letter))
            ? text
            : null;

    /// <summary>Null where there is none; odd where it is anything but text of a usual length.</summary>
    private static string? NameOf(JsonElement owner, string member, out bool isOdd)
    {
        isOdd = false;
        switch (owner.Member(member))
        {
            case null or { ValueKind: JsonValueKind.Null }:
                return null;

            case { ValueKind: JsonValueKind.String } text:
                var name = ReplyJson.Of(text, LongestName, out isOdd);
                isOdd |= string.IsNullOrWhiteSpace(name);
                return string.IsNullOrWhiteSpace(name) ? null : name;

            case { ValueKind: JsonValueKind.Number } number:
                isOdd = true;
                return ReplyJson.Cut(number.GetRawText(), LongestName);

            default:
                isOdd = true;
                return null;
        }
    }

    private static (string? Id, string? Name) DivisionOf(JsonElement entry, string queueId, Action<string> tell)
    {
        if (entry.Member("division") is not { } division || division.ValueKind == JsonValueKind.Null)
        {
            return default;
        }

        // A queue of no known division is in no view by division: who may see that division sees too little, never too much.
        if (division.ValueKind != JsonValueKind.Object || (division.Member("id") is { ValueKind: not JsonValueKind.Null } && IdOf(division) is null))
        {
            tell($"the division of queue {queueId} is left out: it has no id of up to {LongestId} letters");
            return default;
        }

        var name = NameOf(division, "name", out var isOdd);
        if (isOdd)
        {
            tell($"the name of the division of queue {queueId} is odd: it is {(name is null ? "left out" : "shown as far as it can be")}");
        }

        return (IdOf(division), name);
    }

    private static int? MemberCountOf(JsonElement entry, string queueId, Action<string> tell)
    {
        if (entry.Member("memberCount") is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }

        if (entry.Whole("memberCount") is { } count and >= 0)
        {
            return count;
        }

        tell($"the memberCount of queue {queueId} is left out: it is {Kind(given)}, not a whole number from 0");
        return null;
    }

    private static Dictionary<string, QueueServiceLevel> LevelsOf(JsonElement entry, string queueId, Action<string> tell)
    {
        var levels = new Dictionary<string, QueueServiceLevel>(StringComparer.Ordinal);
        if (entry.Member("mediaSettings") is not { ValueKind: JsonValueKind.Object } settings)
        {
            return levels;
        }

        foreach (var setting in settings.EnumerateObject())
        {
            if (ReplyJson.NameOf(setting, LongestId) is not { } key)
            {
                tell($"a media setting of queue {queueId} is left out: its name is no plain text of up to {LongestId} letters");
            }
            else if (LevelOf(setting.Value, key, queueId, tell) is { } level)
            {
                // The listing says "call" where analytics says "voice"; of both, the one that the listing documents holds.
                var (mediaType, isDocumented) = key == "call" ? ("voice", true) : (key, false);
                if (!levels.TryAdd(mediaType, level))
                {
                    tell($"queue {queueId} has two settings for {mediaType}: {(isDocumented ? "'call' holds" : "the first holds")}");
                    levels[mediaType] = isDocumented ? level : levels[mediaType];
                }
            }
        }

        return levels;
    }

    private static QueueServiceLevel? LevelOf(JsonElement setting, string mediaType, string queueId, Action<string> tell)
    {
        if (setting.ValueKind != JsonValueKind.Object || setting.Member("serviceLevel") is not { ValueKind: not JsonValueKind.Null } level)
        {
            return null;
        }

        if (level.ValueKind != JsonValueKind.Object)
        {
            tell($"the service level of {mediaType} of queue {queueId} is left out: it is {Kind(level)}, not an object");
            return null;
        }

        return new(
            Figure(level, "percentage", most: 1) is { } target ? target : null,
            Figure(level, "durationMs", LongestDurationMs) is { } duration ? (long)duration : null);

        double? Figure(JsonElement owner, string member, double most)
        {
            if (owner.Member(member) is not { ValueKind: not JsonValueKind.Null } given)
            {
                return null;
            }

            if (owner.Number(member) is { } number && number >= 0 && number <= most)
            {
                return number;
            }

            tell($"the {member} of {mediaType} of queue {queueId} is left out: it is {Kind(given)}, not a number from 0 to {most:0}");
            return null;
        }
    }

    private static string Kind(JsonElement given) =>
        given.ValueKind is JsonValueKind.Number ? ReplyJson.Cut(given.GetRawText(), 40) : $"a JSON {given.ValueKind}";
}
