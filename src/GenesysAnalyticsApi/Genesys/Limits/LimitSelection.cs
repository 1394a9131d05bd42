using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>A ceiling that Genesys reports.</summary>
/// <param name="IsDefault">Whether it is the documented default for all organizations instead of a value of this organization.</param>
internal sealed record LimitCeiling(int Value, string Namespace, string Key, bool IsDefault, Instant ReadAt);

/// <summary>What is known about a limit.</summary>
/// <param name="Ceiling">Null if Genesys reports none.</param>
/// <param name="Reason">Why there is none, as the end of a sentence; null if there is one.</param>
internal sealed record LimitFinding(LimitCeiling? Ceiling, string? Reason)
{
    /// <summary>Nothing has been read yet.</summary>
    public static readonly LimitFinding Unread = new(null, "it could not be read");
}

/// <summary>
/// Selects the Genesys limit that matches a definition, and its value: that of the organization or, if it has none, the documented default. Pure.
/// </summary>
internal static class LimitSelection
{
    /// <param name="documented">The documented limits of the namespace; null if they have never been read.</param>
    /// <param name="listed">The values of the organization in the namespace, see <see cref="LimitReplyReader"/>; null if they could not be read.</param>
    /// <param name="before">The finding of the previous read.</param>
    public static LimitFinding Of(
        LimitDefinition definition, ImmutableArray<DocumentedLimit>? documented, ImmutableDictionary<string, int?>? listed, LimitFinding before, Instant readAt)
    {
        // Even an older value of the organization is more accurate than a default.
        if (listed is null && before.Ceiling is { IsDefault: false })
        {
            return before;
        }

        if (listed is null && documented is null)
        {
            return before;
        }

        var matches = KeysOf(definition, documented ?? [], listed?.Keys ?? [])
            .Select(key => ValueOf(definition, key, documented ?? [], listed, before.Ceiling, readAt))
            .OfType<LimitCeiling>()
            .ToList();
        var usable = matches.Where(ceiling => ceiling.Value >= definition.Smallest).ToList();
        return usable.DistinctBy(ceiling => ceiling.Value).Count() switch
        {
            1 => new(usable[0], null),
            > 1 => new(null, $"several limits match ({string.Join(", ", usable.Select(ceiling => ceiling.Key))})"),
            _ => new(null, matches is [var small, ..]
                ? $"{small.Key} is {small.Value}, which is too low to be this limit"
                : $"none of the limits of {definition.Namespace} is recognized as this one"),
        };
    }

    /// <summary>Matches limits by key, and by description only if no key matches.</summary>
    private static List<string> KeysOf(LimitDefinition definition, ImmutableArray<DocumentedLimit> documented, IEnumerable<string> listed)
    {
        var descriptions = documented.ToDictionary(limit => limit.Key, limit => limit.Description, StringComparer.Ordinal);
        var byKey = descriptions.Keys.Union(listed, StringComparer.Ordinal).Where(key => definition.MatchesKey(key, descriptions.GetValueOrDefault(key))).ToList();
        return byKey is not [] ? byKey : [.. descriptions.Where(limit => definition.MatchesDescription(limit.Key, limit.Value)).Select(limit => limit.Key)];
    }

    private static LimitCeiling? ValueOf(
        LimitDefinition definition, string key, ImmutableArray<DocumentedLimit> documented, ImmutableDictionary<string, int?>? listed, LimitCeiling? before, Instant readAt)
    {
        int? listedValue = null;
        var isListed = listed?.TryGetValue(key, out listedValue) == true;
        if (listedValue is { } value)
        {
            return new(value, definition.Namespace, key, IsDefault: false, readAt);
        }

        // The organization has a value, but it is unreadable. The value read before is more accurate than the default.
        if (isListed && before is { IsDefault: false } && before.Key == key)
        {
            return before;
        }

        return documented.FirstOrDefault(limit => limit.Key == key)?.Default is { } documentedDefault
            ? new(documentedDefault, definition.Namespace, key, IsDefault: true, readAt)
            : before is { IsDefault: true } && before.Key == key && documented.Any(limit => limit.Key == key) ? before : null;
    }
}
