using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Parsing;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>A limit as Genesys documents it for all organisations.</summary>
/// <param name="Default">Null if it is none that can be used.</param>
internal sealed record DocumentedLimit(string Key, int? Default, string? Description);

/// <summary>
/// Reads the documentation of the limits and the list of a namespace. An entry that cannot be read affects nothing but itself; only a body that is no such
/// reply fails.
/// </summary>
internal static class LimitReplyReader
{
    private const int MaxKeyLength = 200;

    // Only a few levels are read. Parsing takes time with the square of the depth, so a reply that is nested more deeply is not read at all.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>The documented limits of the namespaces of <see cref="LimitDefinition"/>.</summary>
    /// <returns>By namespace. One that is not documented is empty, one whose documentation cannot be read is absent.</returns>
    /// <exception cref="GenesysException">The reply documents no namespace at all.</exception>
    public static async Task<ImmutableDictionary<string, ImmutableArray<DocumentedLimit>>> ReadDocumentationAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);
        var namespaces = ArrayOf(reply.RootElement, "namespaces");

        // Also a reply that has a link to a page only. Genesys documents dozens of namespaces, so none at all would say nothing about the limits.
        if (namespaces is not [_, ..])
        {
            throw GenesysFailureFactory.Unreadable("it documents no limits");
        }

        var documented = LimitDefinition.Namespaces.ToDictionary(name => name, _ => (List<JsonElement>?)[], StringComparer.Ordinal);
        foreach (var one in namespaces.Where(one => one.ValueKind == JsonValueKind.Object))
        {
            if (DetailText.WordOf(one, "name", MaxKeyLength, out _) is { } name && documented.TryGetValue(name, out var known))
            {
                documented[name] = ArrayOf(one, "limits") is { } limits && known is not null ? [.. known, .. limits] : null;
            }
        }

        return documented.Where(one => one.Value is not null)
            .ToImmutableDictionary(one => one.Key, one => DocumentedOf(one.Value!), StringComparer.Ordinal);
    }

    /// <summary>The limits of the organisation in one namespace.</summary>
    /// <returns>By key. A limit whose value cannot be used is null.</returns>
    /// <exception cref="GenesysException">The reply is no list.</exception>
    public static async Task<ImmutableDictionary<string, int?>> ReadNamespaceAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);
        var entities = ArrayOf(reply.RootElement, "entities") ?? throw GenesysFailureFactory.Unreadable("it has no list of limits");
        return Keyed(entities.Where(entity => IsOf(entity, name)))
            .ToImmutableDictionary(limit => limit.Key, limit => SameOrNull(limit.Select(entity => ValueOf(entity, "value"))), StringComparer.Ordinal);
    }

    private static ImmutableArray<DocumentedLimit> DocumentedOf(List<JsonElement> limits) =>
    [
        .. Keyed(limits).Select(limit => new DocumentedLimit(
            limit.Key, SameOrNull(limit.Select(entry => ValueOf(entry, "defaultValue"))), limit.Select(entry => entry.Text("description")).FirstOrDefault(text => text is not null))),
    ];

    private static IEnumerable<IGrouping<string, JsonElement>> Keyed(IEnumerable<JsonElement> limits) => limits
        .Where(limit => limit.ValueKind == JsonValueKind.Object)
        .Select(limit => (Key: DetailText.WordOf(limit, "key", MaxKeyLength, out _), Limit: limit))
        .Where(limit => limit.Key is not null)
        .GroupBy(limit => limit.Key!, limit => limit.Limit, StringComparer.Ordinal);

    private static bool IsOf(JsonElement entity, string name) =>
        entity.ValueKind == JsonValueKind.Object && (entity.Member("namespace") is not { ValueKind: JsonValueKind.String } || entity.Text("namespace") == name);

    /// <summary>Entries of one key that contradict each other say nothing.</summary>
    private static int? SameOrNull(IEnumerable<int?> values) => values.Distinct().ToList() is [var same] ? same : null;

    /// <summary>A limit is a whole number from 1. Anything else is none, or says so in a way that is not known.</summary>
    private static int? ValueOf(JsonElement entry, string name) => entry.Integer(name) is { } value and >= 1 ? value : null;

    private static List<JsonElement>? ArrayOf(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.Member(name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : null;

    private static async Task<JsonDocument> ParseAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, Options, cancellationToken);
        }
        catch (JsonException)
        {
            // The exception's message would quote the reply.
            throw GenesysFailureFactory.Unreadable("the list of limits is not valid JSON");
        }
    }
}
