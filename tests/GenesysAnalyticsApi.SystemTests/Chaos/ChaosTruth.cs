using System.Collections.Concurrent;
using GenesysSimulator.World;

namespace GenesysAnalyticsApi.SystemTests.Chaos;

/// <summary>What really happened in the simulated contact center: counts the conversations themselves, bypassing HTTP and all faults.</summary>
internal sealed class ChaosTruth(SimulatedWorld world)
{
    private static readonly string[] Media = ["voice", "callback", "chat", "email", "message"];

    private static readonly (string Field, string Metric)[] Counts =
    [
        ("offered", "nOffered"), ("outbound", "nOutbound"), ("connected", "nConnected"), ("overServiceLevel", "nOverSla"), ("transferred", "nTransferred"),
        ("errors", "nError"), ("answered", "tAnswered"), ("abandoned", "tAbandon"), ("flowOut", "tFlowOut"), ("handled", "tHandle"),
        ("serviceLevelDenominator", "oServiceLevel"),
    ];

    private static readonly (string Field, string Metric)[] Sums =
    [
        ("totalHandleTimeMs", "tHandle"), ("talkTimeMs", "tTalkComplete"), ("holdTimeMs", "tHeldComplete"), ("wrapTimeMs", "tAcw"), ("waitTimeMs", "tWait"),
        ("alertTimeMs", "tAlert"), ("dialingTimeMs", "tDialing"), ("contactingTimeMs", "tContacting"), ("flowOutTimeMs", "tFlowOut"),
        ("serviceLevelNumerator", "oServiceLevel"),
    ];

    // The figures of a bucket do not change once the bucket is over, because no event is dated before it happens.
    private readonly ConcurrentDictionary<(Guid Queue, string Media, DateTimeOffset From, DateTimeOffset To, DateTimeOffset Now), IReadOnlyDictionary<string, long>> _known = new();

    public static IEnumerable<string> Fields => Counts.Concat(Sums).Select(pair => pair.Field);

    /// <summary>The figures of one record in [from, to) as of <paramref name="now"/>; null dimensions are merged.</summary>
    public IReadOnlyDictionary<string, long> Of(string? queueId, string? mediaType, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, bool onlyListed = false)
    {
        var sum = Fields.ToDictionary(field => field, _ => 0L, StringComparer.Ordinal);
        foreach (var queue in world.Queues.Where(queue => (queueId is null || queue.WireId == queueId) && (queue.IsListed || !onlyListed)))
        {
            foreach (var media in Media.Where(media => mediaType is null || media == mediaType))
            {
                foreach (var (begin, end) in Pieces(from, now < to ? now.AddMilliseconds(1) : to))
                {
                    foreach (var (field, value) in Of(queue.Id, media, begin, end, now < end ? now : end))
                    {
                        sum[field] += value;
                    }
                }
            }
        }

        return sum;
    }

    /// <summary>The expected records, by queue and media type, each null if merged.</summary>
    public IEnumerable<(string? QueueId, string? MediaType)> Keys(ChaosQuery query)
    {
        var byQueue = query.GroupBy.Contains("queueId", StringComparison.Ordinal);
        var byMedia = query.GroupBy.Contains("mediaType", StringComparison.Ordinal);
        return world.Queues.Where(queue => query.QueueId is null || queue.WireId == query.QueueId)
            .SelectMany(queue => Media.Where(media => query.MediaType is null || media == query.MediaType)
                .Select(media => (QueueId: byQueue ? queue.WireId : null, MediaType: byMedia ? media : null)))
            .Distinct();
    }

    /// <summary>Divides an interval into whole days and whole hours where possible, because many queries share them.</summary>
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Pieces(DateTimeOffset from, DateTimeOffset to)
    {
        while (from < to)
        {
            var next = from.TimeOfDay == TimeSpan.Zero && from.AddDays(1) <= to ? from.AddDays(1) : from.AddTicks(TimeSpan.TicksPerHour - (from.Ticks % TimeSpan.TicksPerHour));
            yield return (from, next < to ? next : to);
            from = next;
        }
    }

    private IReadOnlyDictionary<string, long> Of(Guid queue, string media, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now) =>
        _known.GetOrAdd((queue, media, from, to, now), key =>
        {
            var figures = world.Figures(key.Queue, key.Media, key.From, key.To, key.Now);
            var fields = Counts.ToDictionary(pair => pair.Field, pair => figures.GetValueOrDefault(pair.Metric)?.Count ?? 0, StringComparer.Ordinal);
            Array.ForEach(Sums, pair => fields[pair.Field] = figures.GetValueOrDefault(pair.Metric)?.Sum ?? 0);
            return fields;
        });
}
