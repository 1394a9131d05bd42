using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Adds the values of a reply to their columns. Usually the group and the interval of a value are known when it arrives. If they follow it,
/// its row stays in the column without a cell until they are known.
/// </summary>
internal sealed class FactsBuilder(ImmutableArray<Instant> edges)
{
    private const string NoMediaType = "unknown";

    /// <summary>The placeholder metric for values whose metric name is missing; they may belong to any metric.</summary>
    public const string NoMetric = "(no metric)";

    private const string NoMetricValue = "values without a metric name";

    private readonly int _bucketCount = edges.Length - 1;
    private readonly BucketIntervalParser _intervals = new(edges);
    private readonly Utf8StringTable _queueIds = new();
    private readonly Utf8StringTable _mediaTypes = new();
    private readonly CanonicalNames _canonicalQueueIds = new(GenesysId.Canonical);
    private readonly CanonicalNames _canonicalMediaTypes = new(name => name.ToLowerInvariant());
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

    /// <summary>Begins a result, a bucket or a metric.</summary>
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
        var number = json.TokenType == JsonTokenType.Null ? -1 : _canonicalQueueIds.NumberOf(_queueIds, ref json);
        _queueId = number >= 0 && _queueIds[number].Length == 0 ? -1 : number;
    }

    /// <summary>A missing media type and "unknown" are the same series, in two parts.</summary>
    public void SetMediaType(ref Utf8JsonReader json)
    {
        _mediaType = json.TokenType == JsonTokenType.Null ? -1 : _canonicalMediaTypes.NumberOf(_mediaTypes, ref json);
        if (_mediaType >= 0 && _mediaTypes[_mediaType] is "" or NoMediaType)
        {
            _splits.SetDimension("mediaType", _mediaTypes[_mediaType]);
            _mediaType = -1;
        }
    }

    /// <summary>A dimension that was not requested: its groups are parts of a requested group.</summary>
    public void SetDimension(string name, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.Null)
        {
            _splits.SetDimension(name, CellSplits.TextOf(ref json));
        }
    }

    public void EndGroup() => _groupIsKnown = true;

    public void SetInterval(ref Utf8JsonReader json) => _bucket = json.TokenType == JsonTokenType.Null ? -1 : _intervals.BucketOf(ref json);

    /// <summary>Values whose metric name is unreadable are lost, and their cell is marked as incomplete.</summary>
    public void SetMetric(ref Utf8JsonReader json)
    {
        _metric = json.TokenType == JsonTokenType.String ? MetricOf(_metrics.NumberOf(ref json)) : -1;
        _metric = _metric >= 0 && _metrics[_metric].Length == 0 ? -1 : _metric;
    }

    public void SetQualifier(ref Utf8JsonReader json) => _splits.Qualifier = json.TokenType == JsonTokenType.Null ? null : CellSplits.TextOf(ref json);

    public void Add(Statistic statistic, ref Utf8JsonReader json) => _statistics.Add(statistic, ref json);

    /// <summary>Records an invalid value in place of a statistic or of all statistics.</summary>
    public void AddInvalid(Statistic statistic, ref Utf8JsonReader json) => _statistics.AddInvalid(statistic, ref json);

    public void EndMetric()
    {
        if (_statistics.IsEmpty || (_groupIsKnown && _queueId < 0))
        {
            return;
        }

        if (_metric < 0)
        {
            _metric = MetricOf(_metrics.NumberOf(NoMetric));
            _statistics.InvalidateAll(NoMetricValue);
        }

        var isPlaced = _groupIsKnown && _bucket >= 0;
        var cell = isPlaced ? Cell(_bucket) : FactColumnBuilder.NoCell;
        var row = _statistics.AddTo(_columns[_metric], cell, _splits.Number, isTimer: _metrics[_metric][0] == 't');
        if (!isPlaced)
        {
            _unplaced.Add(new(_metric, row, _bucket, _splits.Qualifier));
        }
    }

    /// <summary>Records an item of <c>metrics</c> that is not an object: its values are lost.</summary>
    public void AddUnreadableMetric()
    {
        Begin(result: false, bucket: false);
        _statistics.InvalidateAll(NoMetricValue);
        EndMetric();
    }

    public void EndBucket()
    {
        if (_bucket < 0)
        {
            throw GenesysFailures.Unreadable("a bucket has no interval");
        }

        foreach (ref var waiting in CollectionsMarshal.AsSpan(_unplaced)[_unplacedBefore..])
        {
            waiting = waiting with { Bucket = _bucket };
        }
    }

    /// <summary>Rows of a group without a queue never get a cell and are dropped.</summary>
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
        // Created with the first value, because a group without values is not a series.
        _seriesNumber = _seriesNumber < 0 ? SeriesOfGroup() : _seriesNumber;
        return checked((_seriesNumber * _bucketCount) + bucket);
    }

    private int SeriesOfGroup()
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_seriesNumbers, (_queueId, _mediaType), out var isKnown);
        if (!isKnown)
        {
            number = _series.Count;

            // Interned, because thousands of cached slices share a few thousand ids.
            _series.Add(new(
                string.Intern(_queueIds[_queueId]),
                _mediaType < 0 ? NoMediaType : string.Intern(_mediaTypes[_mediaType])));
        }

        return number;
    }

    /// <summary>A row without a cell.</summary>
    private readonly record struct Unplaced(int Metric, int Row, int Bucket, string? Qualifier);
}
