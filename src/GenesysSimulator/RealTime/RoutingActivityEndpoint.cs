using System.Text.Json;
using GenesysSimulator.RealTime.Parsing;
using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.RealTime;

/// <summary>Serves POST /api/v2/analytics/routing/activity/query: the users of the queues.</summary>
internal sealed class RoutingActivityEndpoint(SimulatedWorld world, SimulatorSettings settings, TimeProvider clock)
{
    private static readonly ActivityQueryReader Reader = new("RoutingActivityQuery");

    public Reply Query(ReadOnlyMemory<byte> body, IQueryCollection parameters)
    {
        var query = Reader.Read(body, parameters, settings);
        var state = world.Live.At(clock.GetUtcNow());
        var groups = world.Queues
            .Where(queue => queue.IsListed)
            .Select(queue => (Queue: queue, Users: UserEntity.Of(world, queue, state).Where(user => query.Filter.Matches(user)).ToList()))
            .Where(group => group.Users.Count > 0);
        var page = query.PageOf(groups, group => group.Queue.WireId).ToList();
        return Reply.OfJson(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("entityIdDimension", "userId");
            writer.WriteStartArray("results");
            foreach (var (queue, users) in page)
            {
                Write(writer, query, queue, users);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter writer, ActivityQuery query, SimulatedQueue queue, List<UserEntity> users)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("group");
        writer.WriteString("queueId", queue.WireId);
        writer.WriteEndObject();
        writer.WriteStartArray("data");
        var detailed = new HashSet<UserEntity>();
        foreach (var metric in query.Metrics)
        {
            foreach (var figure in UserMetrics.Of(metric.Name, users, bySystemPresence: true))
            {
                WriteFigure(writer, figure, metric.HasDetails);
                detailed.UnionWith(metric.HasDetails ? figure.Users : []);
            }
        }

        writer.WriteEndArray();
        if (query.HasDetails)
        {
            var (kept, isTruncated) = TruncatedList.Of([.. detailed.OrderBy(user => user.State.RoutingSince).ThenBy(user => user.UserId, StringComparer.Ordinal)]);
            writer.WriteBoolean("truncated", isTruncated);
            writer.WriteStartArray("entities");
            foreach (var user in kept)
            {
                user.WriteActivity(writer);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteFigure(Utf8JsonWriter writer, UserFigure figure, bool hasDetails)
    {
        writer.WriteStartObject();
        writer.WriteString("metric", figure.Metric);
        if (figure.Qualifier is { } qualifier)
        {
            writer.WriteString("qualifier", qualifier);
        }

        if (figure.Secondary is { } secondary)
        {
            writer.WriteString("secondaryQualifier", secondary);
        }

        writer.WriteNumber("count", figure.Users.Count);
        if (hasDetails)
        {
            writer.WriteStartArray("entityIds");
            foreach (var user in TruncatedList.Of(figure.Users).Kept)
            {
                writer.WriteStringValue(user.UserId);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
