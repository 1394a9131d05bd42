using CsCheck;
using GenesysAnalyticsApi.Tests.Infrastructure;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Aggregates.Infrastructure;

/// <summary>One event of a metric.</summary>
/// <param name="QueueId">Null for a session without a queue.</param>
/// <param name="Value">
/// The time in ms for a timer, and 1 (hit) or 0 (miss) for a ratio. Identifies the conversation for <c>nConversations</c>, which counts distinct values.
/// </param>
internal readonly record struct FakeEvent(string? QueueId, string MediaType, Instant At, string Metric, long Value = 0, string Direction = "inbound")
{
    private static readonly string?[] MessageTypes = ["whatsapp", "sms", "CarrierPigeon", null];

    /// <summary>A known type, an unknown type or null for messages; null for other media types.</summary>
    public string? MessageType => MediaType == "message" ? MessageTypes[(int)(At.ToUnixTimeMilliseconds() / 1000 % MessageTypes.Length)] : null;

    /// <summary>Null for events outside agent sessions, and for some events of agent sessions.</summary>
    public string? UserId => IsOfAgent(Metric) ? FakeEvents.UserIds[(int)(Value % FakeEvents.UserIds.Length)] : null;

    /// <summary>Null for events outside agent sessions, and for some events of agent sessions.</summary>
    public string? WrapUpCode => IsOfAgent(Metric) ? FakeEvents.WrapUpCodes[(int)(Value / 10 % FakeEvents.WrapUpCodes.Length)] : null;

    public static bool IsOfAgent(string metric) => metric is "tAlert" or "tAnswered" or "tTalk" or "tTalkComplete" or "tHeldComplete" or "tAcw" or "tHandle"
        or "tDialing" or "tContacting" or "nTransferred" or "nBlindTransferred" or "nConsultTransferred" or "nConsult" or "nOutbound";
}

/// <summary>A user or a wrap-up code that the fake Genesys lists.</summary>
/// <param name="Name">Null for a code without a name.</param>
/// <param name="State">The state as Genesys names it; null for a wrap-up code.</param>
internal sealed record FakeName(string Id, string? Name, string? State = null);

internal sealed record FakeQueue(string Id, string Name, int? Division)
{
    public string? DivisionId => Division is { } number ? $"d0000000-0000-4000-8000-00000000000{number}" : null;

    public string? DivisionName => Division is { } number ? $"Division {number}" : null;
}

/// <summary>A small contact center with random events of the last seven weeks. The events cover all metrics of the standard group.</summary>
internal static class FakeEvents
{
    /// <summary>The replies contain events of this metric, although no request names it. The metric must not produce a row.</summary>
    public const string UnknownMetric = "tQuantumWait";

    /// <summary>Genesys sends no <c>min</c> for timers of this media type.</summary>
    public const string MediaWithoutMin = "email";

    /// <summary>Genesys sends no <c>max</c> for timers of this media type.</summary>
    public const string MediaWithoutMax = "message";

    public static readonly IReadOnlyList<FakeQueue> Queues =
    [
        new("a0000000-0000-4000-8000-000000000001", "Billing", 1),
        new("a0000000-0000-4000-8000-000000000002", "Sales North", 2),
        new("a0000000-0000-4000-8000-000000000003", "sales South", 1),
        new("a0000000-0000-4000-8000-000000000004", "日本語サポート", null),
    ];

    /// <summary>A queue that has figures but is not in the listing.</summary>
    public const string Unlisted = "a0000000-0000-4000-8000-000000000009";

    public static readonly string[] QueueIds = [.. Queues.Select(queue => queue.Id), Unlisted];

    public static readonly string?[] UserIds = ["e0000000-0000-4000-8000-000000000001", "e0000000-0000-4000-8000-000000000002", "e0000000-0000-4000-8000-000000000003", null];

    public static readonly string?[] WrapUpCodes = ["f0000000-0000-4000-8000-000000000001", "ININ-WRAP-UP-TIMEOUT", null];

    private static readonly string[] MediaTypes = ["voice", "voice", "callback", "email", "message", "hologram"];

    private static readonly string[] Metrics =
    [
        "nOffered", "nOffered", "nOffered", "tAnswered", "tAnswered", "tAbandon", "tShortAbandon", "tFlowOut", "tWait", "tHandle", "tHandle",
        "tTalkComplete", "tHeldComplete", "tAcw", "tDialing", "tContacting", "tAlert", "nOutbound", "nConnected", "nOverSla", "nTransferred",
        "nBlindTransferred", "nConsultTransferred", "nError", "oServiceLevel", "oServiceLevel", "tTalk", "nConsult", "nOutboundAttempted",
        "oCallbackServiceLevel", "nConversations", UnknownMetric,
    ];

    /// <summary>
    /// Generates events: half of them in the last three days, half in the last seven weeks. Many are exactly at bucket boundaries. None is in the last minute.
    /// </summary>
    public static Gen<FakeEvent> Before(Instant now) =>
        from queue in GenChoice.OneOf([.. QueueIds, null])
        from media in GenChoice.OneOf(MediaTypes)
        from metric in GenChoice.OneOf(Metrics)
        from back in Gen.Frequency((1, Gen.Long[60_000, 3 * 86_400_000L]), (1, Gen.Long[60_000, 49 * 86_400_000L]))
        from snap in GenChoice.OneOf(1L, 1L, 300_000L, 3_600_000L)
        from value in Gen.Long[0, 600_000]
        from direction in GenChoice.OneOf("inbound", "outbound")
        select new FakeEvent(
            queue, media, Instant.FromUnixTimeMilliseconds((now.ToUnixTimeMilliseconds() - back) / snap * snap), metric,
            metric[0] == 'o' ? value % 2 : metric == "nConversations" ? value % 5 : value, direction);
}
