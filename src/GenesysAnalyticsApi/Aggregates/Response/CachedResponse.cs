using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Queues.Directory;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// A serialised response with the data for its headers. It is built once and sent for every equal query, without work per record. Each
/// compressed form is created on first use and then reused.
/// </summary>
internal sealed class CachedResponse
{
    private static readonly byte[] AsOfMark = "\"asOf\":"u8.ToArray();

    private readonly Lazy<byte[]> _brotli;
    private readonly Lazy<byte[]> _gzip;

    /// <param name="view">Part of the ETag: callers with different views get different ETags, even for the same figures.</param>
    public CachedResponse(byte[] body, AggregatesResult result, QueueVisibility view)
    {
        Body = body;
        ETag = $"W/\"{Digest(body, view)}\"";
        Slices = [.. result.Slices.Where(slice => !slice.IsFailed).Select(slice => (slice.Slice, slice.Slice.Key.Text, slice.FetchedAt))];
        Labels = new ResponseFreshness(result);
        Again = FetchStatistics.ForCachedResponse(Labels.Rows, [.. Slices.Select(slice => slice.Slice)], view);
        DirectoryReadAt = result.DirectoryReadAt;
        _brotli = new(() => Compress("br"));
        _gzip = new(() => Compress("gzip"));
    }

    public byte[] Body { get; }

    /// <summary>Weak: it covers the figures and their labels, but not the fetch time.</summary>
    public string ETag { get; }

    /// <summary>The slices in the response, with their fetch times. The response is outdated once one of them was fetched again.</summary>
    public ImmutableArray<(Slice Slice, string KeyText, Instant FetchedAt)> Slices { get; }

    public ResponseFreshness Labels { get; }

    /// <summary>The statistics of a request that is served from the cache.</summary>
    public FetchStatistics Again { get; }

    /// <summary>When the queue listing with the names in the response was read.</summary>
    public Instant? DirectoryReadAt { get; }

    public byte[] Encoded(string? encoding) => encoding switch
    {
        "br" => _brotli.Value,
        "gzip" => _gzip.Value,
        _ => Body,
    };

    private static string Digest(byte[] body, QueueVisibility view)
    {
        // No string in the body can contain this text, because its quotes would be escaped. The value after it ends at the next comma.
        var mark = body.AsSpan().IndexOf(AsOfMark);
        var end = mark < 0 ? 0 : mark + body.AsSpan(mark).IndexOf((byte)',');
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"json|{view.Key}|"));
        hash.AppendData(body, 0, Math.Max(0, mark));
        hash.AppendData(body, end, body.Length - end);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private byte[] Compress(string coding)
    {
        using var target = new MemoryStream(Body.Length / 4);
        using (var encoding = ContentCoding.Encoder(coding, target))
        {
            encoding.Write(Body);
        }

        return target.ToArray();
    }
}
