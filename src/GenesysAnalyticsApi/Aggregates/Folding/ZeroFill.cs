using GenesysAnalyticsApi.Aggregates.Request;
using GenesysAnalyticsApi.Facts;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>
/// Fills the grid of a response. Queues: the selected ones, or else those with rows. Media types: the requested ones, or else those with data for the
/// queue. A queue without data gets one row per bucket with a null media type. Message types and directions: the requested ones, or else those with
/// data for the queue and media type.
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

    /// <summary>The values of filled groups in the dimensions that Genesys splits on request.</summary>
    private sealed class FilledValues(IReadOnlyList<RowGroup> present, AggregatesQuery query)
    {
        private static readonly DimensionValues?[] None = [null];

        private readonly Dimensions _set = Groupings.DimensionsOf(query.GroupBy);
        private readonly Lazy<ILookup<RowGroup, DimensionValues?>> _present = new(() => present.ToLookup(group => group with { Values = null }, group => group.Values));

        public IEnumerable<DimensionValues?> Of(RowGroup group)
        {
            if (_set == Dimensions.None)
            {
                return None;
            }

            var own = _present.Value[group].Distinct().ToList();
            string?[] types = _set.HasFlag(Dimensions.MessageType) && !query.MessageTypes.IsEmpty ? [.. query.MessageTypes] : [null];
            return own.Concat(types
                .Where(type => !own.Exists(values => type is null || string.Equals(values?[Dimensions.MessageType], type, StringComparison.OrdinalIgnoreCase)))
                .Select(type => DimensionValues.Of(_set, dimension => dimension == Dimensions.MessageType ? type : query.Direction)));
        }
    }
}
