using System.Text.Json;
using GenesysAnalyticsApi.Facts;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Text;
using State = GenesysAnalyticsApi.Genesys.Parsing.ParserState;

namespace GenesysAnalyticsApi.Genesys.Parsing;

/// <summary>
/// A state machine that parses an aggregates reply token by token, so it can pause after any token and continue with the next bytes. The form of a reply:
/// <code>
///   { results: [ { group: { queueId, mediaType, … }, data: [ { interval, metrics: [ { metric, stats: { … } } ], views: [ { name, stats: { … } } ] } ] } ] }
/// </code>
/// Keys can come in any order. Unknown keys are skipped with their values. A key with the value null counts as absent, except <c>results</c>.
/// </summary>
/// <param name="facts">Receives the values.</param>
/// <param name="hasViews">Whether views were requested. If not, <c>views</c> is an unknown key.</param>
/// <param name="isPage">Whether the reply is a page, which can contain a <c>cursor</c>, even without <c>results</c>.</param>
internal sealed class AggregatesReplyParser(FactsBuilder facts, bool hasViews, bool isPage = false)
{
    private State _state = State.Start;

    /// <summary>The object that the key or the skipped value belongs to.</summary>
    private State _parent;

    /// <summary>What the statistics belong to: a metric or a view.</summary>
    private State _item;
    private int _skipDepth;
    private Statistic _statistic;
    private string _member = "";
    private string? _otherMember;
    private bool _hasResults;

    /// <summary>The number of items of <c>results</c>.</summary>
    public int Results { get; private set; }

