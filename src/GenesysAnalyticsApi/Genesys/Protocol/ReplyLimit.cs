namespace GenesysAnalyticsApi.Genesys.Protocol;

/// <summary>The maximum size of a decompressed reply.</summary>
/// <param name="What">The subject of failure messages.</param>
/// <param name="Setting">The setting that raises the limit; null if the limit is fixed.</param>
internal sealed record ReplyLimit(long Bytes, string What, string? Setting = null)
{
    /// <summary>Limit for all headers of a reply; the headers that Genesys sends take less than 2 KiB.</summary>
    public const int HeaderKiB = 32;

    /// <summary>A token takes a few hundred bytes.</summary>
    public static ReplyLimit Token { get; } = new(64 * 1024, "The reply of the Genesys login");

    /// <summary>500 queues with all their media settings take 2 to 4 MiB.</summary>
    public static ReplyLimit QueuePage { get; } = new(32 * 1024 * 1024, "A page of the queue list");

    /// <summary>500 users with addresses, images and other data that is not read take a few MiB.</summary>
    public static ReplyLimit UserPage { get; } = new(32 * 1024 * 1024, "A page of the user list");

    public static ReplyLimit WrapUpCodePage { get; } = new(8 * 1024 * 1024, "A page of the list of wrap-up codes");

    /// <summary>Other replies, such as the list of limits, take a few KiB.</summary>
    public static ReplyLimit Small { get; } = new(1024 * 1024, "The Genesys reply");

    /// <summary>Figures and conversations.</summary>
    /// <param name="maxBytes">The value of <c>Genesys:MaxAnswerBytes</c>.</param>
    public static ReplyLimit Analytics(long maxBytes) => new(maxBytes, "The Genesys reply", "Genesys:MaxAnswerBytes");
}
