using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Directories.Endpoints;

/// <summary>A page of users.</summary>
internal sealed record UsersResponse
{
    /// <summary>The users of this page, sorted by name, then id.</summary>
    public required IReadOnlyList<UserRecord> Records { get; init; }

    /// <summary>Pass it as <c>cursor</c> to get the next page. Absent on the last page.</summary>
    /// <example>YTkxODIxN2NkZmNmZTVjYiAwNWYxYzI4NS02Nzc3LTRjY2MtODA2Zi04ZGIwODVhZTA3OTMgQmlsbGluZyBERQ</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}

/// <summary>A user, such as an agent.</summary>
internal sealed record UserRecord
{
    /// <summary>The user's id in Genesys.</summary>
    /// <example>7c1a9e5e-2f5c-4f0a-9a52-0f1c7d9e3b10</example>
    public required string Id { get; init; }

    /// <summary>The user's name; the last known name if Genesys no longer lists the user, and the id if the user has no name.</summary>
    /// <example>Anna Schmidt</example>
    public required string Name { get; init; }

    /// <summary>True if the user is active in Genesys, false if the user is inactive or deleted; null if Genesys reports no state.</summary>
    /// <example>true</example>
    public required bool? Active { get; init; }

    /// <summary>When Genesys last listed the user.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    public required DateTime LastSeen { get; init; }

    /// <summary>True if Genesys lists the user.</summary>
    /// <example>true</example>
    public required bool Listed { get; init; }

    public static UserRecord From(NamedEntry user) => new()
    {
        Id = user.Id,
        Name = user.Name,
        Active = user.IsActive,
        LastSeen = user.LastSeen.ToRecordTime(),
        Listed = user.Listed,
    };
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(UsersResponse))]
internal sealed partial class UsersJson : JsonSerializerContext;
