using System.Text.Json;
using GenesysSimulator.RealTime.Parsing;
using GenesysSimulator.Wire;
using GenesysSimulator.World;
using GenesysSimulator.World.Live;

namespace GenesysSimulator.RealTime;

/// <summary>Serves POST /api/v2/analytics/conversations/activity/query: the waiting, alerting and interacting conversations of the queues.</summary>
internal sealed class ConversationActivityEndpoint(SimulatedWorld world, SimulatorSettings settings, TimeProvider clock)
{
    private static readonly ActivityQueryReader Reader = new("ConversationActivityQuery");

    public Reply Query(ReadOnlyMemory<byte> body, IQueryCollection parameters)
    {
        var query = Reader.Read(body, parameters, settings);
        var state = world.Live.At(clock.GetUtcNow());
        var groups = state.Sessions
            .Where(session => session.Stream.Queue is not null && session.Interval.Activity != LiveActivity.Working)
            .Select(session => new SessionEntity(world, session))
            .Where(session => query.Filter.Matches(session))
            .GroupBy(session => string.Join('\n', query.GroupBy.Select(session.ValueOf)))
            .Select(group => group.OrderBy(session => session.Interval.Start).ToList())
            .Where(group => query.Metrics.Any(metric => LiveMetrics.Of(metric.Name, group).Count > 0));
        var page = query.PageOf(groups, group => string.Join('\n', query.GroupBy.Select(dimension => group[0].ValueOf(dimension)))).ToList();
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("entityIdDimension", "sessionId");
            writer.WriteStartArray("results");
            foreach (var group in page)
            {
                Write(writer, query, group, state.Now);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter writer, ActivityQuery query, List<SessionEntity> group, long now)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("group");
        foreach (var dimension in query.GroupBy)
        {
            if (group[0].ValueOf(dimension) is { } value)
            {
                writer.WriteString(dimension, value);
            }
        }

        writer.WriteEndObject();
        writer.WriteStartArray("data");
        var detailed = new HashSet<LiveInterval>();
        foreach (var metric in query.Metrics)
        {
            var found = LiveMetrics.Of(metric.Name, group);
            if (found.Count == 0)
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteString("metric", metric.Name);
            LiveMetrics.Write(writer, metric.Name, found);
            if (metric.HasDetails)
            {
                detailed.UnionWith(found.Select(session => session.Interval));
                writer.WriteStartArray("entityIds");
                foreach (var session in TruncatedList.Of(found).Kept)
                {
                    writer.WriteStringValue(session.SessionId);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (query.HasDetails)
        {
            var (kept, isTruncated) = TruncatedList.Of(group.Where(session => detailed.Contains(session.Interval)).ToList());
            writer.WriteBoolean("truncated", isTruncated);
            writer.WriteStartArray("entities");
            foreach (var session in kept)
            {
                session.WriteActivity(writer, now);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
