using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Aggregates.Planning;
using GenesysAnalyticsApi.Queues.Directory;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates.Response;

/// <summary>
/// An answer as bytes, with all that its headers say: made once, sent to everybody who asks the same, without work per record.
/// Compressed forms are made when first asked for and kept beside it.
/// </summary>
internal sealed class CachedResponse
{
    private static readonly byte[] AsOfMark = "\"asOf\":"u8.ToArray();

    private readonly Lazy<byte[]> _brotli;
    private readonly Lazy<byte[]> _gzip;

    /// <param name="view">Whose answer it is: callers with other views have other tags even where the figures are the same.</param>
    public CachedResponse(byte[] body, AggregatesResult answered, QueueVisibility view)
    {
        Body = body;
        ETag = $"W/\"{Digest(body, view)}\"";
        Slices = [.. answered.Slices.Where(slice => !slice.IsFailed).Select(slice => (slice.Slice, slice.Slice.Key.Text, slice.FetchedAt))];
        Labels = new ResponseFreshness(answered);
        Again = FetchStatistics.ForCachedResponse(Labels.Rows, [.. Slices.Select(slice => slice.Slice)], view);
        DirectoryReadAt = answered.DirectoryReadAt;
        _brotli = new(() => Compress("br"));
        _gzip = new(() => Compress("gzip"));
    }

    public byte[] Body { get; }

    /// <summary>Weak: of the figures and their labels, not of the moment at which they were fetched.</summary>
    public string ETag { get; }

    /// <summary>The slices behind it, by the moment at which each was fetched: another moment is another answer.</summary>
    public ImmutableArray<(Slice Slice, string KeyText, Instant FetchedAt)> Slices { get; }

    public ResponseFreshness Labels { get; }

    /// <summary>What it takes to send it once more.</summary>
    public FetchStatistics Again { get; }

    /// <summary>The queue listing whose names it shows.</summary>
    public Instant? DirectoryReadAt { get; }

    public byte[] Encoded(string? encoding) => encoding switch
    {
        "br" => _brotli.Value,
        "gzip" => _gzip.Value,
        _ => Body,
    };

    private static string Digest(byte[] body, QueueVisibility view)
    {
        // No string in the body can hold this text: its quotes would be escaped. The value behind it ends at the next comma.
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
