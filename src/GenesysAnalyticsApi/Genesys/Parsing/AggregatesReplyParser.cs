using System.Collections.Immutable;
using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using NodaTime;
using static GenesysAnalyticsApi.Genesys.Parsing.ParserStates;
using State = GenesysAnalyticsApi.Genesys.Parsing.ParserState;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// A state machine that parses an aggregates reply token by token, so that it can pause anywhere and continue with the next bytes:
/// <code>
///   { results: [ { group: { queueId, mediaType }, data: [ { interval, metrics: [ { metric, stats: { … } } ] } ] } ] }
/// </code>
/// Keys may come in any order. Unknown keys are skipped with their values. Within a group, null means absent.
/// </summary>
internal sealed class AggregatesReplyParser(ImmutableArray<Instant> edges)
{
    private readonly FactsBuilder _facts = new(edges);
    private readonly AggregatesReplyRoot _root = new();

    private State _state = State.Start;
    private State _afterSkip;
    private int _skipDepth;
    private Statistic _statistic;
    private string _member = "";

    public AggregateFacts ToFacts() => _facts.ToFacts();

    public void Take(ref Utf8JsonReader json)
    {
        switch (_state)
        {
            case State.Stats:
                TakeStatistics(ref json);
                break;
            case State.StatisticValue:
                TakeStatistic(ref json);
                break;
            case State.Metric or State.Bucket or State.Group or State.Result:
                TakeKey(ref json);
                break;
            case State.MetricValue:
                _facts.SetMetric(ref json);
                Skip(ref json, State.Metric);
                break;
            case State.QualifierValue:
                _facts.SetQualifier(ref json);
                Skip(ref json, State.Metric);
                break;
            case State.IntervalValue:
                _facts.SetInterval(ref json);
                _state = State.Bucket;
                break;
            case State.QueueIdValue:
                _facts.SetQueueId(ref json);
                _state = State.Group;
                break;
            case State.MediaTypeValue:
                _facts.SetMediaType(ref json);
                _state = State.Group;
                break;
            case State.DimensionValue:
                _facts.SetDimension(_member, ref json);
                Skip(ref json, State.Group);
                break;
            case State.Skipping:
                _state = json.CurrentDepth == _skipDepth && json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? _afterSkip : _state;
                break;
            case State.SkippedValue:
                Skip(ref json, _afterSkip);
                break;
            default:
                TakeOuter(ref json);
                break;
        }
    }

    private void TakeOuter(ref Utf8JsonReader json)
    {
        switch (_state)
        {
            case State.Start:
                _state = json.TokenType == JsonTokenType.StartObject ? State.Root : throw GenesysFailures.Unreadable("it is not a JSON object");
                break;
            case State.Root:
                _state = _root.TakeKey(ref json);
                break;
            case State.RootValue:
                _root.TakeValue(ref json);
                Skip(ref json, State.Root);
                break;
            case State.ResultsValue:
                _state = AggregatesReplyRoot.TakeResults(ref json);
                break;
            case State.Results:
                TakeItem(ref json, State.Result, State.Root, "results");
                break;
            case State.GroupValue:
                _state = Object(ref json, State.Group, State.Result, "group");
                break;
            case State.DataValue:
                _state = Array(ref json, State.Data, State.Result, "data");
                break;
            case State.Data:
                TakeItem(ref json, State.Bucket, State.Result, "data");
                break;
            case State.MetricsValue:
                _state = Array(ref json, State.Metrics, State.Bucket, "metrics");
                break;
            case State.Metrics:
                TakeItem(ref json, State.Metric, State.Bucket, "metrics");
                break;
            case State.StatsValue:
                TakeStats(ref json);
                break;
            default:
                throw GenesysFailures.Unreadable("it has data after its end");
        }
    }

    private void TakeItem(ref Utf8JsonReader json, State item, State parent, string name)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                _facts.Begin(item == State.Result, item == State.Bucket);
                _state = item;
                break;
            case JsonTokenType.EndArray:
                _state = parent;
                break;
            case not JsonTokenType.EndObject when item == State.Metric:
                _facts.AddUnreadableMetric();
                Skip(ref json, State.Metrics);
                break;
            default:
                throw GenesysFailures.Unreadable($"an item of '{name}' is not an object");
        }
    }

    private void TakeKey(ref Utf8JsonReader json)
    {
        if (IsEnd(ref json))
        {
            _state = End();
            return;
        }

        (_afterSkip, _state) = (_state, KeyOf(_state, ref json));
        _member = _state == State.DimensionValue ? json.GetString()! : "";
    }

    private State End()
    {
        switch (_state)
        {
            case State.Result:
                _facts.EndResult();
                return State.Results;
            case State.Group:
                _facts.EndGroup();
                return State.Result;
            case State.Bucket:
                _facts.EndBucket();
                return State.Data;
            default:
                _facts.EndMetric();
                return State.Metrics;
        }
    }

    /// <summary>Statistics make up most of a reply, so a tight loop reads them as long as bytes are available.</summary>
    private void TakeStatistics(ref Utf8JsonReader json)
    {
        do
        {
            if (IsEnd(ref json))
            {
                _state = State.Metric;
                return;
            }

            _statistic = StatisticReader.Parse(ref json);
            if (_statistic == Statistic.Other)
            {
                (_afterSkip, _state) = (State.Stats, State.SkippedValue);
                return;
            }

            // Set before reading the value: it may arrive with the next bytes, or be NaN, which is not JSON.
            _state = State.StatisticValue;
            if (!json.Read())
            {
                return;
            }

            TakeStatistic(ref json);
        }
        while (_state == State.Stats && json.Read());
    }

    private void TakeStatistic(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            _facts.AddInvalid(_statistic, ref json);
            Skip(ref json, State.Stats);
        }
        else
        {
            _facts.Add(_statistic, ref json);
            _state = State.Stats;
        }
    }

    /// <summary>A <c>stats</c> value that is neither an object nor null makes all statistics of the metric invalid.</summary>
    private void TakeStats(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.StartObject)
        {
            _state = State.Stats;
            return;
        }

        if (json.TokenType != JsonTokenType.Null)
        {
            _facts.AddInvalid(Statistic.Other, ref json);
        }

        Skip(ref json, State.Metric);
    }

    /// <summary>Skips a value with everything inside it.</summary>
    private void Skip(ref Utf8JsonReader json, State after)
    {
        if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            (_skipDepth, _afterSkip, _state) = (json.CurrentDepth, after, State.Skipping);
        }
        else
        {
            _state = after;
        }
    }
}
