using GenesysSimulator.Wire;
using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.Aggregates;

/// <summary>
/// Counts the events of one stream. The group of an event depends only on its agent, directions and message type, so it is computed once for each
/// combination and looked up for each event.
/// </summary>
internal struct StreamCount : IConversationVisitor
{
    private const int FilteredOut = -1;

    private readonly Columns _columns;
    private readonly Buckets _buckets;
    private readonly long _end;
    private readonly int _rowLimit;
    private readonly int[] _groupOf;
    private readonly int _messageTypes;
    private int _rows;

    public StreamCount(ConversationStream stream, int order, AggregateQuery query, Columns columns, long now, int rowLimit)
    {
        (_columns, _buckets, _rowLimit) = (columns, query.Buckets, rowLimit);
        _end = Math.Min(query.Buckets.End, now + 1);
        _messageTypes = stream.HasMessageTypes ? MessageTypes.Count + 1 : 1;
        _groupOf = GroupsOf(stream, query, _messageTypes, out var groups);
        Groups = groups;
        foreach (var group in groups)
        {
            group.SetTarget(stream.Profile.TargetThousandths, order);
        }
    }

    public List<AggregateGroup> Groups { get; }

    public void Visit(ConversationEvents conversation)
    {
        var (originating, messageType) = ((int)conversation.Originating, conversation.MessageType);
        foreach (ref readonly var metricEvent in conversation.All)
        {
            if (metricEvent.At < _buckets.Start || metricEvent.At >= _end || !_columns.Contains(metricEvent.Metric))
            {
                continue;
            }

            var index = _groupOf[((((((metricEvent.Agent + 1) * 2) + (int)metricEvent.Direction) * 2) + originating) * _messageTypes) + messageType];
            if (index == FilteredOut)
            {
                continue;
            }

            var group = Groups[index];
            var bucket = _buckets.Of(metricEvent.At);
            if (group.Rows[bucket] is null && ++_rows > _rowLimit)
            {
                throw ApiException.TooLarge(_rowLimit);
            }

            _columns.Add(group.Row(bucket, _columns.Count), metricEvent.Metric, metricEvent.Value);
        }
    }

    private static int[] GroupsOf(ConversationStream stream, AggregateQuery query, int messageTypes, out List<AggregateGroup> groups)
    {
        var isPersonal = query.GroupBy.Concat(query.Filter.Dimensions).Any(Dimensions.IsPersonal);
        var ofAgent = 4 * messageTypes;
        var groupIndexes = new int[(stream.Agents.Length + 1) * ofAgent];
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        groups = [];
        for (var index = 0; index < groupIndexes.Length; index++)
        {
            if (!isPersonal && index >= 2 * ofAgent)
            {
                // All agents belong to the same groups, so the first one's are reused.
                groupIndexes[index] = groupIndexes[(index % ofAgent) + ofAgent];
                continue;
            }

            var directions = index / messageTypes;
            var dimensions = new Dimensions(stream, (Direction)(directions % 2), (Direction)(directions / 2 % 2), (directions / 4) - 1, index % messageTypes);
            groupIndexes[index] = query.Filter.Matches(dimensions) ? IndexOf(dimensions, query, known, groups) : FilteredOut;
        }

        return groupIndexes;
    }

    private static int IndexOf(Dimensions dimensions, AggregateQuery query, Dictionary<string, int> known, List<AggregateGroup> groups)
    {
        // A dimension without a value is omitted instead of being null.
        var group = query.GroupBy
            .Select(name => KeyValuePair.Create(name, dimensions.Value(name)!)).Where(pair => pair.Value is not null).ToList();
        var key = AggregateCount.KeyOf(group);
        if (!known.TryGetValue(key, out var index))
        {
            known[key] = index = groups.Count;
            groups.Add(new AggregateGroup(group, query.Buckets.Count));
        }

        return index;
    }
}
