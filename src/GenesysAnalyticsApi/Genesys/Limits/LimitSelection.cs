using System.Collections.Immutable;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>A ceiling that Genesys reports.</summary>
/// <param name="IsDefault">Whether the value is the documented default for all organizations instead of a value of this organization.</param>
internal sealed record LimitCeiling(int Value, string Namespace, string Key, bool IsDefault, Instant ReadAt);

/// <summary>What is known about a limit.</summary>
/// <param name="Ceiling">Null if Genesys reports no ceiling for the limit.</param>
/// <param name="Reason">Why there is no ceiling, as the end of a sentence; null if there is a ceiling.</param>
internal sealed record LimitFinding(LimitCeiling? Ceiling, string? Reason)
{
    /// <summary>Nothing has been read yet.</summary>
    public static readonly LimitFinding Unread = new(null, "it could not be read");
}

/// <summary>
/// Selects the Genesys limit that matches a definition, and its value: the value of the organization or, if there is none, the documented default. This class
/// is pure.
/// </summary>
internal static class LimitSelection
{
    /// <param name="documented">The documented limits of the namespace; null if the documentation of the namespace has never been read.</param>
    /// <param name="listed">The values of the organization in the namespace (see <see cref="LimitReplyReader"/>); null if the values could not be read.</param>
    /// <param name="previous">The finding of the previous read.</param>
    public static LimitFinding Of(
        LimitDefinition definition,
        ImmutableArray<DocumentedLimit>? documented,
        ImmutableDictionary<string, int?>? listed,
        LimitFinding previous,
        Instant readAt)
    {
        // Even an older value of the organization is more accurate than a default.
        if (listed is null && previous.Ceiling is { IsDefault: false })
        {
            return previous;
        }

        if (listed is null && documented is null)
        {
            return previous;
        }

        var matches = KeysOf(definition, documented ?? [], listed?.Keys ?? [])
            .Select(key => ValueOf(definition, key, documented ?? [], listed, previous.Ceiling, readAt))
            .OfType<LimitCeiling>()
            .ToList();
        var usable = matches.Where(ceiling => ceiling.Value >= definition.Smallest).ToList();
        return usable.DistinctBy(ceiling => ceiling.Value).Count() switch
        {
            1 => new(usable[0], null),
            > 1 => new(null, $"several limits match ({string.Join(", ", usable.Select(ceiling => ceiling.Key))})"),
            _ => new(null, matches is [var match, ..]
                ? $"{match.Key} is {match.Value}, which is too low to be this limit"
                : $"no limit in the namespace {definition.Namespace} was recognized as this limit"),
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
        LimitDefinition definition,
        string key,
        ImmutableArray<DocumentedLimit> documented,
        ImmutableDictionary<string, int?>? listed,
        LimitCeiling? previous,
        Instant readAt)
    {
        int? listedValue = null;
        var isListed = listed?.TryGetValue(key, out listedValue) == true;
        if (listedValue is { } value)
        {
            return new(value, definition.Namespace, key, IsDefault: false, readAt);
        }

        // The organization has a value, but it is unreadable. The value read before is more accurate than the default.
        if (isListed && previous is { IsDefault: false } && previous.Key == key)
        {
            return previous;
        }

        return documented.FirstOrDefault(limit => limit.Key == key)?.Default is { } documentedDefault
            ? new(documentedDefault, definition.Namespace, key, IsDefault: true, readAt)
            : previous is { IsDefault: true } && previous.Key == key && documented.Any(limit => limit.Key == key) ? previous : null;
    }
}
