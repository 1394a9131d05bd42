using GenesysSimulator.Wire;
using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.Aggregates;

/// <summary>Counts the events of one stream.</summary>
internal struct StreamCounter(StreamGroups groups, AggregateQuery query, Columns columns, long now, int rowLimit) : IConversationVisitor
{
    private const int Unknown = -2;

    private readonly Buckets _buckets = query.Buckets;
    private readonly long _end = Math.Min(query.Buckets.End, now + 1);
    private readonly int[] _groupOf = new int[MetricEvents.MaxSessions];
    private int _rows;

    public void Visit(MetricEvents conversation)
    {
        var sessions = conversation.Sessions;
        var groupOf = _groupOf.AsSpan(0, sessions.Length);
        groupOf.Fill(Unknown);
        foreach (ref readonly var metricEvent in conversation.All)
        {
            if (metricEvent.At < _buckets.Start || metricEvent.At >= _end || !columns.Contains(metricEvent.Metric))
            {
                continue;
            }

            ref var index = ref groupOf[metricEvent.Session];
            if (index == Unknown)
            {
                index = groups.Of(conversation, sessions[metricEvent.Session]);
            }

            if (index == StreamGroups.FilteredOut)
            {
                continue;
            }

            var group = groups.Groups[index];
            var bucket = _buckets.Of(metricEvent.At);
            if (group.Rows[bucket] is null && ++_rows > rowLimit)
            {
                throw ApiException.ResultTooLarge(rowLimit);
            }

            columns.Add(group.Row(bucket, columns.Count), metricEvent.Metric, metricEvent.Value);
        }
    }
}
