namespace GenesysAnalyticsApi.Catalog;

/// <summary>
/// Media types that Genesys' SDK names (release 270, <c>AnalyticsSession.MediaTypeEnum</c>). An answer may bring others: they
/// are passed on as they are.
/// </summary>
internal static class MediaTypes
{
    public const string Callback = "callback";

    public static IReadOnlyList<string> Known { get; } =
    [
        "voice", "callback", "chat", "email", "message", "cobrowse", "screenshare", "screenmonitoring", "video", "internalmessage",
        "unknown",
    ];
}
