using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using NodaTime;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// Puts the figures of an answer into their columns. Mostly the group and the interval of a figure are known when it comes; where they
/// follow it, its row waits in the column without a cell until they have come.
/// </summary>
internal sealed class AggregateFactsBuilder(ImmutableArray<Instant> edges)
{
    private const string NoMediaType = "unknown";

    private readonly int _bucketCount = edges.Length - 1;
    private readonly BucketIntervals _intervals = new(edges);
    private readonly Utf8Names _queueIds = new();
    private readonly Utf8Names _mediaTypes = new();
    private readonly Utf8Names _metrics = new();
    private readonly List<FactColumnBuilder> _columns = [];
    private readonly Dictionary<(int QueueId, int MediaType), int> _seriesNumbers = [];
    private readonly List<FactSeries> _series = [];
    private readonly List<Unplaced> _unplaced = [];
    private readonly double[] _values = new double[Statistics.Doubles];

    private bool _groupIsKnown;
    private int _queueId;
    private int _mediaType;
    private int _seriesNumber;
    private int _bucket;
    private int _unplacedBefore;
    private int _metric;
    private int _present;
    private long _count;

    /// <summary>A result, a bucket or a metric begins.</summary>
    public void Begin(bool result, bool bucket)
    {
        if (result)
        {
            (_groupIsKnown, _queueId, _mediaType, _seriesNumber) = (false, -1, -1, -1);
        }
        else if (bucket)
        {
            (_bucket, _unplacedBefore) = (-1, _unplaced.Count);
        }
        else
        {
            (_metric, _present) = (-1, 0);
        }
    }

    public void SetQueueId(ref Utf8JsonReader json) => SetQueueId(json.TokenType == JsonTokenType.Null ? -1 : _queueIds.NumberOf(ref json));

    public void SetQueueId(string? text) => SetQueueId(text is null ? -1 : _queueIds.NumberOf(text));

    public void SetMediaType(ref Utf8JsonReader json) => SetMediaType(json.TokenType == JsonTokenType.Null ? -1 : _mediaTypes.NumberOf(ref json));

    public void SetMediaType(string? text) => SetMediaType(text is null ? -1 : _mediaTypes.NumberOf(text));

    public void EndGroup() => _groupIsKnown = true;

    public void SetInterval(ref Utf8JsonReader json) => _bucket = json.TokenType == JsonTokenType.Null ? -1 : _intervals.BucketOf(ref json);

    public void SetInterval(string? text) => _bucket = text is null ? -1 : _intervals.BucketOf(text);

    public void SetMetric(ref Utf8JsonReader json) => _metric = json.TokenType == JsonTokenType.Null ? -1 : MetricOf(_metrics.NumberOf(ref json));

    public void SetMetric(string? text) => _metric = text is null ? -1 : MetricOf(_metrics.NumberOf(text));

    public void Add(Statistic statistic, ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (statistic == Statistic.Count)
        {
            AddCount(Statistics.Whole(ref json));
        }
        else
        {
            Add(statistic, Statistics.Number(ref json));
        }
    }

    /// <summary>Any statistic but the count.</summary>
    public void Add(Statistic statistic, double number)
    {
        _values[(int)statistic] = number >= 0 || statistic is not (Statistic.Numerator or Statistic.Denominator)
            ? number
            : throw GenesysFailures.Unreadable("a count in it is not a count");
        _present |= 1 << (int)statistic;
    }

    /// <param name="count">Not negative.</param>
    public void AddCount(long count)
    {
        _count = count;
        _present |= 1 << (int)Statistic.Count;
    }

    public void EndMetric()
    {
        if (_metric < 0 || _present == 0 || (_groupIsKnown && _queueId < 0))
        {
            return;
        }

        var isPlaced = _groupIsKnown && _bucket >= 0;
        var row = _columns[_metric].Add(isPlaced ? Cell(_bucket) : FactColumnBuilder.NoCell, _present, _count, _values);
        if (!isPlaced)
        {
            _unplaced.Add(new(_metric, row, _bucket));
        }
    }

    public void EndBucket()
    {
        if (_bucket < 0)
        {
            throw GenesysFailures.Unreadable("one of its buckets has no interval");
        }

        foreach (ref var waiting in CollectionsMarshal.AsSpan(_unplaced)[_unplacedBefore..])
        {
            waiting = waiting with { Bucket = _bucket };
        }
    }

    /// <summary>Rows of a group without a queue never get a cell, and are left out in the end.</summary>
    public void EndResult()
    {
        foreach (var waiting in _unplaced)
        {
            if (_queueId >= 0)
            {
                _columns[waiting.Metric].Place(waiting.Row, Cell(waiting.Bucket));
            }
        }

        _unplaced.Clear();
    }

    public AggregateFacts ToFacts() => new(
        edges,
        [.. _series],
        [.. _columns.Select((column, number) => column.ToColumn(_metrics[number])).OfType<FactColumn>()]);

    private void SetQueueId(int number) => _queueId = number >= 0 && _queueIds[number].Length == 0 ? -1 : number;

    // One that is not said and one that is said to be unknown are the same series.
    private void SetMediaType(int number) => _mediaType = number >= 0 && _mediaTypes[number] is ("" or NoMediaType) ? -1 : number;

    private int MetricOf(int number)
    {
        if (number == _columns.Count)
        {
            _columns.Add(new FactColumnBuilder());
        }

        return number;
    }

    private int Cell(int bucket)
    {
        // Here and not at the group's end: a group without figures is no series.
        _seriesNumber = _seriesNumber < 0 ? SeriesOfGroup() : _seriesNumber;
        return checked((_seriesNumber * _bucketCount) + bucket);
    }

    private int SeriesOfGroup()
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_seriesNumbers, (_queueId, _mediaType), out var isKnown);
        if (!isKnown)
        {
            number = _series.Count;

            // Thousands of slices share these; the organisation has a few thousand of them, for as long as we run.
            _series.Add(new(
                string.Intern(_queueIds[_queueId]),
                _mediaType < 0 ? NoMediaType : string.Intern(_mediaTypes[_mediaType])));
        }

        return number;
    }

    /// <summary>A row that has no cell yet.</summary>
    private readonly record struct Unplaced(int Metric, int Row, int Bucket);
}
