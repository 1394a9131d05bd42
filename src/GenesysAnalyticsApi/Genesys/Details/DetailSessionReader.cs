using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Details;

/// <summary>Reads the sessions of a participant with their segments and metrics. Drops the unreadable parts, and reports each of them in a message.</summary>
internal static class DetailSessionReader
{
    // Genesys sends far fewer sessions, segments and metrics. The limits exist because even a small entry takes far more memory than its size in bytes.
    private const int MaxSessions = 500;
    private const int MaxSegments = 2_000;
    private const int MaxMetrics = 2_000;

    private const int MaxMetricNameLength = 50;

    /// <summary>The maximum value: about 30 years in milliseconds, which no timer and no count reaches.</summary>
    private const long MaxValue = 1_000_000_000_000;

    public static ImmutableArray<DetailSession> SessionsOf(JsonElement participant, DetailEntryReader entries, bool withPersonalData)
    {
        var sessions = ImmutableArray.CreateBuilder<DetailSession>();
        foreach (var (index, item) in entries.ItemsOf(participant, "sessions", MaxSessions).Index())
        {
            entries.Issues.Session = index + 1;
            if (item.ValueKind == JsonValueKind.Object)
            {
                sessions.Add(new DetailSession
                {
                    SessionId = entries.IdOf(item, "sessionId"),
                    MediaType = entries.NameOf(item, "mediaType"),
                    Direction = entries.NameOf(item, "direction"),
                    MessageType = entries.NameOf(item, "messageType"),
                    Segments = SegmentsOf(item, entries, withPersonalData),
                    Metrics = MetricsOf(item, entries),
                    PersonalData = withPersonalData ? DetailPersonalData.OfSession(item) : DetailPersonalData.None,
                });
            }
            else
            {
                entries.Issues.Dropped("it is not an object");
            }
        }

        entries.Issues.Session = 0;
        return sessions.DrainToImmutable();
    }

    private static ImmutableArray<DetailSegment> SegmentsOf(JsonElement session, DetailEntryReader entries, bool withPersonalData)
    {
        var segments = ImmutableArray.CreateBuilder<DetailSegment>();
        foreach (var (index, item) in entries.ItemsOf(session, "segments", MaxSegments).Index())
        {
            entries.Issues.Segment = index + 1;
            if (ReadSegment(item, entries, withPersonalData) is { } segment)
            {
                segments.Add(segment);
            }
        }

        entries.Issues.Segment = 0;
        return segments.DrainToImmutable();
    }

    private static DetailSegment? ReadSegment(JsonElement item, DetailEntryReader entries, bool withPersonalData)
    {
        if (ReplyText.InstantOf(item, "segmentStart") is not { } start)
        {
            entries.Issues.Dropped(item.ValueKind == JsonValueKind.Object ? "it has no usable 'segmentStart'" : "it is not an object");
            return null;
        }

        var end = ReplyText.InstantOf(item, "segmentEnd");
        if (end < start || (end is null && item.Member("segmentEnd") is { ValueKind: not JsonValueKind.Null }))
        {
            // If the segment were kept without its end, the customer would seem to be still waiting or talking.
            entries.Issues.Dropped("its 'segmentEnd' is not a time, or is before its start");
            return null;
        }

        return new DetailSegment
        {
            Type = entries.NameOf(item, "segmentType"),
            Start = start,
            End = end,
            QueueId = entries.IdOf(item, "queueId") is { } queue ? entries.Shared(queue) : null,
            DisconnectType = entries.NameOf(item, "disconnectType"),
            WrapUpCode = entries.IdOf(item, "wrapUpCode") is { } code ? entries.Shared(code) : null,
            PersonalData = withPersonalData ? DetailPersonalData.OfSegment(item) : DetailPersonalData.None,
        };
    }

    private static ImmutableArray<DetailMetric> MetricsOf(JsonElement session, DetailEntryReader entries)
    {
        var metrics = ImmutableArray.CreateBuilder<DetailMetric>();
        foreach (var (index, item) in entries.ItemsOf(session, "metrics", MaxMetrics).Index())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                entries.Issues.DroppedMetric(index + 1, "it is not an object");
            }
            else if (ReplyText.WordOf(item, "name", MaxMetricNameLength, out _) is { } name
                && ValueOf(item) is { } value
                && ReplyText.InstantOf(item, "emitDate") is { } emittedAt)
            {
                metrics.Add(new DetailMetric(entries.Shared(name), value, emittedAt));
            }
            else
            {
                entries.Issues.DroppedMetric(index + 1, string.Create(CultureInfo.InvariantCulture, $"it has no usable 'name', 'value' (0 to {MaxValue}) or 'emitDate'"));
            }
        }

        return metrics.DrainToImmutable();
    }

    // Numbers in quotes are accepted, as in all replies. Genesys sends no fractions, and durations and counts are never negative.
    private static long? ValueOf(JsonElement metric) =>
        metric.Number("value") is { } value && value == Math.Truncate(value) && value is >= 0 and <= MaxValue ? (long)value : null;
}
