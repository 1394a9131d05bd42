using GenesysSimulator.World;
using GenesysSimulator.World.Conversations;

namespace GenesysSimulator.Aggregates;

/// <summary>
/// The groups of one stream. The group of an event depends on its session and conversation, and is looked up once for each session. Agents and
/// codes make no difference if the query does not mention them; otherwise they are so many that only those who have sessions get an entry.
/// </summary>
internal sealed class StreamGroups(ConversationStream stream, int order, AggregateQuery query)
{
    public const int FilteredOut = -1;

    private const int Unknown = -2;

    private static readonly int Types = MessageTypes.Count + 1;

    private readonly int _codes = stream.WrapUps.Codes.Count + 1;
    private readonly bool _byAgent = query.Mentions(Dimensions.UserId);
    private readonly bool _byCode = query.Mentions(Dimensions.WrapUpCode);
    private readonly int[] _ofKind = NewTable(2 * Types * 4);
    private readonly Dictionary<int, int> _ofPersonalKind = [];
    private readonly Dictionary<string, int> _ofKey = new(StringComparer.Ordinal);

    public List<AggregateGroup> Groups { get; } = [];

    public int Of(ConversationEvents conversation, in Session session)
    {
        var kind = (((Math.Min(session.Agent, 0) + 1) * Types) + conversation.MessageType) * 4;
        kind += ((int)conversation.Originating * 2) + (int)session.Direction;
        if (_byAgent || _byCode)
        {
            var people = (_byAgent ? (session.Agent + 1) * _codes : 0) + (_byCode ? session.WrapUpCode : 0);
            return OfPersonal((people * _ofKind.Length) + kind, conversation, session);
        }

        ref var index = ref _ofKind[kind];
        return index == Unknown ? index = Find(conversation, session) : index;
    }

    private int OfPersonal(int kind, ConversationEvents conversation, in Session session)
    {
        if (!_ofPersonalKind.TryGetValue(kind, out var index))
        {
            _ofPersonalKind[kind] = index = Find(conversation, session);
        }

        return index;
    }

    private int Find(ConversationEvents conversation, in Session session)
    {
        var dimensions = new Dimensions(stream, conversation.Originating, conversation.MessageType, session);
        if (!query.Filter.Matches(dimensions))
        {
            return FilteredOut;
        }

        // A dimension without a value is omitted instead of being null.
        var group = query.GroupBy
            .Select(name => KeyValuePair.Create(name, dimensions.Value(name)!)).Where(pair => pair.Value is not null).ToList();
        var key = AggregateCounter.KeyOf(group);
        if (!_ofKey.TryGetValue(key, out var index))
        {
            _ofKey[key] = index = Groups.Count;
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
