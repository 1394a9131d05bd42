using System.Text.Json.Nodes;
using static GenesysAnalyticsApi.SystemTests.Simulating.Details.DetailCount;

namespace GenesysAnalyticsApi.SystemTests.Simulating.RealTime;

/// <summary>
/// Counts the state at an instant from the detail records of that instant, independently of the simulator except for one rule: an e-mail that never
/// leaves its queue counts for 26 hours.
/// </summary>
internal sealed class LiveCount
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(26);

    private LiveCount()
    {
    }

    /// <summary>Figures by queue, media type and metric. The longest wait and interaction are given by their start, in milliseconds since 1970.</summary>
    public SortedDictionary<string, long> Figures { get; } = new(StringComparer.Ordinal);

    /// <summary>The routing status of each user with a session, or with an alert that ended unanswered less than 30 s ago.</summary>
    public Dictionary<string, string> Statuses { get; } = new(StringComparer.Ordinal);

    public static async Task<LiveCount> OfAsync(SimulatedOrganization organization)
    {
        var (now, count) = (organization.Clock.GetUtcNow(), new LiveCount());
        foreach (var participant in (await organization.DetailsAsync(now.AddHours(-28), now.AddMinutes(1))).SelectMany(record => record["participants"]!.AsArray()))
        {
            var media = participant!["sessions"]![0]!["mediaType"]!.GetValue<string>();
            var segments = Segments(participant).ToList();
            switch ((string?)participant["purpose"])
            {
                case "acd" when segments[^1]["segmentEnd"] is null && now - Instant(segments[^1]["segmentStart"]!) < Forgotten:
                    count.Add(segments[^1], media, "oWaiting", "oLongestWaiting", Instant(segments[^1]["segmentStart"]!));
                    break;
                case "agent":
                    count.AddAgent(participant, segments, media, now);
                    break;
            }
        }

        return count;
    }

    private void AddAgent(JsonNode participant, List<JsonNode> segments, string media, DateTimeOffset now)
    {
        var userId = (string?)participant["userId"];
        foreach (var open in segments.Where(segment => segment["segmentEnd"] is null))
        {
            var type = (string?)open["segmentType"];
            if (type == "alert")
            {
                Add(open, media, "oAlerting");
                Raise(userId, "IDLE");
                continue;
            }

            Raise(userId, open["queueId"] is null ? "COMMUNICATING" : "INTERACTING");
            if (type is "interact" or "hold")
            {
                var since = segments.Where(segment => (string?)segment["segmentType"] is "interact" or "hold").Min(segment => Instant(segment["segmentStart"]!));
                Add(open, media, "oInteracting", "oLongestInteracting", since);
            }
        }

        var unanswered = participant["sessions"]![0]!["metrics"]?.AsArray().FirstOrDefault(metric => (string?)metric!["name"] == "tNotResponding");
        if (unanswered is not null && now - Instant(unanswered["emitDate"]!) < TimeSpan.FromSeconds(30))
        {
            Raise(userId, "NOT_RESPONDING");
        }
    }

    private void Add(JsonNode segment, string media, string metric, string? longest = null, DateTimeOffset since = default)
    {
        if ((string?)segment["queueId"] is not { } queueId)
        {
            return;
        }

        var key = RealTimeQueries.Key(queueId, media, metric);
        Figures[key] = Figures.GetValueOrDefault(key) + 1;
        if (longest is not null)
        {
            key = RealTimeQueries.Key(queueId, media, longest);
            Figures[key] = Math.Min(Figures.GetValueOrDefault(key, long.MaxValue), since.ToUnixTimeMilliseconds());
        }
    }

    private void Raise(string? userId, string status)
    {
        string[] ranks = ["NOT_RESPONDING", "IDLE", "COMMUNICATING", "INTERACTING"];
        if (userId is not null && Array.IndexOf(ranks, status) > Array.IndexOf(ranks, Statuses.GetValueOrDefault(userId)))
        {
            Statuses[userId] = status;
        }
    }
}
