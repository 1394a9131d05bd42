using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Puts the figures of an answer into their columns. Mostly the group and the interval of a figure are known when it comes; where they
/// follow it, its row waits in the column without a cell until they have come.
/// </summary>
internal sealed class FactsBuilder(ImmutableArray<Instant> edges)
{
    private const string NoMediaType = "unknown";

    /// <summary>Stands for the metric of figures without a name, which may be any.</summary>
    public const string NoMetric = "(no metric)";

    private const string NoMetricValue = "figures without a name";

    private readonly int _bucketCount = edges.Length - 1;
    private readonly BucketIntervalParser _intervals = new(edges);
    private readonly Utf8StringTable _queueIds = new();
    private readonly Utf8StringTable _mediaTypes = new();
    private readonly Utf8StringTable _metrics = new();
    private readonly CellSplits _splits = new();
    private readonly CellStatistics _statistics = new();
    private readonly List<FactColumnBuilder> _columns = [];
    private readonly Dictionary<(int QueueId, int MediaType), int> _seriesNumbers = [];
    private readonly List<FactSeries> _series = [];
    private readonly List<Unplaced> _unplaced = [];

    private bool _groupIsKnown;
    private int _queueId;
    private int _mediaType;
    private int _seriesNumber;
    private int _bucket;
    private int _unplacedBefore;
    private int _metric;

    /// <summary>A result, a bucket or a metric begins.</summary>
    public void Begin(bool result, bool bucket)
    {
        if (result)
        {
            (_groupIsKnown, _queueId, _mediaType, _seriesNumber) = (false, -1, -1, -1);
            _splits.BeginGroup();
        }
        else if (bucket)
        {
            (_bucket, _unplacedBefore) = (-1, _unplaced.Count);
        }
        else
        {
            _metric = -1;
            _splits.BeginMetric();
            _statistics.Begin();
        }
    }

    public void SetQueueId(ref Utf8JsonReader json)
    {
        var number = json.TokenType == JsonTokenType.Null ? -1 : _queueIds.NumberOf(ref json);
        _queueId = number >= 0 && _queueIds[number].Length == 0 ? -1 : number;
    }

    /// <summary>One that is not said and one that is said to be unknown are the same series, in two parts.</summary>
    public void SetMediaType(ref Utf8JsonReader json)
    {
        _mediaType = json.TokenType == JsonTokenType.Null ? -1 : _mediaTypes.NumberOf(ref json);
        if (_mediaType >= 0 && _mediaTypes[_mediaType] is "" or NoMediaType)
        {
            _splits.SetDimension("mediaType", _mediaTypes[_mediaType]);
            _mediaType = -1;
        }
    }

    /// <summary>A dimension beyond queue and media type; nobody asked for it, so that its groups are parts of ours.</summary>
    public void SetDimension(string name, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.Null)
        {
            _splits.SetDimension(name, CellSplits.TextOf(ref json));
        }
    }

    public void EndGroup() => _groupIsKnown = true;

    public void SetInterval(ref Utf8JsonReader json) => _bucket = json.TokenType == JsonTokenType.Null ? -1 : _intervals.BucketOf(ref json);

    /// <summary>Figures whose metric has no name that can be read are lost; their cell is known to be incomplete.</summary>
    public void SetMetric(ref Utf8JsonReader json)
    {
        _metric = json.TokenType == JsonTokenType.String ? MetricOf(_metrics.NumberOf(ref json)) : -1;
        _metric = _metric >= 0 && _metrics[_metric].Length == 0 ? -1 : _metric;
    }

    public void SetQualifier(ref Utf8JsonReader json) => _splits.Qualifier = json.TokenType == JsonTokenType.Null ? null : CellSplits.TextOf(ref json);

    public void Add(Statistic statistic, ref Utf8JsonReader json) => _statistics.Add(statistic, ref json);

    /// <summary>What stands where a statistic, or all of them, are due is none.</summary>
    public void AddOdd(Statistic statistic, ref Utf8JsonReader json) => _statistics.AddOdd(statistic, ref json);

    public void EndMetric()
    {
        if (_statistics.IsEmpty || (_groupIsKnown && _queueId < 0))
        {
            return;
        }

        if (_metric < 0)
        {
            _metric = MetricOf(_metrics.NumberOf(NoMetric));
            _statistics.Lose(NoMetricValue);
        }

        var isPlaced = _groupIsKnown && _bucket >= 0;
        var cell = isPlaced ? Cell(_bucket) : FactColumnBuilder.NoCell;
        var row = _statistics.AddTo(_columns[_metric], cell, _splits.Number, isTimer: _metrics[_metric][0] == 't');
        if (!isPlaced)
        {
            _unplaced.Add(new(_metric, row, _bucket, _splits.Qualifier));
        }
    }

    /// <summary>An item of the metrics that is no metric: what it was to say is lost.</summary>
    public void AddNoMetric()
    {
        Begin(result: false, bucket: false);
        _statistics.Lose(NoMetricValue);
        EndMetric();
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
                _columns[waiting.Metric].Place(waiting.Row, Cell(waiting.Bucket), _splits.NumberWith(waiting.Qualifier));
            }
        }

        _unplaced.Clear();
    }

    public AggregateFacts ToFacts() => new(
        edges,
        [.. _series],
        [.. _columns.Select((column, number) => column.ToColumn(_metrics[number])).OfType<FactColumn>()]);

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
    private readonly record struct Unplaced(int Metric, int Row, int Bucket, string? Qualifier);
}
