using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Details;
using NodaTime;

namespace GenesysAnalyticsApi.Tests.Reconciliation;

/// <summary>Synthetic conversations: an acd session and an agent session in one queue.</summary>
internal static class SampleConversations
{
    public const string Queue = "11111111-0000-4000-8000-000000000001";
    public const string Voice = "voice";

    public static readonly Instant Start = Instant.FromUtc(2026, 11, 16, 0, 0);

    /// <summary>The edges of the given number of hours from <see cref="Start"/>.</summary>
    public static ImmutableArray<Instant> Hours(int count) => [.. Enumerable.Range(0, count + 1).Select(hour => Start + Duration.FromHours(hour))];

    public static Instant At(double seconds) => Start + Duration.FromMilliseconds((long)(seconds * 1000));

    /// <summary>Offered, answered after the wait, and handled: talk, hold and after-call work. The handle time is emitted at the end.</summary>
    public static ConversationDetail Answered(Instant offered, long waitMs, long talkMs, long heldMs = 0, long acwMs = 0, string queue = Queue, string mediaType = Voice)
    {
        var answered = offered + Duration.FromMilliseconds(waitMs);
        var talked = answered + Duration.FromMilliseconds(talkMs);
        var hungUp = talked + Duration.FromMilliseconds(heldMs);
        var ended = hungUp + Duration.FromMilliseconds(acwMs);
        return Of(
            offered,
            ended,
            ("acd", mediaType, queue, offered, answered, [new("nOffered", 1, offered), new("tAcd", waitMs, answered)]),
            ("agent", mediaType, queue, answered, ended,
            [
                // As in real conversations, a little later than the end of the acd session.
                new("tAnswered", waitMs, answered + Duration.FromMilliseconds(17)),
                new("tTalkComplete", talkMs, talked),
                .. heldMs > 0 ? [new DetailMetric("tHeldComplete", heldMs, hungUp)] : Array.Empty<DetailMetric>(),
                .. acwMs > 0 ? [new DetailMetric("tAcw", acwMs, ended)] : Array.Empty<DetailMetric>(),
                new("tHandle", talkMs + heldMs + acwMs, ended),
            ]));
    }

    public static ConversationDetail Abandoned(Instant offered, long waitMs, string queue = Queue, string mediaType = Voice)
    {
        var left = offered + Duration.FromMilliseconds(waitMs);
        return Of(offered, left, ("acd", mediaType, queue, offered, left, [new("nOffered", 1, offered), new("tAcd", waitMs, left), new("tAbandon", waitMs, left)]));
    }

    public static ConversationDetail Of(
        Instant start, Instant? end, params (string Purpose, string? MediaType, string? Queue, Instant From, Instant? To, DetailMetric[] Metrics)[] sessions) => new()
        {
            Id = Guid.NewGuid().ToString(),
            Start = start,
            End = end,
            OriginatingDirection = "inbound",
            Participants =
        [
            .. sessions.Select(session => new DetailParticipant
            {
                Purpose = session.Purpose,
                UserId = session.Purpose == "agent" ? "22222222-0000-4000-8000-000000000001" : null,
                Sessions =
                [
                    new DetailSession
                    {
                        MediaType = session.MediaType,
                        Segments = [new DetailSegment { Type = "interact", Start = session.From, End = session.To, QueueId = session.Queue }],
                        Metrics = [.. session.Metrics],
                    },
                ],
            }),
        ],
        };
}
