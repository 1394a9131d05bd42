using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.Aggregates;

/// <summary>
/// The groups of one stream. The group of an event depends on the session and the conversation of the event, and is looked up once for each session. The
/// lookup includes the agent and the wrap-up code only if the query mentions them. They have too many combinations for a table, so a dictionary
/// contains only the combinations that occur.
/// </summary>
internal sealed class StreamGroups(ConversationStream stream, int order, AggregateQuery query)
{
    public const int FilteredOut = -1;

    private const int Unknown = -2;

    // The counts include "none".
    private static readonly int TypeCount = MessageTypes.Count + 1;

    private readonly int _codeCount = stream.WrapUps.Codes.Count + 1;
    private readonly bool _byAgent = query.Mentions(Dimensions.UserId);
    private readonly bool _byCode = query.Mentions(Dimensions.WrapUpCode);
    private readonly int[] _indexOfKind = NewTable(2 * TypeCount * 4);
    private readonly Dictionary<int, int> _indexOfCombination = [];
    private readonly Dictionary<string, int> _indexOfKey = new(StringComparer.Ordinal);

    public List<AggregateGroup> Groups { get; } = [];

    public int Of(MetricEvents conversation, in Session session)
    {
        var kind = (((Math.Min(session.Agent, 0) + 1) * TypeCount) + conversation.MessageType) * 4;
        kind += ((int)conversation.OriginatingDirection * 2) + (int)session.Direction;
        if (_byAgent || _byCode)
        {
            var combination = (_byAgent ? (session.Agent + 1) * _codeCount : 0) + (_byCode ? session.WrapUpCode : 0);
            return OfCombination((combination * _indexOfKind.Length) + kind, conversation, session);
        }

        ref var index = ref _indexOfKind[kind];
        return index == Unknown ? index = Find(conversation, session) : index;
    }

    private int OfCombination(int combination, MetricEvents conversation, in Session session)
    {
        if (!_indexOfCombination.TryGetValue(combination, out var index))
        {
            _indexOfCombination[combination] = index = Find(conversation, session);
        }

        return index;
    }

    private int Find(MetricEvents conversation, in Session session)
    {
        var dimensions = new Dimensions(stream, conversation.OriginatingDirection, conversation.MessageType, session);
        if (!query.Filter.Matches(dimensions))
        {
            return FilteredOut;
        }

        // A dimension without a value is omitted instead of being null.
        var group = query.GroupBy
            .Select(name => KeyValuePair.Create(name, dimensions.Value(name)!)).Where(pair => pair.Value is not null).ToList();
        var key = AggregateCounter.KeyOf(group);
        if (!_indexOfKey.TryGetValue(key, out var index))
        {
            _indexOfKey[key] = index = Groups.Count;
            Groups.Add(new AggregateGroup(group, query.Buckets.Count));
            Groups[index].SetTarget(stream.Profile.TargetThousandths, order);
        }

        return index;
    }

    private static int[] NewTable(int length)
    {
        var table = new int[length];
        Array.Fill(table, Unknown);
        return table;
    }
}
