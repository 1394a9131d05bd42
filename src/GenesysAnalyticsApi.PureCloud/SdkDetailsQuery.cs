using System.Collections.Immutable;
using GenesysAnalyticsApi.Genesys.Details;
using GenesysAnalyticsApi.Genesys.Requests;
using PureCloudPlatform.Client.V2.Model;
using ConversationClause = PureCloudPlatform.Client.V2.Model.ConversationDetailQueryClause;
using ConversationFilter = PureCloudPlatform.Client.V2.Model.ConversationDetailQueryFilter;
using ConversationPredicate = PureCloudPlatform.Client.V2.Model.ConversationDetailQueryPredicate;
using SegmentClause = PureCloudPlatform.Client.V2.Model.SegmentDetailQueryClause;
using SegmentFilter = PureCloudPlatform.Client.V2.Model.SegmentDetailQueryFilter;
using SegmentPredicate = PureCloudPlatform.Client.V2.Model.SegmentDetailQueryPredicate;

namespace GenesysAnalyticsApi.PureCloud;

/// <summary>Converts a query for conversation details to the SDK's models, which have separate enumerations for conversations and segments.</summary>
internal static class SdkDetailsQuery
{
    public static ConversationQuery Of(DetailsQueryBody query) => new(
        Interval: query.Interval,
        Order: SdkQuery.Named<ConversationQuery.OrderEnum>(query.Order),
        OrderBy: SdkQuery.Named<ConversationQuery.OrderByEnum>(query.OrderBy),
        ConversationFilters: ConversationFiltersOf(query.ConversationFilters),
        SegmentFilters: SegmentFiltersOf(query.SegmentFilters),
        Paging: new PagingSpec(PageSize: query.Paging.PageSize, PageNumber: query.Paging.PageNumber));

    public static AsyncConversationQuery AsyncOf(DetailsJobBody job) => new(
        Interval: job.Interval,
        Order: SdkQuery.Named<AsyncConversationQuery.OrderEnum>(job.Order),
        OrderBy: SdkQuery.Named<AsyncConversationQuery.OrderByEnum>(job.OrderBy),
        ConversationFilters: ConversationFiltersOf(job.ConversationFilters),
        SegmentFilters: SegmentFiltersOf(job.SegmentFilters));

    private static List<ConversationFilter>? ConversationFiltersOf(ImmutableArray<DetailsFilterBody>? filters) =>
        filters is { } given ? [.. given.Select(ConversationFilterOf)] : null;

    private static ConversationFilter ConversationFilterOf(DetailsFilterBody filter) => new(
        Type: SdkQuery.Named<ConversationFilter.TypeEnum>(filter.Type),
        Clauses: filter.Clauses is { } clauses
            ? [.. clauses.Select(clause => new ConversationClause(
                Type: SdkQuery.Named<ConversationClause.TypeEnum>(clause.Type), Predicates: [.. clause.Predicates.Select(ConversationPredicateOf)]))]
            : null,
        Predicates: filter.Predicates is { } predicates ? [.. predicates.Select(ConversationPredicateOf)] : null);

    private static ConversationPredicate ConversationPredicateOf(QueryPredicate predicate) => new(
        Type: SdkQuery.Named<ConversationPredicate.TypeEnum>(predicate.Type),
        Dimension: SdkQuery.Named<ConversationPredicate.DimensionEnum>(predicate.Dimension),
        Operator: SdkQuery.Named<ConversationPredicate.OperatorEnum>(predicate.Operator),
        Value: predicate.Value);

    private static List<SegmentFilter>? SegmentFiltersOf(ImmutableArray<DetailsFilterBody>? filters) =>
        filters is { } given ? [.. given.Select(SegmentFilterOf)] : null;

    private static SegmentFilter SegmentFilterOf(DetailsFilterBody filter) => new(
        Type: SdkQuery.Named<SegmentFilter.TypeEnum>(filter.Type),
        Clauses: filter.Clauses is { } clauses
            ? [.. clauses.Select(clause => new SegmentClause(
                Type: SdkQuery.Named<SegmentClause.TypeEnum>(clause.Type), Predicates: [.. clause.Predicates.Select(SegmentPredicateOf)]))]
            : null,
        Predicates: filter.Predicates is { } predicates ? [.. predicates.Select(SegmentPredicateOf)] : null);

    private static SegmentPredicate SegmentPredicateOf(QueryPredicate predicate) => new(
        Type: SdkQuery.Named<SegmentPredicate.TypeEnum>(predicate.Type),
        Dimension: SdkQuery.Named<SegmentPredicate.DimensionEnum>(predicate.Dimension),
        Operator: SdkQuery.Named<SegmentPredicate.OperatorEnum>(predicate.Operator),
        Value: predicate.Value);
}
