using System.Buffers;
using System.Text;
using System.Text.Json;
using GenesysSimulator.RealTime;
using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;
using GenesysSimulator.World.Live;

namespace GenesysSimulator.Notifications;

/// <summary>A message about a queue.</summary>
internal sealed record QueueMessage(QueueTopic Topic, byte[] Bytes);

/// <summary>
/// Creates the messages about queues. An activity message contains the complete state of a queue, and an observations message that of one group. A message
/// is due when this state has changed. Not thread-safe.
/// </summary>
internal sealed class QueueMessages(SimulatedWorld world)
{
    private static readonly string[] CountMetrics = ["oWaiting", "oAlerting", "oInteracting"];
    private static readonly string[] LongestMetrics = ["oLongestWaiting", "oLongestInteracting"];
    private static readonly string[] UserMetricNames =
        ["oMemberUsers", "oActiveUsers", "oOnQueueUsers", "oOffQueueUsers", "oUserPresences", "oUserRoutingStatuses"];

    private readonly ILookup<string, (ConversationStream Stream, int Index)> _streams = world.Streams.Select((stream, index) => (Stream: stream, index))
        .Where(pair => pair.Stream.Queue is not null).ToLookup(pair => pair.Stream.Queue!.WireId, StringComparer.Ordinal);

    private readonly Dictionary<string, SimulatedQueue> _queues = world.Queues.ToDictionary(queue => queue.WireId, StringComparer.Ordinal);
    private readonly Dictionary<QueueTopic, Dictionary<string, byte[]>> _known = [];
    private long _number;

    /// <summary>Returns the messages that are due. As in Genesys, the first state of a topic is remembered but not sent.</summary>
    public IReadOnlyList<QueueMessage> Due(DateTimeOffset now, IReadOnlySet<QueueTopic> topics)
    {
        foreach (var unsubscribed in _known.Keys.Where(topic => !topics.Contains(topic)).ToList())
        {
            _known.Remove(unsubscribed);
        }

        var due = new List<QueueMessage>();
        if (topics.Count == 0)
        {
            return due;
        }

        var state = world.Live.At(now);
        var sessions = state.Sessions.ToLookup(session => session.Stream);
        foreach (var topic in topics.Where(topic => _queues.ContainsKey(topic.QueueId)))
        {
            if (topic.Kind == TopicKind.Activity)
            {
                AddActivity(topic, sessions, due);
            }
            else
            {
                AddObservations(topic, now, state, sessions, due);
            }
        }

        return due;
    }

    private void AddActivity(QueueTopic topic, ILookup<ConversationStream, LiveSession> sessions, List<QueueMessage> due)
    {
        var body = Bytes(writer =>
        {
            foreach (var (stream, _) in _streams[topic.QueueId])
            {
                writer.WriteStartObject();
                writer.WriteString("mediaType", stream.Profile.Media);
                writer.WriteStartArray("data");
                WriteFigures(writer, [.. CountMetrics, .. LongestMetrics], Entities(sessions[stream]), writeStats: false);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        });
        if (HasChanged(topic, "", body))
        {
            Add(topic, due, writer =>
            {
                writer.WritePropertyName("results");
                writer.WriteRawValue(body);
            });
        }
    }

    private void AddObservations(QueueTopic topic, DateTimeOffset now, LiveState state, ILookup<ConversationStream, LiveSession> sessions, List<QueueMessage> due)
    {
        foreach (var (stream, index) in _streams[topic.QueueId])
        {
            var (interval, figures) = HalfHourFigures.Of(world, index, now);
            AddGroup(
                topic,
                stream.Profile.Media,
                state.Now,
                Bytes(writer => WriteFigures(writer, [.. CountMetrics, .. LongestMetrics], Entities(sessions[stream]), writeStats: true)),
                interval,
                Bytes(writer => figures.Write(writer, stream.Profile.TargetThousandths)),
                due);
        }

        if (_queues[topic.QueueId] is { IsListed: true } queue)
        {
            List<UserEntity> users = [.. UserEntity.Of(world, queue, state)];
            AddGroup(topic, null, state.Now, Bytes(writer => WriteUsers(writer, users)), "", [], due);
        }
    }

    /// <summary>
    /// Adds a message about a group with the figures that have changed: the figures of this instant, those of the current half hour, or both.
    /// </summary>
    private void AddGroup(QueueTopic topic, string? media, long now, byte[] current, string halfHour, byte[] cumulative, List<QueueMessage> due)
    {
        var isCurrentDue = HasChanged(topic, $"{media}|current", current);

        // When a half hour begins, its list of figures is still empty. The change to the empty list is not sent.
        var isCumulativeDue = halfHour.Length > 0 && HasChanged(topic, $"{media}|half", [.. Encoding.ASCII.GetBytes(halfHour), .. cumulative]) && cumulative.Length > "[]".Length;
        if (!isCurrentDue && !isCumulativeDue)
        {
            return;
        }

        Add(topic, due, writer =>
        {
            writer.WriteStartObject("group");
            writer.WriteString("queueId", topic.QueueId);
            if (media is not null)
            {
                writer.WriteString("mediaType", media);
            }

            writer.WriteEndObject();
            writer.WriteStartArray("data");
            if (isCurrentDue)
            {
                WriteData(writer, HalfHourFigures.Interval(now, now), current);
            }

            if (isCumulativeDue)
            {
                WriteData(writer, halfHour, cumulative);
            }

            writer.WriteEndArray();
        });
    }

    private static void WriteData(Utf8JsonWriter writer, string interval, byte[] metrics)
    {
        writer.WriteStartObject();
        writer.WriteString("interval", interval);
        writer.WritePropertyName("metrics");
        writer.WriteRawValue(metrics);
        writer.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter writer, IEnumerable<string> metrics, IReadOnlyList<SessionEntity> oldestFirst, bool writeStats)
    {
        foreach (var metric in metrics)
        {
            var found = LiveMetrics.Of(metric, oldestFirst);
            if (LiveMetrics.IsLongest(metric) && found.Count == 0)
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("metric", metric);
            if (writeStats)
            {
                writer.WriteStartObject("stats");
            }

            LiveMetrics.Write(writer, metric, found);
            if (writeStats)
            {
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }
    }

    private static void WriteUsers(Utf8JsonWriter writer, List<UserEntity> users)
    {
        foreach (var figure in UserMetricNames.SelectMany(metric => UserMetrics.Of(metric, users, bySystemPresence: false)))
        {
            writer.WriteStartObject();
            figure.Write(writer);
            writer.WriteEndObject();
        }
    }

    private List<SessionEntity> Entities(IEnumerable<LiveSession> sessions) =>
        [.. sessions.OrderBy(session => session.Interval.Start).Select(session => new SessionEntity(world, session))];

    private bool HasChanged(QueueTopic topic, string part, byte[] state)
    {
        if (!_known.TryGetValue(topic, out var parts))
        {
            _known[topic] = parts = new(StringComparer.Ordinal);
        }

        var isKnown = parts.TryGetValue(part, out var old);
        parts[part] = state;
        return isKnown && !old.AsSpan().SequenceEqual(state);
    }

    private void Add(QueueTopic topic, List<QueueMessage> due, Action<Utf8JsonWriter> writeBody) =>
        due.Add(new(topic, NotificationEnvelope.Of(topic.Name, ++_number, writeBody)));

    private static byte[] Bytes(Action<Utf8JsonWriter> writeItems)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writeItems(writer);
            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
