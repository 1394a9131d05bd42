namespace GenesysAnalyticsApi.Genesys.Requests;

/// <summary>A page of a Genesys list.</summary>
internal sealed record ListPage<T>(IReadOnlyList<T> Entities, int PageNumber, int PageCount, bool HasNext)
{
    /// <summary>Attempts sent to Genesys, including retries and replays.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>One message for each entry that was repaired or dropped.</summary>
    public IReadOnlyList<string> InvalidEntries { get; init; } = [];
}

/// <summary>The properties that the entries of every Genesys list have.</summary>
internal interface IGenesysEntity
{
    string Id { get; }

    string Name { get; }
}

/// <param name="ServiceLevels">Target and threshold per media type, by the names that analytics uses (<c>voice</c>, where the queue list has <c>call</c>).</param>
internal sealed record GenesysQueue(
    string Id,
    string Name,
    string? DivisionId,
    string? DivisionName,
    int? MemberCount,
    IReadOnlyDictionary<string, QueueServiceLevel> ServiceLevels) : IGenesysEntity;

/// <param name="Target">Fraction of conversations to answer within the threshold, 0–1.</param>
/// <param name="DurationMs">Threshold in milliseconds.</param>
internal sealed record QueueServiceLevel(double? Target, long? DurationMs);

/// <summary>A user or a wrap-up code. The service reads no other data about a user.</summary>
/// <param name="IsActive">False for an inactive or deleted user; null for a wrap-up code or an unknown state.</param>
internal sealed record GenesysName(string Id, string Name, bool? IsActive) : IGenesysEntity;
