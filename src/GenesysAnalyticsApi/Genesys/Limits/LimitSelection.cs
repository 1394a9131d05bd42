using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>A ceiling that Genesys tells.</summary>
/// <param name="IsDefault">It is the documented default for all organisations, not a value of this organisation.</param>
internal sealed record LimitCeiling(int Value, string Namespace, string Key, bool IsDefault, Instant ReadAt);

/// <summary>What is known of a limit.</summary>
/// <param name="Ceiling">Null if Genesys tells none.</param>
/// <param name="Reason">Why there is none, as the end of a sentence; null if there is one.</param>
internal sealed record LimitFinding(LimitCeiling? Ceiling, string? Reason)
{
    /// <summary>Nothing has been read yet.</summary>
    public static readonly LimitFinding Unread = new(null, "it could not be read");
}

/// <summary>Chooses the limit that is meant, and its value: that of the organisation, or the documented default where the organisation has none. Pure.</summary>
internal static class LimitSelection
{
    /// <param name="documented">The documented limits of the namespace; null if they have never been read.</param>
    /// <param name="listed">The values of the organisation in the namespace, see <see cref="LimitReplyReader"/>; null if they could not be read.</param>
    /// <param name="before">What was known before.</param>
    public static LimitFinding Of(
        LimitDefinition definition, ImmutableArray<DocumentedLimit>? documented, ImmutableDictionary<string, int?>? listed, LimitFinding before, Instant readAt)
    {
        // A value of the organisation is more than a default, also if it is an older one.
        if (listed is null && before.Ceiling is { IsDefault: false })
        {
            return before;
        }

        if (listed is null && documented is null)
        {
            return before;
        }

        var meant = KeysOf(definition, documented ?? [], listed?.Keys ?? [])
            .Select(key => ValueOf(definition, key, documented ?? [], listed, before.Ceiling, readAt))
            .OfType<LimitCeiling>()
            .ToList();
        var usable = meant.Where(ceiling => ceiling.Value >= definition.Smallest).ToList();
        return usable.DistinctBy(ceiling => ceiling.Value).Count() switch
        {
            1 => new(usable[0], null),
            > 1 => new(null, $"several limits could be meant ({string.Join(", ", usable.Select(ceiling => ceiling.Key))})"),
            _ => new(null, meant is [var small, ..]
                ? $"{small.Key} is {small.Value}, which is too low to be this limit"
                : $"none of the limits of {definition.Namespace} is recognised as this one"),
        };
    }

    /// <summary>The keys decide; descriptions only if no key does.</summary>
    private static List<string> KeysOf(LimitDefinition definition, ImmutableArray<DocumentedLimit> documented, IEnumerable<string> listed)
    {
        var descriptions = documented.ToDictionary(limit => limit.Key, limit => limit.Description, StringComparer.Ordinal);
        var byKey = descriptions.Keys.Union(listed, StringComparer.Ordinal).Where(key => definition.IsMeantByKey(key, descriptions.GetValueOrDefault(key))).ToList();
        return byKey is not [] ? byKey : [.. descriptions.Where(limit => definition.IsMeantByDescription(limit.Key, limit.Value)).Select(limit => limit.Key)];
    }

    private static LimitCeiling? ValueOf(
        LimitDefinition definition, string key, ImmutableArray<DocumentedLimit> documented, ImmutableDictionary<string, int?>? listed, LimitCeiling? before, Instant readAt)
    {
        int? own = null;
        var isListed = listed?.TryGetValue(key, out own) == true;
        if (own is { } value)
        {
            return new(value, definition.Namespace, key, IsDefault: false, readAt);
        }

        // The organisation has a value that cannot be read: what was read before is more than the default.
        if (isListed && before is { IsDefault: false } && before.Key == key)
        {
            return before;
        }

        return documented.FirstOrDefault(limit => limit.Key == key)?.Default is { } otherwise
            ? new(otherwise, definition.Namespace, key, IsDefault: true, readAt)
            : before is { IsDefault: true } && before.Key == key && documented.Any(limit => limit.Key == key) ? before : null;
    }
}
