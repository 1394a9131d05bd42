using GenesysSimulator.Wire;
using GenesysSimulator.World;

namespace GenesysSimulator.Aggregates;

/// <summary>
/// Counts one stream. Which group an event belongs to depends only on who emitted it and in which direction, so that is decided once
/// for each combination and looked up for each event.
/// </summary>
internal struct StreamCount : IStampVisitor
{
    private const int FilteredOut = -1;

    private readonly Columns _columns;
    private readonly Buckets _buckets;
    private readonly long _end;
    private readonly int _rowLimit;
    private readonly int[] _groupOf;
    private int _rows;

    public StreamCount(ConversationStream stream, int order, AggregateQuestion question, Columns columns, long now, int rowLimit)
    {
        (_columns, _buckets, _rowLimit) = (columns, question.Buckets, rowLimit);
        _end = Math.Min(question.Buckets.End, now + 1);
        _groupOf = GroupsOf(stream, question, out var groups);
        Groups = groups;
        foreach (var group in groups)
        {
            group.Target(stream.Profile.TargetThousandths, order);
        }
    }

    public List<AggregateGroup> Groups { get; }

    public void Visit(Stamps conversation)
    {
        var originating = (int)conversation.Originating;
        foreach (ref readonly var stamp in conversation.All)
        {
            if (stamp.At < _buckets.Start || stamp.At >= _end || !_columns.Wants(stamp.Metric))
            {
                continue;
            }

            var place = _groupOf[((((stamp.Agent + 1) * 2) + (int)stamp.Direction) * 2) + originating];
            if (place == FilteredOut)
            {
                continue;
            }

            var group = Groups[place];
            var bucket = _buckets.Of(stamp.At);
            if (group.Rows[bucket] is null && ++_rows > _rowLimit)
            {
                throw Refusal.TooLarge(_rowLimit);
            }

            _columns.Add(group.Row(bucket, _columns.Count), stamp.Metric, stamp.Value);
        }
    }

    private static int[] GroupsOf(ConversationStream stream, AggregateQuestion question, out List<AggregateGroup> groups)
    {
        var isPersonal = question.GroupBy.Concat(question.Filter.Dimensions).Any(Dimensions.IsPersonal);
        var places = new int[(stream.Agents.Length + 1) * 4];
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        groups = [];
        for (var index = 0; index < places.Length; index++)
        {
            if (!isPersonal && index >= 8)
            {
                // One agent is like another: what holds for the first holds for all.
                places[index] = places[(index % 4) + 4];
                continue;
            }

            var thing = new Dimensions(stream, (Direction)(index % 2), (Direction)(index / 2 % 2), (index / 4) - 1);
            places[index] = question.Filter.Matches(thing) ? Place(thing, question, known, groups) : FilteredOut;
        }

        return places;
    }

    private static int Place(Dimensions thing, AggregateQuestion question, Dictionary<string, int> known, List<AggregateGroup> groups)
    {
        // A dimension without a value is a key that is missing, not a null.
        var dimensions = question.GroupBy
            .Select(name => KeyValuePair.Create(name, thing.Value(name)!)).Where(pair => pair.Value is not null).ToList();
        var key = AggregateCount.KeyOf(dimensions);
        if (!known.TryGetValue(key, out var place))
        {
            known[key] = place = groups.Count;
            groups.Add(new AggregateGroup(dimensions, question.Buckets.Count));
        }

        return place;
    }
}
