using System.Collections.Immutable;
using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Determines the groups of a filled grid. The grid contains the selected queues or, without a selection, the queues with rows. For each queue, the grid
/// contains the requested media types or, if none are requested, the media types with data; a queue without data gets one row per bucket with a null media
/// type. In further dimensions, the grid contains the requested values and the values with data for the queue and media type. The grid contains both
/// directions unless one direction is requested.
/// </summary>
internal static class ZeroFill
{
    /// <summary>The groups that have a record in every bucket.</summary>
    public static IEnumerable<RowGroup> Groups(IReadOnlyList<RowGroup> present, AggregatesQuery query, FoldScope scope)
    {
        var (byQueue, byDivision) = (query.GroupBy.HasFlag(Grouping.Queue), query.GroupBy.HasFlag(Grouping.Division));
        var owners = scope.Selection.All
            ? present.Select(group => group with { MediaType = null, Values = null })
            : scope.Selection.QueueIds.Select(id => new RowGroup(byQueue ? id : null, null, byDivision ? scope.QueueOf(id)?.DivisionId : null));
        if (!byQueue && !byDivision)
        {
            // Rows rolled up over all queues exist even if there is no data.
            owners = owners.DefaultIfEmpty();
        }

        var mediaTypes = present.ToLookup(group => group with { MediaType = null, Values = null }, group => group.MediaType);
        var values = new FilledValues(present, query);
        foreach (var owner in owners.Distinct())
        {
            var own = !query.GroupBy.HasFlag(Grouping.MediaType) ? [null]
                : !query.MediaTypes.IsEmpty ? query.MediaTypes
                : mediaTypes[owner].DefaultIfEmpty();
            foreach (var mediaType in own)
            {
                foreach (var filled in values.Of(owner with { MediaType = mediaType }))
                {
                    yield return owner with { MediaType = mediaType, Values = filled };
                }
            }
        }
    }

    /// <summary>The values of filled groups in the dimensions by which Genesys splits figures on request.</summary>
    private sealed class FilledValues(IReadOnlyList<RowGroup> present, AggregatesQuery query)
    {
        private static readonly DimensionValues?[] None = [null];
        private static readonly string?[] NoValue = [null];

        private readonly Dimensions _set = Groupings.DimensionsOf(query.GroupBy);
        private readonly Lazy<List<DimensionValues>> _filled = new(() => Combinations(Groupings.DimensionsOf(query.GroupBy), query));
        private readonly Lazy<ILookup<RowGroup, DimensionValues?>> _present = new(() => present.ToLookup(group => group with { Values = null }, group => group.Values));

        public IEnumerable<DimensionValues?> Of(RowGroup group)
        {
            if (_set == Dimensions.None)
            {
                return None;
            }

            var own = _present.Value[group].Distinct().ToList();
            return own.Concat(_filled.Value.Where(filled => !own.Exists(values => Covers(values!, filled))));
        }

        /// <summary>Every combination of the values that the grid always contains in each dimension; null in a dimension without such values.</summary>
        private static List<DimensionValues> Combinations(Dimensions set, AggregatesQuery query)
        {
            List<ImmutableDictionary<Dimensions, string?>> all = [ImmutableDictionary<Dimensions, string?>.Empty];
            foreach (var dimension in Dimension.Of(set))
            {
                all = [.. all.SelectMany(values => ValuesOf(dimension.Flag, query).Select(value => values.Add(dimension.Flag, value)))];
            }

            return all.ConvertAll(values => DimensionValues.Of(set, dimension => values[dimension])!);
        }

        private static string?[] ValuesOf(Dimensions dimension, AggregatesQuery query) => dimension switch
        {
            Dimensions.MessageType when !query.MessageTypes.IsEmpty => [.. query.MessageTypes],
            Dimensions.Direction => query.Direction is { } direction ? [direction] : AggregatesParametersValidator.Directions,
            Dimensions.User when query.HasUserFilter => [.. query.UserIds],
            Dimensions.WrapUpCode when !query.WrapUpCodes.IsEmpty => [.. query.WrapUpCodes],
            _ => NoValue,
        };

        private static bool Covers(DimensionValues present, DimensionValues filled) => Dimension.Of(filled.Set).All(dimension =>
            filled[dimension.Flag] is not { } value || string.Equals(present[dimension.Flag], value, StringComparison.OrdinalIgnoreCase));
    }
}
