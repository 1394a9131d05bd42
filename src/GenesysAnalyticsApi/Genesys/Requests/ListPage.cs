namespace GenesysAnalyticsApi.Genesys.Requests;

/// <summary>A page of a Genesys list.</summary>
internal sealed record ListPage<T>(IReadOnlyList<T> Entities, int PageNumber, int PageCount, bool HasNext)
{
    /// <summary>Attempts sent to Genesys, including retries and replays.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>One message for each problem with an entry that was repaired or dropped, at most 1,000 messages.</summary>
    public IReadOnlyList<string> InvalidEntries { get; init; } = [];
}

/// <summary>The properties that the entries of every Genesys list have.</summary>
internal interface IGenesysEntity
{
    string Id { get; }

    string Name { get; }
}

/// <param name="ServiceLevels">
/// Target and threshold per media type. The media types have the names that analytics uses (<c>voice</c> instead of the <c>call</c> of the queue list).
/// </param>
internal sealed record GenesysQueue(
    string Id,
    string Name,
    string? DivisionId,
    string? DivisionName,
    int? MemberCount,
    IReadOnlyDictionary<string, QueueServiceLevel> ServiceLevels) : IGenesysEntity;

/// <param name="Target">Fraction of conversations that should be answered within the threshold, 0–1.</param>
/// <param name="DurationMs">Threshold in milliseconds.</param>
internal sealed record QueueServiceLevel(double? Target, long? DurationMs);

/// <summary>A user or a wrap-up code. The service reads no other data from the user list.</summary>
/// <param name="IsActive">False for an inactive or deleted user; null for a wrap-up code or an unknown state.</param>
internal sealed record GenesysName(string Id, string Name, bool? IsActive) : IGenesysEntity;
