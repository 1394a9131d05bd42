using GenesysAnalyticsApi.Genesys.RealTime;
using GenesysAnalyticsApi.Genesys.Requests;
using PureCloudPlatform.Client.V2.Model;
using ConversationsFilter = PureCloudPlatform.Client.V2.Model.ConversationActivityQueryFilter;
using ConversationsMetric = PureCloudPlatform.Client.V2.Model.ConversationActivityQueryMetric;
using ConversationsPredicate = PureCloudPlatform.Client.V2.Model.ConversationActivityQueryPredicate;
using ObservationFilter = PureCloudPlatform.Client.V2.Model.QueueObservationQueryFilter;
using ObservationPredicate = PureCloudPlatform.Client.V2.Model.QueueObservationQueryPredicate;
using UsersFilter = PureCloudPlatform.Client.V2.Model.RoutingActivityQueryFilter;
using UsersMetric = PureCloudPlatform.Client.V2.Model.RoutingActivityQueryMetric;
using UsersPredicate = PureCloudPlatform.Client.V2.Model.RoutingActivityQueryPredicate;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>Converts queries for the current state of queues to the SDK's models, which have separate enumerations for each request.</summary>
internal static class SdkActivityQuery
{
    public static ConversationActivityQuery ConversationsOf(ActivityQueryBody query) => new(
        Metrics: [.. query.Metrics.Select(metric => new ConversationsMetric(Metric: SdkQuery.Named<ConversationsMetric.MetricEnum>(metric.Metric)))],
        GroupBy: [.. query.GroupBy.Select(SdkQuery.Named<ConversationActivityQuery.GroupByEnum>)],
        Filter: query.Filter is { } filter
            ? new ConversationsFilter(Type: SdkQuery.Named<ConversationsFilter.TypeEnum>(filter.Type), Predicates: [.. filter.Predicates.Select(ConversationsPredicateOf)])
            : null);

    public static RoutingActivityQuery UsersOf(ActivityQueryBody query) => new(
        Metrics: [.. query.Metrics.Select(metric => new UsersMetric(Metric: SdkQuery.Named<UsersMetric.MetricEnum>(metric.Metric)))],
        GroupBy: [.. query.GroupBy.Select(SdkQuery.Named<RoutingActivityQuery.GroupByEnum>)],
        Filter: query.Filter is { } filter
            ? new UsersFilter(Type: SdkQuery.Named<UsersFilter.TypeEnum>(filter.Type), Predicates: [.. filter.Predicates.Select(UsersPredicateOf)])
            : null);

    public static QueueObservationQuery ObservationsOf(ObservationsQueryBody query) => new(
        Filter: new ObservationFilter(
            Type: SdkQuery.Named<ObservationFilter.TypeEnum>(query.Filter.Type), Predicates: [.. query.Filter.Predicates.Select(ObservationPredicateOf)]),
        Metrics: [.. query.Metrics.Select(SdkQuery.Named<QueueObservationQuery.MetricsEnum>)]);

    private static ConversationsPredicate ConversationsPredicateOf(QueryPredicate predicate) => new(
        Type: SdkQuery.Named<ConversationsPredicate.TypeEnum>(predicate.Type),
        Dimension: SdkQuery.Named<ConversationsPredicate.DimensionEnum>(predicate.Dimension),
        Operator: SdkQuery.Named<ConversationsPredicate.OperatorEnum>(predicate.Operator),
        Value: predicate.Value);

    private static UsersPredicate UsersPredicateOf(QueryPredicate predicate) => new(
        Type: SdkQuery.Named<UsersPredicate.TypeEnum>(predicate.Type),
        Dimension: SdkQuery.Named<UsersPredicate.DimensionEnum>(predicate.Dimension),
        Operator: SdkQuery.Named<UsersPredicate.OperatorEnum>(predicate.Operator),
        Value: predicate.Value);

    private static ObservationPredicate ObservationPredicateOf(QueryPredicate predicate) => new(
        Type: SdkQuery.Named<ObservationPredicate.TypeEnum>(predicate.Type),
        Dimension: SdkQuery.Named<ObservationPredicate.DimensionEnum>(predicate.Dimension),
        Operator: SdkQuery.Named<ObservationPredicate.OperatorEnum>(predicate.Operator),
        Value: predicate.Value);
}
