using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>A limit as Genesys documents it for all organizations.</summary>
/// <param name="Default">The documented default; null if there is no usable default.</param>
internal sealed record DocumentedLimit(string Key, int? Default, string? Description);

/// <summary>
/// Reads the documentation of the limits and the list of limits in a namespace. An unreadable entry does not affect the other entries. The read fails only if
/// the body is not a documentation of limits or a list of limits.
/// </summary>
internal static class LimitReplyReader
{
    private const int MaxKeyLength = 200;

    // Only a few levels are needed. The time to parse a reply grows with the square of its depth, so a reply that is nested more deeply than this is rejected.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>Reads the documented limits of the namespaces of <see cref="LimitDefinition"/>.</summary>
    /// <returns>The limits by namespace: empty for a namespace that is not documented. A namespace with unreadable documentation is absent.</returns>
    /// <exception cref="GenesysException">The reply documents no namespace.</exception>
    public static async Task<ImmutableDictionary<string, ImmutableArray<DocumentedLimit>>> ReadDocumentationAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);
        var namespaces = ArrayOf(reply.RootElement, "namespaces");

        // The reply might only link to a page. Genesys documents dozens of namespaces, so a reply without any namespace contains no information about limits.
        if (namespaces is not [_, ..])
        {
            throw GenesysExceptionFactory.Unreadable("it documents no limits");
        }

        var documented = LimitDefinition.Namespaces.ToDictionary(name => name, _ => (List<JsonElement>?)[], StringComparer.Ordinal);
        foreach (var entry in namespaces.Where(entry => entry.ValueKind == JsonValueKind.Object))
        {
            if (ReplyText.WordOf(entry, "name", MaxKeyLength, out _) is { } name && documented.TryGetValue(name, out var known))
            {
                documented[name] = ArrayOf(entry, "limits") is { } limits && known is not null ? [.. known, .. limits] : null;
            }
        }

        return documented.Where(entry => entry.Value is not null)
            .ToImmutableDictionary(entry => entry.Key, entry => DocumentedOf(entry.Value!), StringComparer.Ordinal);
    }

    /// <summary>Reads the limits of the organization in one namespace.</summary>
    /// <returns>The values by key; null for a limit without a usable value.</returns>
    /// <exception cref="GenesysException">The reply contains no list of limits.</exception>
    public static async Task<ImmutableDictionary<string, int?>> ReadNamespaceAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);
        var entities = ArrayOf(reply.RootElement, "entities") ?? throw GenesysExceptionFactory.Unreadable("it has no list of limits");
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
        .Select(limit => (Key: ReplyText.WordOf(limit, "key", MaxKeyLength, out _), Limit: limit))
        .Where(limit => limit.Key is not null)
        .GroupBy(limit => limit.Key!, limit => limit.Limit, StringComparer.Ordinal);

    private static bool IsOf(JsonElement entity, string name) =>
        entity.ValueKind == JsonValueKind.Object && (entity.Member("namespace") is not { ValueKind: JsonValueKind.String } || entity.Text("namespace") == name);

    /// <summary>The value of several entries with the same key; null if the values differ.</summary>
    private static int? SameOrNull(IEnumerable<int?> values) => values.Distinct().ToList() is [var same] ? same : null;

    /// <summary>A limit is a whole number of at least 1. Any other value means that there is no limit, or its meaning is unknown.</summary>
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
            throw GenesysExceptionFactory.Unreadable("the list of limits is not valid JSON");
        }
    }
}
