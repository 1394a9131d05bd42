using System.Text.Json.Serialization;

namespace GenesysAnalyticsApi.Hosting.Health;

/// <summary>`ok`, `degraded` (it works in part) or `down`.</summary>
internal enum ComponentStatus
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("degraded")]
    Degraded,

    [JsonStringEnumMemberName("down")]
    Down,
}

/// <param name="Since">When it became so, where that is known.</param>
/// <param name="Reason">One sentence on why it is not ok and what to change, where that is known.</param>
internal sealed record ComponentHealth(ComponentStatus Condition, DateTimeOffset? Since = null, string? Reason = null);

/// <summary>
/// One thing that <c>/health/ready</c> tells of. A feature registers its own as a singleton; the state comes from memory, since it is
/// asked every few seconds by whoever balances the load.
/// </summary>
/// <param name="Name">Its name in the body.</param>
/// <param name="IsRequired">Whether the service cannot answer while it is down. Never for Genesys: stale, labelled answers are needed exactly then.</param>
internal sealed record ReadinessCheck(string Name, bool IsRequired, Func<ComponentHealth> Read);
