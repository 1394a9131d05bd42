namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>A queue × media type × bucket. Ids and media types are in the spelling of Genesys, and are compared without regard to case.</summary>
/// <param name="Bucket">The number of the bucket, from 0.</param>
internal readonly record struct CellKey(string QueueId, string MediaType, int Bucket)
{
    public bool Equals(CellKey other) =>
        Bucket == other.Bucket && QueueId.Equals(other.QueueId, StringComparison.OrdinalIgnoreCase) && MediaType.Equals(other.MediaType, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() =>
        HashCode.Combine(QueueId.GetHashCode(StringComparison.OrdinalIgnoreCase), MediaType.GetHashCode(StringComparison.OrdinalIgnoreCase), Bucket);
}
