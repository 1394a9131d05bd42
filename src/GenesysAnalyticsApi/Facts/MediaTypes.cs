using GenesysAnalyticsApi.Text;

namespace GenesysAnalyticsApi.Facts;

/// <summary>
/// Media types of the Genesys SDK (release 270, <c>AnalyticsSession.MediaTypeEnum</c>). Other media types in a reply are passed through
/// unchanged.
/// </summary>
internal static class MediaTypes
{
    public const string Callback = "callback";

    public static IReadOnlyList<string> Known { get; } =
    [
        "voice", "callback", "chat", "email", "message", "cobrowse", "screenshare", "screenmonitoring", "video", "internalmessage",
        "unknown",
    ];

    /// <summary>Common synonyms. Genesys counts the messages of all networks as one media type.</summary>
    public static Synonyms Synonyms { get; } = new(
        ("voice", "call calls phone phones phoneCall phoneCalls telephone telephony voiceCall voiceCalls pstn sip"),
        ("message", "messages messaging messenger sms mms rcs text whatsapp webMessaging webMessage webMessages webMessenger openMessaging openMessage facebook facebookMessenger instagram twitter line viber telegram appleMessages appleBusiness social socialMedia"),
        ("email", "mail mails emails"),
        ("chat", "chats webChat webChats liveChat"),
        ("callback", "callbacks"),
        ("cobrowse", "cobrowsing"),
        ("screenshare", "screenSharing"),
        ("screenmonitoring", "screenMonitor"),
        ("video", "videos videoCall videoCalls"),
        ("internalmessage", "internalMessages internalMessaging"));
}
