using System.Text.Json.Serialization;
using GenesysAnalyticsApi.Directories.Endpoints;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Queues;

/// <summary>A page of queues.</summary>
internal sealed record QueuesResponse
{
    /// <summary>The queues of this page, sorted by name, then id.</summary>
    public required IReadOnlyList<QueueRecord> Records { get; init; }

    /// <summary>Pass it as <c>cursor</c> to get the next page. Absent on the last page.</summary>
    /// <example>YTkxODIxN2NkZmNmZTVjYiAwNWYxYzI4NS02Nzc3LTRjY2MtODA2Zi04ZGIwODVhZTA3OTMgQmlsbGluZyBERQ</example>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NextCursor { get; init; }
}

/// <summary>A queue.</summary>
internal sealed record QueueRecord
{
    /// <summary>The queue's id in Genesys.</summary>
    /// <example>05f1c285-6777-4ccc-806f-8db085ae0793</example>
    public required string Id { get; init; }

    /// <summary>The queue's name; the last known name if Genesys no longer lists the queue.</summary>
    /// <example>Customer Service</example>
    public required string Name { get; init; }

    /// <summary>The id of the queue's division.</summary>
    /// <example>2f1c6e5a-6a5b-4c0e-9d53-0b7d5f0f5c11</example>
    public required string? DivisionId { get; init; }

    /// <summary>The name of the queue's division.</summary>
    /// <example>Europe</example>
    public required string? DivisionName { get; init; }

    /// <summary>The number of agents who are members of the queue.</summary>
    /// <example>26</example>
    public required int? MemberCount { get; init; }

    /// <summary>The service level target by media type.</summary>
    /// <example>{ "voice": { "target": 0.8, "durationMs": 20000 } }</example>
    public required IReadOnlyDictionary<string, QueueServiceLevelRecord> ServiceLevels { get; init; }

    /// <summary>When Genesys last listed the queue.</summary>
    /// <example>2026-11-23T09:15:02Z</example>
    public required DateTime LastSeen { get; init; }

    /// <summary>True if Genesys lists the queue; false for a deleted queue.</summary>
    /// <example>true</example>
    public required bool Listed { get; init; }

    public static QueueRecord From(QueueEntry queue) => new()
    {
        Id = queue.Id,
        Name = queue.Name,
        DivisionId = queue.DivisionId,
        DivisionName = queue.DivisionName,
        MemberCount = queue.MemberCount,
        ServiceLevels = new SortedDictionary<string, QueueServiceLevelRecord>(
            queue.ServiceLevels.ToDictionary(
                level => level.Key,
                level => new QueueServiceLevelRecord { Target = level.Value.Target, DurationMs = level.Value.DurationMs }),
            StringComparer.Ordinal),
        LastSeen = queue.LastSeen.ToRecordTime(),
        Listed = queue.Listed,
    };
}

/// <summary>A service level target: the fraction of interactions that must be answered within a given time.</summary>
internal sealed record QueueServiceLevelRecord
{
    /// <summary>The target fraction, 0–1.</summary>
    /// <example>0.8</example>
    public required double? Target { get; init; }

    /// <summary>The time within which they must be answered, in milliseconds.</summary>
    /// <example>20000</example>
    public required long? DurationMs { get; init; }
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(QueuesResponse))]
[JsonSerializable(typeof(QueueCandidate[]))]
internal sealed partial class QueuesJson : JsonSerializerContext;
