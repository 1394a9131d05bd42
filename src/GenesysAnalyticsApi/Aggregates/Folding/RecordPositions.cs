using GenesysAnalyticsApi.Aggregates.Request;

namespace GenesysAnalyticsApi.Aggregates.Folding;

/// <summary>Which row and bucket each record of a response reads, in the order of the records, and those that it is compared with.</summary>
/// <param name="Previous">Parallel to the records; null without comparison.</param>
internal sealed record RecordPositions(List<RecordPosition> Records, List<PreviousPosition>? Previous)
{
    public static RecordPositions Of(FoldedRows folded, AggregatesQuery query, BucketStatuses buckets, FoldScope scope, ComparedRows? previous)
    {
        var rows = folded.Rows;
        RowGroup[] present = previous is null ? [.. rows.Groups] : [.. rows.Groups.Union(previous.Folded.Rows.Groups)];
        HashSet<RowGroup> filled = query.FillZero ? [.. ZeroFill.Groups(present, query, scope)] : [];
        RowGroup[] groups = [.. present.Union(filled)];
        RecordLabels[] labels = [.. groups.Select((group, i) =>
            RecordLabels.Of(group, scope, i < rows.Groups.Count ? folded.Posting.Posts[i] : CallbackCoverage.PostsWithoutData(group, query)))];
        var isFilled = Array.ConvertAll(groups, filled.Contains);
        var before = previous is null ? null : new PreviousGroups(groups, query, previous);
        var positions = new RecordPositions(new(rows.Count), previous is null ? null : new(rows.Count));
        foreach (var together in RecordOrder.Of(groups, scope))
        {
            for (var bucket = 0; bucket < rows.Buckets; bucket++)
            {
                if (!buckets.Has(bucket))
                {
                    continue;
                }

                foreach (var group in together)
                {
                    var row = group < rows.Groups.Count ? rows.Find(group, bucket) : RecordValues.NoRow;
                    var partner = before?.Find(group, bucket);
                    if (row != RecordValues.NoRow || isFilled[group] || partner is { Row: not RecordValues.NoRow })
                    {
                        positions.Records.Add(new(labels[group], bucket, row));
                        positions.Previous?.Add(partner!.Value);
                    }
                }
            }
        }

        return positions;
    }

    public RecordPositions Pick(IReadOnlyList<int> indexes) =>
        new([.. indexes.Select(index => Records[index])], Previous is { } previous ? [.. indexes.Select(index => previous[index])] : null);

    /// <summary>Finds the rows of the compared interval by the groups of the response.</summary>
    private sealed class PreviousGroups
    {
        private readonly ComparedRows _previous;
        private readonly int[] _groupOf;
        private readonly bool[] _posts;

        public PreviousGroups(RowGroup[] groups, AggregatesQuery query, ComparedRows previous)
        {
            var known = previous.Folded.Rows.Groups.Index().ToDictionary(group => group.Item, group => group.Index);
            _previous = previous;
            _groupOf = Array.ConvertAll(groups, group => known.GetValueOrDefault(group, RecordValues.NoRow));
            _posts = [.. groups.Select((group, i) => _groupOf[i] < 0 ? CallbackCoverage.PostsWithoutData(group, query) : previous.Folded.Posting.Posts[_groupOf[i]])];
        }

        public PreviousPosition Find(int group, int bucket)
        {
            var (partner, known) = (_previous.PartnerOf[bucket], _groupOf[group]);
            return new(partner, partner < 0 || known < 0 ? RecordValues.NoRow : _previous.Folded.Rows.Find(known, partner), _posts[group]);
        }
    }
}

internal readonly record struct RecordPosition(RecordLabels Labels, int Bucket, int Row);

/// <param name="Bucket">Negative if the bucket has no partner.</param>
internal readonly record struct PreviousPosition(int Bucket, int Row, bool Posts);

/// <summary>The rows of the compared interval.</summary>
/// <param name="PartnerOf">By bucket of the response: the bucket that it is compared with, or a negative number.</param>
internal sealed record ComparedRows(FoldedRows Folded, BucketStatuses Buckets, IReadOnlyList<int> PartnerOf);
