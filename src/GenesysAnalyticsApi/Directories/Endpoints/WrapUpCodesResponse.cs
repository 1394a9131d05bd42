using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>A page of wrap-up codes.</summary>
internal sealed record WrapUpCodesResponse
{
    /// <summary>The codes of this page, sorted by name, then id.</summary>
    public required IReadOnlyList<WrapUpCodeRecord> Records { get; init; }

    /// <summary>Pass it as <c>cursor</c> to get the next page. Absent on the last page.</summary>
    /// <example>YTkxODIxN2NkZmNmZTVjYiAwNWYxYzI4NS02Nzc3LTRjY2MtODA2Zi04ZGIwODVhZTA3OTMgQmlsbGluZyBERQ</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}

/// <summary>A wrap-up code: the reason or result that an agent assigns to an interaction after it ends.</summary>
internal sealed record WrapUpCodeRecord
{
    /// <summary>The code's id in Genesys.</summary>
    /// <example>3e0d2f6a-8b7c-4d52-9a37-5b1f0c2d4e68</example>
    public required string Id { get; init; }

    /// <summary>The code's name; the last known name if Genesys no longer lists the code, and the id if the listed code has no name.</summary>
    /// <example>Sale</example>
    public required string Name { get; init; }

    /// <summary>When Genesys last listed the code.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    public required DateTime LastSeen { get; init; }

    /// <summary>True if Genesys lists the code; false for a deleted code.</summary>
    /// <example>true</example>
    public required bool Listed { get; init; }

    public static WrapUpCodeRecord From(NamedEntry code) => new()
    {
        Id = code.Id,
        Name = code.Name,
        LastSeen = code.LastSeen.ToRecordTime(),
        Listed = code.Listed,
    };
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(WrapUpCodesResponse))]
internal sealed partial class WrapUpCodesJson : JsonSerializerContext;
