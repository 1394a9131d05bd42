using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using static GenesysAnalyticsApi.Genesys.AggregateFactsSyntax;
using Place = GenesysAnalyticsApi.Genesys.AggregateFactsPlace;

namespace GenesysAnalyticsApi.Genesys;

/// <summary>
/// The grammar of an aggregates answer, token by token, so that it can stop anywhere and go on with the next bytes:
/// <code>
///   { results: [ { group: { queueId, mediaType }, data: [ { interval, metrics: [ { metric, stats: { … } } ] } ] } ] }
/// </code>
/// Keys come in any order, unknown ones are skipped with all that is in them, null is as good as absent.
/// </summary>
internal sealed class AggregateFactsTokens(ImmutableArray<Instant> edges)
{
    private readonly AggregateFactsBuilder _facts = new(edges);

    private JsonReaderState _json;
    private Place _place = Place.Start;
    private Place _afterSkip;
    private int _skipDepth;
    private Statistic _statistic;

    /// <summary>Takes what whole tokens there are, and tells how many bytes they had.</summary>
    public int Feed(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var json = new Utf8JsonReader(bytes, isLast, _json);
        while (json.Read())
        {
            Take(ref json);
        }

        _json = json.CurrentState;
        return (int)json.BytesConsumed;
    }

    public AggregateFacts ToFacts() => _facts.ToFacts();

    private void Take(ref Utf8JsonReader json)
    {
        switch (_place)
        {
            case Place.Stats:
                TakeStatistics(ref json);
                break;
            case Place.StatisticValue:
                _facts.Add(_statistic, ref json);
                _place = Place.Stats;
                break;
            case Place.Metric:
                TakeMetricKey(ref json);
                break;
            case Place.MetricValue:
                _facts.SetMetric(ref json);
                _place = Place.Metric;
                break;
            case Place.Bucket:
                TakeBucketKey(ref json);
                break;
            case Place.IntervalValue:
                _facts.SetInterval(ref json);
                _place = Place.Bucket;
                break;
            case Place.Group:
                TakeGroupKey(ref json);
                break;
            case Place.QueueIdValue:
                _facts.SetQueueId(ref json);
                _place = Place.Group;
                break;
            case Place.MediaTypeValue:
                _facts.SetMediaType(ref json);
                _place = Place.Group;
                break;
            case Place.Skipping:
                _place = json.CurrentDepth == _skipDepth && json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? _afterSkip : _place;
                break;
            case Place.SkippedValue:
                TakeSkipped(ref json);
                break;
            default:
                TakeOuter(ref json);
                break;
        }
    }

    private void TakeOuter(ref Utf8JsonReader json)
    {
        switch (_place)
        {
            case Place.Start:
                _place = json.TokenType == JsonTokenType.StartObject ? Place.Root : throw GenesysFailures.Unreadable("it is not a JSON object");
                break;
            case Place.Root:
                _place = IsEnd(ref json) ? Place.End : json.ValueTextEquals("results"u8) ? Place.ResultsValue : Skip();
                break;
            case Place.ResultsValue:
                _place = Array(ref json, Place.Results, Place.Root, "results");
                break;
            case Place.Results:
                TakeItem(ref json, Place.Result, Place.Root, "results");
                break;
            case Place.Result:
                TakeResultKey(ref json);
                break;
            case Place.GroupValue:
                _place = Object(ref json, Place.Group, Place.Result, "group");
                break;
            case Place.DataValue:
                _place = Array(ref json, Place.Data, Place.Result, "data");
                break;
            case Place.Data:
                TakeItem(ref json, Place.Bucket, Place.Result, "data");
                break;
            case Place.MetricsValue:
                _place = Array(ref json, Place.Metrics, Place.Bucket, "metrics");
                break;
            case Place.Metrics:
                TakeItem(ref json, Place.Metric, Place.Bucket, "metrics");
                break;
            case Place.StatsValue:
                _place = Object(ref json, Place.Stats, Place.Metric, "stats");
                break;
            default:
                throw GenesysFailures.Unreadable("something follows its end");
        }
    }

    private void TakeItem(ref Utf8JsonReader json, Place item, Place outside, string name)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                _facts.Begin(item == Place.Result, item == Place.Bucket);
                _place = item;
                break;
            case JsonTokenType.EndArray:
                _place = outside;
                break;
            case JsonTokenType.Null:
                break;
            default:
                throw GenesysFailures.Unreadable($"an item of '{name}' is not an object");
        }
    }

    private void TakeResultKey(ref Utf8JsonReader json)
    {
        if (IsEnd(ref json))
        {
            _facts.EndResult();
            _place = Place.Results;
        }
        else
        {
            _place = json.ValueTextEquals("data"u8) ? Place.DataValue : json.ValueTextEquals("group"u8) ? Place.GroupValue : Skip();
        }
    }

    private void TakeGroupKey(ref Utf8JsonReader json)
    {
        if (IsEnd(ref json))
        {
            _facts.EndGroup();
            _place = Place.Result;
        }
        else
        {
            _place = json.ValueTextEquals("queueId"u8) ? Place.QueueIdValue : json.ValueTextEquals("mediaType"u8) ? Place.MediaTypeValue : Skip();
        }
    }

    private void TakeBucketKey(ref Utf8JsonReader json)
    {
        if (IsEnd(ref json))
        {
            _facts.EndBucket();
            _place = Place.Data;
        }
        else
        {
            _place = json.ValueTextEquals("metrics"u8) ? Place.MetricsValue : json.ValueTextEquals("interval"u8) ? Place.IntervalValue : Skip();
        }
    }

    private void TakeMetricKey(ref Utf8JsonReader json)
    {
        if (IsEnd(ref json))
        {
            _facts.EndMetric();
            _place = Place.Metrics;
        }
        else
        {
            _place = json.ValueTextEquals("metric"u8) ? Place.MetricValue : json.ValueTextEquals("stats"u8) ? Place.StatsValue : Skip();
        }
    }

    /// <summary>Most of an answer is this, so it is read in a loop of its own while the bytes last.</summary>
    private void TakeStatistics(ref Utf8JsonReader json)
    {
        do
        {
            if (IsEnd(ref json))
            {
                _place = Place.Metric;
                return;
            }

            _statistic = Statistics.Named(ref json);
            if (_statistic == Statistic.Other)
            {
                _place = Skip();
                return;
            }

            if (!json.Read())
            {
                _place = Place.StatisticValue;
                return;
            }

            _facts.Add(_statistic, ref json);
        }
        while (json.Read());
    }

    private void TakeSkipped(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            _skipDepth = json.CurrentDepth;
            _place = Place.Skipping;
        }
        else
        {
            _place = _afterSkip;
        }
    }

    private Place Skip()
    {
        _afterSkip = _place;
        return Place.SkippedValue;
    }
}
