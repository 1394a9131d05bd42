namespace GenesysSimulator;

/// <summary>The names of all faults. README.md describes the faults.</summary>
public static class FaultNames
{
    public const string RateLimitSeconds = "rate-limit-seconds";
    public const string RateLimitDate = "rate-limit-date";
    public const string RateLimitHours = "rate-limit-hours";
    public const string RateLimitBare = "rate-limit-bare";
    public const string RevokedToken = "revoked-token";
    public const string MissingPermission = "missing-permission";
    public const string ServerError = "server-error";
    public const string BadGatewayHtml = "bad-gateway-html";
    public const string Unavailable = "unavailable";
    public const string UnavailableAfter = "unavailable-after";
    public const string GatewayTimeout = "gateway-timeout";
    public const string Redirect = "redirect";
    public const string Slow = "slow";
    public const string Hang = "hang";
    public const string CutBody = "cut-body";
    public const string CutChunks = "cut-chunks";
    public const string HtmlAnswer = "html-answer";
    public const string TruncatedJson = "truncated-json";
    public const string RefusedMetric = "refused-metric";
    public const string RefusedViews = "refused-views";
    public const string TooLarge = "too-large";
    public const string UnknownMetric = "unknown-metric";
    public const string UnknownMediaType = "unknown-media-type";
    public const string MissingMin = "missing-min";
    public const string MissingViews = "missing-views";
    public const string MissingResults = "missing-results";
    public const string GroupWithoutQueue = "group-without-queue";
    public const string ForeignBucket = "foreign-bucket";
    public const string RepeatedPage = "repeated-page";
    public const string EmptyPage = "empty-page";
    public const string WrongPageCount = "wrong-page-count";
    public const string ForeignNextUri = "foreign-next-uri";
    public const string TokenThrottled = "token-throttled";
    public const string TokenError = "token-error";
    public const string WrongClock = "wrong-clock";
    public const string TooLargeAt = "too-large-at";
    public const string JobFailed = "job-failed";
    public const string JobExpired = "job-expired";
    public const string JobState = "job-state";
    public const string JobSlow = "job-slow";
    public const string JobWithoutId = "job-without-id";
    public const string RepeatedCursor = "repeated-cursor";
    public const string EmptyJobPage = "empty-job-page";
    public const string EndlessPages = "endless-pages";
    public const string ResultsNotReady = "results-not-ready";
    public const string MovingTotalHits = "moving-total-hits";
    public const string RepeatedRecord = "repeated-record";
    public const string MovedRecord = "moved-record";
    public const string ShortPage = "short-page";
    public const string UnknownPurpose = "unknown-purpose";
    public const string RecordWithoutParticipants = "record-without-participants";
    public const string RecordWithoutId = "record-without-id";
    public const string MetricWithoutDate = "metric-without-date";
    public const string SegmentWithoutQueue = "segment-without-queue";
    public const string Watermark = "watermark";
    public const string IntervalDays = "interval-days";
    public const string BadGatewayAfter = "bad-gateway-after";

    public const string NullEntries = "null-entries";
    public const string WrongTypes = "wrong-types";
    public const string RepeatedGroup = "repeated-group";
    public const string ContradictoryGroup = "contradictory-group";
    public const string OddNumbers = "odd-numbers";
    public const string UnknownQualifier = "unknown-qualifier";
    public const string LostMessage = "lost-message";
    public const string RepeatedMessage = "repeated-message";
    public const string GarbledMessage = "garbled-message";
    public const string MissingHeartbeat = "missing-heartbeat";
    public const string MissingPong = "missing-pong";
    public const string SocketDropped = "socket-dropped";
    public const string SocketRefused = "socket-refused";
    public const string SystemMessage = "system-message";
    public const string SocketClosing = "socket-closing";
    public const string ExpiredChannel = "expired-channel";
    public const string RejectedTopic = "rejected-topic";

    /// <summary>The faults that exist only for real-time queries.</summary>
    public static IReadOnlyList<string> OfRealTime { get; } =
        [NullEntries, WrongTypes, RepeatedGroup, ContradictoryGroup, OddNumbers, UnknownQualifier];

    /// <summary>The faults that exist only for notification channels.</summary>
    public static IReadOnlyList<string> OfNotifications { get; } =
    [
        LostMessage, RepeatedMessage, GarbledMessage, MissingHeartbeat, MissingPong, SocketDropped, SocketRefused, SocketClosing,
        SystemMessage, ExpiredChannel, RejectedTopic,
    ];

    /// <summary>The faults that exist only for conversation details.</summary>
    public static IReadOnlyList<string> OfDetails { get; } =
    [
        MovingTotalHits, RepeatedRecord, MovedRecord, ShortPage, UnknownPurpose, RecordWithoutParticipants, RecordWithoutId, MetricWithoutDate,
        SegmentWithoutQueue, Watermark, IntervalDays, BadGatewayAfter,
    ];

    public static IReadOnlyList<string> All { get; } =
    [
        RateLimitSeconds, RateLimitDate, RateLimitHours, RateLimitBare, RevokedToken, MissingPermission, ServerError, BadGatewayHtml,
        Unavailable, UnavailableAfter, GatewayTimeout, Redirect, Slow, Hang, CutBody, CutChunks, HtmlAnswer, TruncatedJson, RefusedMetric,
        RefusedViews, TooLarge, UnknownMetric, UnknownMediaType, MissingMin, MissingViews, MissingResults, GroupWithoutQueue, ForeignBucket,
        RepeatedPage, EmptyPage, WrongPageCount, ForeignNextUri, TokenThrottled, TokenError, WrongClock, TooLargeAt, JobFailed, JobExpired,
        JobState, JobSlow, JobWithoutId, RepeatedCursor, EmptyJobPage, EndlessPages, ResultsNotReady, .. OfDetails, .. OfRealTime,
        .. OfNotifications,
    ];
}
