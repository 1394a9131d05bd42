using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using GenesysAnalyticsApi.Queues;
using NodaTime;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>
/// An answer as bytes, with all that its headers say: made once, sent to everybody who asks the same, without work per record.
/// Compressed forms are made when first asked for and kept beside it.
/// </summary>
internal sealed class PreparedAnswer
{
    private static readonly byte[] AsOfMark = "\"asOf\":"u8.ToArray();

    private readonly Lazy<byte[]> _brotli;
    private readonly Lazy<byte[]> _gzip;
    private readonly LastText<long> _mayBeKept = new(seconds => string.Create(CultureInfo.InvariantCulture, $"private, max-age={seconds}"));

    /// <param name="view">Whose answer it is: callers with other views have other tags even where the figures are the same.</param>
    public PreparedAnswer(byte[] body, Answered answered, QueueView view)
    {
        Body = body;
        ETag = $"W/\"{Digest(body, view)}\"";
        Slices = [.. answered.Slices.Where(slice => !slice.IsFailed).Select(slice => (slice.Slice, slice.Slice.Key.Text, slice.FetchedAt))];
        DueAt = answered.Slices.Select(slice => slice.DueAt).DefaultIfEmpty(Instant.MaxValue).Min();
        IsWhole = answered.Slices.All(slice => !slice.IsFailed && !slice.IsStale);
        AsOf = answered.Meta.AsOf;
        IsStale = answered.Meta.Stale;
        HasGaps = !answered.Meta.Complete;
        OpenSince = answered.OpenSince;
        Rows = answered.Records.Count;
        Again = AnswerEffort.Again(Rows, Slices.Length);
        DirectoryReadAt = answered.DirectoryReadAt;
        _brotli = new(() => Compress(stream => new BrotliStream(stream, CompressionLevel.Fastest)));
        _gzip = new(() => Compress(stream => new GZipStream(stream, CompressionLevel.Fastest)));
    }

    public byte[] Body { get; }

    /// <summary>Weak: of the figures and their labels, not of the moment at which they were fetched.</summary>
    public string ETag { get; }

    /// <summary>The slices behind it, by the moment at which each was fetched: another moment is another answer.</summary>
    public ImmutableArray<(Slice Slice, string KeyText, Instant FetchedAt)> Slices { get; }

    /// <summary>When the first of them has to be fetched again.</summary>
    public Instant DueAt { get; }

    /// <summary>Nothing in it is stale or missing: it may be kept, here and by callers.</summary>
    public bool IsWhole { get; }

    public string? AsOf { get; }

    public bool IsStale { get; }

    /// <summary>A slice is missing.</summary>
    public bool HasGaps { get; }

    /// <summary>When the oldest figures were fetched that can still change; null where none can.</summary>
    public Instant? OpenSince { get; }

    public int Rows { get; }

    /// <summary>What it takes to send it once more.</summary>
    public AnswerEffort Again { get; }

    /// <summary>The queue listing whose names it shows.</summary>
    public Instant? DirectoryReadAt { get; }

    /// <summary>The text of Cache-Control: it changes once a second.</summary>
    public string MayBeKept(long seconds) => _mayBeKept.Of(seconds);

    public byte[] Encoded(string? encoding) => encoding switch
    {
        "br" => _brotli.Value,
        "gzip" => _gzip.Value,
        _ => Body,
    };

    private static string Digest(byte[] body, QueueView view)
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

    private byte[] Compress(Func<Stream, Stream> encoder)
    {
        using var target = new MemoryStream(Body.Length / 4);
        using (var encoding = encoder(target))
        {
            encoding.Write(Body);
        }

        return target.ToArray();
    }
}
