using System.IO.Compression;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Aggregates;

/// <summary>Which content coding a caller gets.</summary>
internal static class ContentCoding
{
    private const int WorthIt = 1024;

    /// <summary><c>br</c> or <c>gzip</c>, whichever the caller likes better; null for none.</summary>
    public static string? Best(StringValues acceptEncoding, int length)
    {
        if (length < WorthIt || acceptEncoding.Count == 0 || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var accepted))
        {
            return null;
        }

        var (brotli, gzip) = (Quality(accepted, "br"), Quality(accepted, "gzip"));
        return brotli > 0 && brotli >= gzip ? "br" : gzip > 0 ? "gzip" : null;
    }

    /// <summary>What is written to it arrives at the target in that coding. The target stays open.</summary>
    public static Stream Encoder(string coding, Stream target) => coding == "br"
        ? new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true)
        : new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);

    private static double Quality(IList<StringWithQualityHeaderValue> accepted, string coding) =>
        (accepted.FirstOrDefault(value => value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase))
            ?? accepted.FirstOrDefault(value => value.Value == "*")) is { } found ? found.Quality ?? 1 : 0;
}
