using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Protocol;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// Adds the values of a reply to their columns. Usually the group and the interval of a value are known when the value arrives. If the group or the interval
/// follows the value, the row of the value stays in the column without a cell until both are known.
/// </summary>
/// <param name="edges">The requested bucket edges.</param>
/// <param name="views">The requested views. Their columns are the first columns, so no metric of the same name can be added to them.</param>
/// <param name="dimensions">The requested dimensions in addition to queue and media type.</param>
internal sealed class FactsBuilder(ImmutableArray<Instant> edges, ImmutableArray<MetricView> views, Dimensions dimensions)
{
    private const string NoMediaType = "unknown";

    /// <summary>The placeholder metric for values without a metric name. Such values can belong to any metric.</summary>
    public const string NoMetric = "(no metric)";

    /// <summary>The number of a view that was not requested, or of a metric with the name of a view's column.</summary>
    private const int NotRequested = -2;

    private const string NoMetricValue = "values without a metric name";

    private readonly int _bucketCount = edges.Length - 1;
    private readonly BucketIntervalParser _intervals = new(edges);
    private readonly Utf8StringTable _queueIds = new();
    private readonly Utf8StringTable _mediaTypes = new();
    private readonly CanonicalNames _canonicalQueueIds = new(GenesysId.Canonical);
    private readonly CanonicalNames _canonicalMediaTypes = new(name => name.ToLowerInvariant());
    private readonly Utf8StringTable _metrics = Utf8StringTable.Of(views.Select(view => view.Column));
    private readonly CellSplits _splits = new();
    private readonly GroupDimensions? _dimensions = dimensions == Dimensions.None ? null : new(dimensions);
    private readonly CellStatistics _statistics = new();
    private readonly List<FactColumnBuilder> _columns = [.. views.Select(_ => new FactColumnBuilder())];
    private readonly SeriesNumbers _series = new();
    private readonly List<Unplaced> _unplaced = [];

    private bool _groupIsKnown;
    private int _queueId;
    private int _mediaType;
    private int _seriesNumber;
    private int _bucket;
    private int _unplacedBefore;
    private int _metric;

    /// <summary>Begins a result, a bucket, a metric or a view.</summary>
    public void Begin(ParserState item)
    {
        switch (item)
        {
            case ParserState.Result:
                (_groupIsKnown, _queueId, _mediaType, _seriesNumber) = (false, -1, -1, -1);
                _splits.BeginGroup();
                _dimensions?.Begin();
                break;
            case ParserState.Bucket:
                (_bucket, _unplacedBefore) = (-1, _unplaced.Count);
                break;
            default:
                _metric = -1;
                _splits.Qualifier = null;
                _statistics.Begin();
                break;
        }
    }

    /// <summary>Records the value of a key. Values that do not matter for the facts are ignored.</summary>
    /// <param name="name">The name of the dimension, if the key is a dimension of the group.</param>
    public void Set(ParserState value, string name, ref Utf8JsonReader json)
    {
        var isNull = json.TokenType == JsonTokenType.Null;
        switch (value)
        {
            case ParserState.MetricValue:
                // Values with an unreadable metric name are lost, and their cell is marked as incomplete.
                _metric = json.TokenType == JsonTokenType.String ? MetricOf(_metrics.NumberOf(ref json)) : -1;
                _metric = _metric < 0 || _metrics[_metric].Length == 0 ? -1 : _metric < views.Length ? NotRequested : _metric;
                break;
            case ParserState.ViewNameValue:
                _metric = ViewOf(ref json);
                break;
            case ParserState.IntervalValue:
                _bucket = isNull ? -1 : _intervals.BucketOf(ref json);
                break;
            case ParserState.QueueIdValue:
                _queueId = isNull ? -1 : _canonicalQueueIds.NumberOf(_queueIds, ref json);
                _queueId = _queueId >= 0 && _queueIds[_queueId].Length == 0 ? -1 : _queueId;
                break;
            case ParserState.MediaTypeValue:
                _mediaType = isNull ? -1 : MediaTypeOf(_canonicalMediaTypes.NumberOf(_mediaTypes, ref json));
                break;
            case ParserState.DimensionValue when !isNull && _dimensions?.Set(name, ref json) != true:
                // The dimension was not requested, or its value is empty, which means the same as no value: the group is a part of a requested group.
                _splits.SetDimension(name, CellSplits.TextOf(ref json));
                break;
            case ParserState.QualifierValue:
                _splits.Qualifier = isNull ? null : CellSplits.TextOf(ref json);
                break;
            case ParserState.StatsValue when !isNull:
                // The value is neither an object nor null, so all statistics of the metric are invalid.
                AddInvalid(Statistic.All, ref json);
                break;
        }
    }

