using System.Reflection;
using System.Runtime.Serialization;
using GenesysAnalyticsApi.Genesys.Failures;
using GenesysAnalyticsApi.Genesys.Requests;
using PureCloudPlatform.Client.V2.Model;
using Clause = PureCloudPlatform.Client.V2.Model.ConversationAggregateQueryClause;
using Filter = PureCloudPlatform.Client.V2.Model.ConversationAggregateQueryFilter;
using SdkClientConfiguration = PureCloudPlatform.Client.V2.Client.Configuration;
using Predicate = PureCloudPlatform.Client.V2.Model.ConversationAggregateQueryPredicate;
using View = PureCloudPlatform.Client.V2.Model.ConversationAggregationView;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>Converts a query to the SDK's models. Names become enumeration members. A name that the SDK does not know causes an exception.</summary>
internal static class SdkQuery
{
    public static ConversationAggregationQuery Of(AggregatesQueryBody query) => new(
        Interval: query.Interval,
        Granularity: query.Granularity,
        TimeZone: query.TimeZone,
        GroupBy: [.. query.GroupBy.Select(Named<ConversationAggregationQuery.GroupByEnum>)],
        Metrics: [.. query.Metrics.Select(Named<ConversationAggregationQuery.MetricsEnum>)],
        Filter: query.Filter is { } filter ? FilterOf(filter) : null,
        Views: query.Views is { } views ? [.. views.Select(ViewOf)] : null);

    /// <summary>Converts a query to the model of an asynchronous query, which has separate enumerations.</summary>
    public static ConversationAsyncAggregationQuery AsyncOf(AggregatesQueryBody query) => new(
        Interval: query.Interval,
        Granularity: query.Granularity,
        TimeZone: query.TimeZone,
        GroupBy: [.. query.GroupBy.Select(Named<ConversationAsyncAggregationQuery.GroupByEnum>)],
        Metrics: [.. query.Metrics.Select(Named<ConversationAsyncAggregationQuery.MetricsEnum>)],
        Filter: query.Filter is { } filter ? FilterOf(filter) : null,
        Views: query.Views is { } views ? [.. views.Select(ViewOf)] : null,
        PageSize: query.PageSize);

    private static Filter FilterOf(QueryFilter filter) => new(
        Type: Named<Filter.TypeEnum>(filter.Type),
        Clauses: [.. filter.Clauses.Select(clause => new Clause(Type: Named<Clause.TypeEnum>(clause.Type), Predicates: [.. clause.Predicates.Select(PredicateOf)]))]);

    private static Predicate PredicateOf(QueryPredicate predicate) => new(
        Type: Named<Predicate.TypeEnum>(predicate.Type),
        Dimension: Named<Predicate.DimensionEnum>(predicate.Dimension),
        Operator: Named<Predicate.OperatorEnum>(predicate.Operator),
        Value: predicate.Value);

    private static View ViewOf(QueryView view) => new(
        Target: Named<View.TargetEnum>(view.Target),
        Function: Named<View.FunctionEnum>(view.Function),
        Name: view.Name,
        Range: new AggregationRange(Lt: view.Range.Lt));

    /// <summary>Returns the enumeration member for a name that Genesys uses.</summary>
    public static T Named<T>(string name)
        where T : struct, Enum =>
        Names<T>.Members.TryGetValue(name, out var member) ? member : throw GenesysExceptionFactory.NotInSdk(name, SdkClientConfiguration.Version);

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<string, T> Members = typeof(T)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(member => member.GetCustomAttribute<EnumMemberAttribute>()!.Value!, member => (T)member.GetValue(null)!, StringComparer.Ordinal);
    }
}
