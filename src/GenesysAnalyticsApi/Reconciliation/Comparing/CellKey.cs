namespace GenesysAnalyticsApi.Reconciliation.Comparing;

/// <summary>A queue × media type × bucket. Ids and media types are in lower case, because they are equal whatever their case.</summary>
/// <param name="Bucket">The number of the bucket, from 0.</param>
internal readonly record struct CellKey(string QueueId, string MediaType, int Bucket)
{
    public static CellKey Of(string queueId, string mediaType, int bucket) => new(queueId.ToLowerInvariant(), mediaType.ToLowerInvariant(), bucket);
}
