namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>Identifies a cell: a queue × media type × bucket. Ids and media types are spelled as in Genesys, and compared without regard to case.</summary>
/// <param name="Bucket">The index of the bucket, from 0.</param>
internal readonly record struct CellKey(string QueueId, string MediaType, int Bucket)
{
    public bool Equals(CellKey other) =>
        Bucket == other.Bucket && QueueId.Equals(other.QueueId, StringComparison.OrdinalIgnoreCase) && MediaType.Equals(other.MediaType, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() =>
        HashCode.Combine(QueueId.GetHashCode(StringComparison.OrdinalIgnoreCase), MediaType.GetHashCode(StringComparison.OrdinalIgnoreCase), Bucket);
}
