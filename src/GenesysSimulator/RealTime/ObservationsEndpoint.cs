using System.Text.Json;
using GenesysSimulator.RealTime.Parsing;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using GenesysSimulator.World.Live;

namespace GenesysSimulator.RealTime;

/// <summary>
/// Serves POST /api/v2/analytics/queues/observations/query: for each queue, one group per media type and, if the queue is listed, one group without a
/// media type for its users.
/// </summary>
internal sealed class ObservationsEndpoint(SimulatedWorld world, SimulatorSettings settings, TimeProvider clock)
{
    public Reply Query(ReadOnlyMemory<byte> body)
    {
        var query = ObservationQueryReader.Read(body, settings);
        var state = world.Live.At(clock.GetUtcNow());
        var sessions = state.Sessions.Where(session => session.Stream.Queue is not null).ToLookup(session => session.Stream);
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            WriteMappings(writer);
            writer.WriteStartArray("results");
            foreach (var queue in world.Queues)
            {
                foreach (var stream in world.Streams.Where(stream => ReferenceEquals(stream.Queue, queue) && query.Filter.Matches(new ObservedGroup(queue.WireId, stream.Profile.Media))))
                {
                    List<SessionEntity> group = [.. sessions[stream].OrderBy(session => session.Interval.Start).Select(session => new SessionEntity(world, session))];
                    WriteConversations(writer, query, new(queue.WireId, stream.Profile.Media), group, state.Now);
                }

                if (queue.IsListed && query.Filter.Matches(new ObservedGroup(queue.WireId, null)))
                {
                    WriteUsers(writer, query, queue, state);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private void WriteMappings(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("systemToOrganizationMappings");
        foreach (var presences in world.Presences.GroupBy(presence => presence.SystemPresence))
        {
            writer.WriteStartArray(presences.Key);
            foreach (var presence in presences)
            {
                writer.WriteStringValue(presence.Id);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteConversations(Utf8JsonWriter writer, ObservationQuery query, ObservedGroup group, List<SessionEntity> sessions, long now)
    {
        var metrics = query.Metrics.Where(IsConversationMetric).ToList();
        if (metrics.Count == 0)
        {
            return;
        }

        WriteStart(writer, group);
        foreach (var metric in metrics)
        {
            var found = LiveMetrics.Of(metric, sessions);
            if (LiveMetrics.IsLongest(metric) && found.Count == 0)
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("metric", metric);
            writer.WriteStartObject("stats");
            LiveMetrics.Write(writer, metric, found);
            writer.WriteEndObject();
            if (query.DetailMetrics.Contains(metric))
            {
                WriteObservations(writer, found, session => session.WriteObservation(writer, now));
            }

            writer.WriteEndObject();
        }

        WriteEnd(writer);
    }

    private void WriteUsers(Utf8JsonWriter writer, ObservationQuery query, SimulatedQueue queue, LiveState state)
    {
        var metrics = query.Metrics.Where(metric => !IsConversationMetric(metric)).ToList();
        if (metrics.Count == 0)
        {
            return;
        }

        WriteStart(writer, new(queue.WireId, null));
        List<UserEntity> users = [.. UserEntity.Of(world, queue, state).OrderBy(user => user.State.RoutingSince).ThenBy(user => user.UserId, StringComparer.Ordinal)];
        foreach (var figure in metrics.SelectMany(metric => UserMetrics.Of(metric, users, bySystemPresence: false)))
        {
            writer.WriteStartObject();
            figure.Write(writer);
            if (query.DetailMetrics.Contains(figure.Metric))
            {
                WriteObservations(writer, figure.Users, user => user.WriteObservation(writer));
            }

            writer.WriteEndObject();
        }

        WriteEnd(writer);
    }

    private static void WriteObservations<T>(Utf8JsonWriter writer, IReadOnlyList<T> oldestFirst, Action<T> write)
    {
        var (kept, isTruncated) = TruncatedList.Of(oldestFirst);
        writer.WriteBoolean("truncated", isTruncated);
        writer.WriteStartArray("observations");
        foreach (var entity in kept)
        {
            write(entity);
        }

        writer.WriteEndArray();
    }

    private static void WriteStart(Utf8JsonWriter writer, ObservedGroup group)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("group");
        writer.WriteString("queueId", group.QueueId);
        if (group.MediaType is { } mediaType)
        {
            writer.WriteString("mediaType", mediaType);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("data");
    }

    private static void WriteEnd(Utf8JsonWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static bool IsConversationMetric(string metric) =>
        metric is "oWaiting" or "oAlerting" or "oInteracting" or "oLongestWaiting" or "oLongestInteracting";
}
