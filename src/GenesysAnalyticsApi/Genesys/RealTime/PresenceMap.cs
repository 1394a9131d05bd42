using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.RealTime;

/// <summary>
/// Maps the ids of an organization's own presences to system presences, such as <c>AVAILABLE</c> or <c>BREAK</c>. Replies provide the mapping. This class keeps
/// it, because it hardly ever changes.
/// </summary>
internal sealed class PresenceMap
{
    /// <summary>The placeholder for the system presence if the mapping of a presence id is not known.</summary>
    public const string Unknown = "UNKNOWN";

    private const int MaxKnown = 10_000;

    private const int MaxNameLength = 100;

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private ImmutableDictionary<string, string> _systemPresences = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);
    private DateTimeOffset? _askedAt;

    /// <summary>Adds the mappings of a reply, from the organization's presences to system presences.</summary>
    public void Learn(IReadOnlyCollection<KeyValuePair<string, string>> presences)
    {
        if (presences.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            // SetItems accepts repeated mappings: many queues in a reply have the same mappings.
            var learned = _systemPresences.SetItems(presences);
            _systemPresences = learned.Count > MaxKnown ? _systemPresences : learned;
        }
    }

    /// <summary>
    /// Whether the mapping can be requested now. If so, the method assumes that the caller requests the mapping. Without this limit, an id that Genesys never
    /// maps would cause an additional Genesys request each time.
    /// </summary>
    public bool MayAsk(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_askedAt is { } asked && now >= asked && now - asked < AskAgainAfter)
            {
                return false;
            }

            _askedAt = now;
            return true;
        }
    }

    /// <summary>The system presence that the qualifiers of a figure state; null if it is not known.</summary>
    public string? Find(string? qualifier, string? secondaryQualifier)
    {
        var known = _systemPresences;
        return Mapped(qualifier) ?? Named(qualifier) ?? Mapped(secondaryQualifier) ?? Named(secondaryQualifier);

        string? Mapped(string? id) => id is not null && known.TryGetValue(id, out var name) ? name : null;
    }

    /// <summary>
    /// Finds mappings in figures about presences. The reply to a query for users can contain both the id and the system presence. A notification contains only
    /// the id.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> MappingsIn(IEnumerable<ActivityFigureKey> figures)
    {
        foreach (var figure in figures.Where(figure => figure.Metric == ActivityMetrics.UserPresences))
        {
            var (id, name) = Named(figure.Qualifier) is null ? (figure.Qualifier, Named(figure.SecondaryQualifier)) : (figure.SecondaryQualifier, Named(figure.Qualifier));
            if (name is not null && GenesysId.Is(id ?? ""))
            {
                yield return new(id!, name);
            }
        }
    }

    /// <summary>The name as Genesys writes system presences; null for an id.</summary>
    public static string? Named(string? text) => text is null or "" || GenesysId.Is(text) ? null : text.ToUpperInvariant().Replace(' ', '_').Replace('-', '_');

    /// <summary>The mappings of a reply with <c>systemToOrganizationMappings</c>, as the observations query returns them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> MappingsIn(JsonElement reply)
    {
        if (reply.Member("systemToOrganizationMappings") is not { ValueKind: JsonValueKind.Object } mappings)
        {
            yield break;
        }

        foreach (var mapping in mappings.EnumerateObject())
        {
            if (mapping.Value.ValueKind != JsonValueKind.Array || Named(ReplyJson.NameOf(mapping, MaxNameLength)) is not { } name)
            {
                continue;
            }

            foreach (var id in mapping.Value.EnumerateArray())
            {
                if (ReplyText.WordOf(id, MaxNameLength) is { } word)
                {
                    yield return new(word, name);
                }
            }
        }
    }
}
