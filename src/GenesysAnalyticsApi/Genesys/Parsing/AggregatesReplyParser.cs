using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;
using static GenesysAnalyticsApi.Genesys.Parsing.ParserStates;
using Place = GenesysAnalyticsApi.Genesys.Parsing.ParserState;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// The grammar of an aggregates answer, token by token, so that it can stop anywhere and go on with the next bytes:
/// <code>
///   { results: [ { group: { queueId, mediaType }, data: [ { interval, metrics: [ { metric, stats: { … } } ] } ] } ] }
/// </code>
/// Keys come in any order, unknown ones are skipped with all that is in them, within a group null is as good as absent.
/// </summary>
internal sealed class AggregatesReplyParser(ImmutableArray<Instant> edges)
{
    private readonly FactsBuilder _facts = new(edges);
    private readonly AggregatesReplyRoot _root = new();

    private Place _place = Place.Start;
    private Place _afterSkip;
    private int _skipDepth;
    private Statistic _statistic;
    private string _member = "";

    public AggregateFacts ToFacts() => _facts.ToFacts();

    public void Take(ref Utf8JsonReader json)
    {
        switch (_place)
        {
            case Place.Stats:
                TakeStatistics(ref json);
                break;
            case Place.StatisticValue:
                TakeStatistic(ref json);
                break;
            case Place.Metric or Place.Bucket or Place.Group or Place.Result:
                TakeKey(ref json);
                break;
            case Place.MetricValue:
                _facts.SetMetric(ref json);
                Pass(ref json, Place.Metric);
                break;
            case Place.QualifierValue:
                _facts.SetQualifier(ref json);
                Pass(ref json, Place.Metric);
                break;
            case Place.IntervalValue:
                _facts.SetInterval(ref json);
                _place = Place.Bucket;
                break;
            case Place.QueueIdValue:
                _facts.SetQueueId(ref json);
                _place = Place.Group;
                break;
            case Place.MediaTypeValue:
                _facts.SetMediaType(ref json);
                _place = Place.Group;
                break;
            case Place.DimensionValue:
                _facts.SetDimension(_member, ref json);
                Pass(ref json, Place.Group);
                break;
            case Place.Skipping:
                _place = json.CurrentDepth == _skipDepth && json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? _afterSkip : _place;
                break;
            case Place.SkippedValue:
                Pass(ref json, _afterSkip);
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
                _place = _root.TakeKey(ref json);
                break;
            case Place.RootValue:
                _root.TakeValue(ref json);
                Pass(ref json, Place.Root);
                break;
            case Place.ResultsValue:
                _place = AggregatesReplyRoot.TakeResults(ref json);
                break;
            case Place.Results:
                TakeItem(ref json, Place.Result, Place.Root, "results");
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
                TakeStats(ref json);
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
            case not JsonTokenType.EndObject when item == Place.Metric:
                _facts.AddNoMetric();
                Pass(ref json, Place.Metrics);
                break;
            default:
                throw GenesysFailures.Unreadable($"an item of '{name}' is not an object");
        }
    }

    private void TakeKey(ref Utf8JsonReader json)
    {
        if (IsEnd(ref json))
        {
            _place = End();
            return;
        }

        (_afterSkip, _place) = (_place, KeyOf(_place, ref json));
        _member = _place == Place.DimensionValue ? json.GetString()! : "";
    }

    private Place End()
    {
        switch (_place)
        {
            case Place.Result:
                _facts.EndResult();
                return Place.Results;
            case Place.Group:
                _facts.EndGroup();
                return Place.Result;
            case Place.Bucket:
                _facts.EndBucket();
                return Place.Data;
            default:
                _facts.EndMetric();
                return Place.Metrics;
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

            _statistic = StatisticReader.Named(ref json);
            if (_statistic == Statistic.Other)
            {
                (_afterSkip, _place) = (Place.Stats, Place.SkippedValue);
                return;
            }

            // Before it is read: it may come with the next bytes, or be no JSON.
            _place = Place.StatisticValue;
            if (!json.Read())
            {
                return;
            }

            TakeStatistic(ref json);
        }
        while (_place == Place.Stats && json.Read());
    }

    private void TakeStatistic(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            _facts.AddOdd(_statistic, ref json);
            Pass(ref json, Place.Stats);
        }
        else
        {
            _facts.Add(_statistic, ref json);
            _place = Place.Stats;
        }
    }

    /// <summary>What stands where the statistics are due, and is none, says that all of them are lost.</summary>
    private void TakeStats(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.StartObject)
        {
            _place = Place.Stats;
            return;
        }

        if (json.TokenType != JsonTokenType.Null)
        {
            _facts.AddOdd(Statistic.Other, ref json);
        }

        Pass(ref json, Place.Metric);
    }

    /// <summary>Passes over a value with all that is in it.</summary>
    private void Pass(ref Utf8JsonReader json, Place after)
    {
        if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            (_skipDepth, _afterSkip, _place) = (json.CurrentDepth, after, Place.Skipping);
        }
        else
        {
            _place = after;
        }
    }
}