    /// <summary>The cursor of the next page; null on the last page.</summary>
    public string? Cursor { get; private set; }

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
            case State.Skipping:
                _state = json.CurrentDepth == _skipDepth && json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? _parent : _state;
                break;
            case State.Metric or State.View or State.Bucket or State.Group or State.Result or State.Root:
                TakeKey(ref json);
                break;
            case State.Metrics:
                TakeItem(ref json, State.Metric, State.Bucket, "metrics");
                break;
            case State.Views:
                TakeItem(ref json, State.View, State.Bucket, "views");
                break;
            case State.Data:
                TakeItem(ref json, State.Bucket, State.Result, "data");
                break;
            case State.Results:
                TakeItem(ref json, State.Result, State.Root, "results");
                break;
            default:
                TakeValue(ref json);
                break;
        }
    }

    private void TakeItem(ref Utf8JsonReader json, State item, State parent, string name)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.StartObject:
                facts.Begin(item);
                Results += item == State.Result ? 1 : 0;
                (_state, _item) = (item, item);
                break;
            case JsonTokenType.EndArray:
                _state = parent;
                break;
            case not JsonTokenType.EndObject when item is State.Metric or State.View:
                facts.AddUnreadableMetric();
                _state = Skip(ref json, _state);
                break;
            default:
                throw GenesysExceptionFactory.Unreadable($"an item of '{name}' is not an object");
        }
    }

    private void TakeKey(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.EndObject)
        {
            _state = End();
            return;
        }

        (_parent, _state) = (_state, KeyOf(ref json));
        _member = _state is State.DimensionValue or State.RootValue ? json.GetString()! : "";
        _hasResults |= _state == State.ResultsValue;
    }

    /// <summary>The state for the value of a key. Unknown keys are skipped, except dimensions of a group.</summary>
    private State KeyOf(ref Utf8JsonReader json) => _state switch
    {
        State.Root => json.ValueTextEquals("results"u8) ? State.ResultsValue : State.RootValue,
        State.Result when json.ValueTextEquals("data"u8) => State.DataValue,
        State.Result when json.ValueTextEquals("group"u8) => State.GroupValue,
        State.Group when json.ValueTextEquals("queueId"u8) => State.QueueIdValue,
        State.Group when json.ValueTextEquals("mediaType"u8) => State.MediaTypeValue,
        State.Group => State.DimensionValue,
        State.Bucket when json.ValueTextEquals("metrics"u8) => State.MetricsValue,
        State.Bucket when json.ValueTextEquals("interval"u8) => State.IntervalValue,
        State.Bucket when hasViews && json.ValueTextEquals("views"u8) => State.ViewsValue,
        State.Metric when json.ValueTextEquals("metric"u8) => State.MetricValue,
        State.View when json.ValueTextEquals("name"u8) => State.ViewNameValue,
        State.Metric or State.View when json.ValueTextEquals("stats"u8) => State.StatsValue,
        State.Metric or State.View when json.ValueTextEquals("qualifier"u8) => State.QualifierValue,
        _ => State.SkippedValue,
    };

    /// <summary>
    /// Ends the current object and returns the next state. If there is no data, Genesys omits <c>results</c> and sends no other members. The reply is
    /// unreadable if <c>results</c> is null, or if there are other members without <c>results</c>.
    /// </summary>
    private State End()
    {
        switch (_state)
        {
            case State.Result:
                facts.EndResult();
                return State.Results;
            case State.Group:
                facts.EndGroup();
                return State.Result;
            case State.Bucket:
                facts.EndBucket();
                return State.Data;
            case State.Metric:
                facts.EndMetric();
                return State.Metrics;
            case State.View:
                facts.EndMetric();
                return State.Views;
            default:
                return _hasResults || _otherMember is null
                    ? State.End
                    : throw GenesysExceptionFactory.Unreadable($"it has '{InputExcerpt.Of(_otherMember)}' but no 'results'");
        }
    }

    private void TakeValue(ref Utf8JsonReader json) => _state = (_state, json.TokenType) switch
    {
        (State.Start, JsonTokenType.StartObject) => State.Root,
        (State.ResultsValue, JsonTokenType.StartArray) => State.Results,
        (State.GroupValue, JsonTokenType.StartObject) => State.Group,
        (State.DataValue, JsonTokenType.StartArray) => State.Data,
        (State.MetricsValue, JsonTokenType.StartArray) => State.Metrics,
        (State.ViewsValue, JsonTokenType.StartArray) => State.Views,
        (State.StatsValue, JsonTokenType.StartObject) => State.Stats,
        (State.GroupValue or State.DataValue or State.MetricsValue or State.ViewsValue, JsonTokenType.Null) => _parent,
        (State.Start, _) => throw GenesysExceptionFactory.Unreadable("it is not a JSON object"),
        (State.ResultsValue, _) => throw GenesysExceptionFactory.Unreadable("'results' is not a list"),
        (State.GroupValue, _) => throw GenesysExceptionFactory.Unreadable("'group' is not an object"),
        (State.DataValue, _) => throw GenesysExceptionFactory.Unreadable("'data' is not a list"),
        (State.MetricsValue, _) => throw GenesysExceptionFactory.Unreadable("'metrics' is not a list"),
        (State.ViewsValue, _) => throw GenesysExceptionFactory.Unreadable("'views' is not a list"),
        (State.End, _) => throw GenesysExceptionFactory.Unreadable("it has data after its end"),
        _ => SetValue(ref json),
    };

    private State SetValue(ref Utf8JsonReader json)
    {
        if (_state != State.RootValue)
        {
            facts.Set(_state, _member, ref json);
        }
        else if (isPage && _member == "cursor")
        {
            Cursor = json.TokenType is JsonTokenType.String or JsonTokenType.Null ? json.GetString() : throw GenesysExceptionFactory.Unreadable("'cursor' is not text");
        }
        else if (json.TokenType != JsonTokenType.Null)
        {
            // Genesys sometimes sends error bodies with a success status.
            _otherMember = _member is not ("message" or "code" or "status" or "error" or "errorCode")
                ? _member
                : throw GenesysExceptionFactory.Unreadable($"it has an error body with '{_member}' although its status is a success");
        }

        return Skip(ref json, _parent);
    }

    /// <summary>Statistics make up most of a reply, so a tight loop reads them as long as bytes are available.</summary>
    private void TakeStatistics(ref Utf8JsonReader json)
    {
        do
        {
            if (json.TokenType == JsonTokenType.EndObject)
            {
                _state = _item;
                return;
            }

            _statistic = StatisticReader.Parse(ref json);
            if (_statistic == Statistic.All)
            {
                (_parent, _state) = (State.Stats, State.SkippedValue);
                return;
            }

            // The state is set before the value is read, because the value can arrive with the next bytes, or be NaN, which is not JSON.
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
            facts.AddInvalid(_statistic, ref json);
            _state = Skip(ref json, State.Stats);
        }
        else
        {
            facts.Add(_statistic, ref json);
            _state = State.Stats;
        }
    }

    /// <summary>Skips a value with everything inside it, or a scalar that has been read.</summary>
    /// <returns>The next state.</returns>
    private State Skip(ref Utf8JsonReader json, State parent)
    {
        (_skipDepth, _parent) = (json.CurrentDepth, parent);
        return json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? State.Skipping : parent;
    }
}
