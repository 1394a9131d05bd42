using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Limits;

/// <summary>A limit as Genesys documents it for all organizations.</summary>
/// <param name="Default">Null if there is no usable default.</param>
internal sealed record DocumentedLimit(string Key, int? Default, string? Description);

/// <summary>
/// Reads the documentation of the limits and the list of a namespace. An unreadable entry does not affect the others; the read fails only if the body is not
/// a reply of this kind.
/// </summary>
internal static class LimitReplyReader
{
    private const int MaxKeyLength = 200;

    // Only a few levels are needed. The time to parse a reply grows with the square of its depth, so a reply that is nested more deeply is rejected.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>Reads the documented limits of the namespaces of <see cref="LimitDefinition"/>.</summary>
    /// <returns>The limits by namespace: empty for a namespace that is not documented. A namespace whose documentation is unreadable is absent.</returns>
    /// <exception cref="GenesysException">The reply documents no namespace.</exception>
    public static async Task<ImmutableDictionary<string, ImmutableArray<DocumentedLimit>>> ReadDocumentationAsync(Stream body, CancellationToken cancellationToken)
    {
        using var reply = await ParseAsync(body, cancellationToken);
        var namespaces = ArrayOf(reply.RootElement, "namespaces");

        // The reply may only link to a page. Genesys documents dozens of namespaces, so a reply without any namespace says nothing about the limits.
        if (namespaces is not [_, ..])
        {
            throw GenesysFailureFactory.Unreadable("it documents no limits");
        }

        var documented = LimitDefinition.Namespaces.ToDictionary(name => name, _ => (List<JsonElement>?)[], StringComparer.Ordinal);
        foreach (var one in namespaces.Where(one => one.ValueKind == JsonValueKind.Object))
        {
            if (ReplyText.WordOf(one, "name", MaxKeyLength, out _) is { } name && documented.TryGetValue(name, out var known))
            {
                documented[name] = ArrayOf(one, "limits") is { } limits && known is not null ? [.. known, .. limits] : null;
            }
        }

        return documented.Where(one => one.Value is not null)
            .ToImmutableDictionary(one => one.Key, one => DocumentedOf(one.Value!), StringComparer.Ordinal);
    }

    /// <summary>Reads the limits of the organization in one namespace.</summary>
    /// <returns>The values by key; null for a limit without a usable value.</returns>
    /// <exception cref="GenesysException">The reply has no list.</exception>
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
        .Select(limit => (Key: ReplyText.WordOf(limit, "key", MaxKeyLength, out _), Limit: limit))
        .Where(limit => limit.Key is not null)
        .GroupBy(limit => limit.Key!, limit => limit.Limit, StringComparer.Ordinal);

    private static bool IsOf(JsonElement entity, string name) =>
        entity.ValueKind == JsonValueKind.Object && (entity.Member("namespace") is not { ValueKind: JsonValueKind.String } || entity.Text("namespace") == name);

    /// <summary>The value of entries with the same key; null if they contradict each other.</summary>
    private static int? SameOrNull(IEnumerable<int?> values) => values.Distinct().ToList() is [var same] ? same : null;

    /// <summary>A limit is a whole number of at least 1. Any other value means that there is no limit, or has an unknown meaning.</summary>
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