    public void Add(Statistic statistic, ref Utf8JsonReader json) => _statistics.Add(statistic, ref json);

    /// <summary>Records an invalid value in place of a statistic or of all statistics.</summary>
    public void AddInvalid(Statistic statistic, ref Utf8JsonReader json) => _statistics.AddInvalid(statistic, ref json);

    public void EndGroup() => _groupIsKnown = true;

    public void EndMetric()
    {
        if (_statistics.IsEmpty || _metric == NotRequested || (_groupIsKnown && _queueId < 0))
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
        var row = _statistics.AddTo(_columns[_metric], cell, _splits.Number, isTimer: _metric < views.Length || _metrics[_metric][0] == 't');
        if (!isPlaced)
        {
            _unplaced.Add(new(_metric, row, _bucket, _splits.Qualifier));
        }
    }

    /// <summary>Records an item of <c>metrics</c> or <c>views</c> that is not an object. The values of the item are lost.</summary>
    public void AddUnreadableMetric()
    {
        Begin(ParserState.Metric);
        _statistics.InvalidateAll(NoMetricValue);
        EndMetric();
    }

    public void EndBucket()
    {
        if (_bucket < 0)
        {
            throw GenesysExceptionFactory.Unreadable("a bucket has no interval");
        }

        foreach (ref var unplaced in CollectionsMarshal.AsSpan(_unplaced)[_unplacedBefore..])
        {
            unplaced = unplaced with { Bucket = _bucket };
        }
    }

    /// <summary>Rows of a group without a queue never get a cell and are dropped.</summary>
    public void EndResult()
    {
        foreach (var unplaced in _unplaced)
        {
            if (_queueId >= 0)
            {
                _columns[unplaced.Metric].Place(unplaced.Row, Cell(unplaced.Bucket), _splits.NumberWith(unplaced.Qualifier));
            }
        }

        _unplaced.Clear();
    }

    /// <summary>Marks the end of what was read so far, for <see cref="Discard"/>. Call it only between pages, when every row has its cell.</summary>
    public FactsMark Mark() => new(_series.Count, [.. _columns.Select(column => column.Rows)]);

    /// <summary>Removes everything that was added since the mark.</summary>
    public void Discard(FactsMark mark)
    {
        _unplaced.Clear();
        _series.RemoveAfter(mark.Series);
        foreach (var (number, column) in _columns.Index())
        {
            column.RemoveAfter(number < mark.Rows.Length ? mark.Rows[number] : 0);
        }
    }

    public AggregateFacts ToFacts() => new(
        edges,
        _series.ToArray(),
        [.. _columns.Select((column, number) => column.ToColumn(_metrics[number])).OfType<FactColumn>()]);

    /// <summary>Groups without a media type and groups with the media type "unknown" are two parts of one series.</summary>
    private int MediaTypeOf(int number)
    {
        if (_mediaTypes[number] is not ("" or NoMediaType))
        {
            return number;
        }

        _splits.SetDimension("mediaType", _mediaTypes[number]);
        return -1;
    }

    /// <summary>The number of a requested view; -1 if the name cannot be read, or <see cref="NotRequested"/>.</summary>
    private int ViewOf(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String || json.ValueTextEquals(""u8))
        {
            return -1;
        }

        for (var number = 0; number < views.Length; number++)
        {
            if (json.ValueTextEquals(views[number].Name))
            {
                return number;
            }
        }

        return NotRequested;
    }

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
        // The series is created with the first value, because a group without values is not a series.
        _seriesNumber = _seriesNumber < 0
            ? _series.NumberOf((_queueId, _mediaType, _dimensions?.Values), _queueIds[_queueId], _mediaType < 0 ? NoMediaType : _mediaTypes[_mediaType])
            : _seriesNumber;
        return checked((_seriesNumber * _bucketCount) + bucket);
    }

    /// <summary>A row without a cell.</summary>
    private readonly record struct Unplaced(int Metric, int Row, int Bucket, string? Qualifier);
}
