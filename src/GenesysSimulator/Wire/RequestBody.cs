using System.Globalization;

namespace GenesysSimulator.Wire;

internal static class RequestBody
{
    /// <summary>platform.api request.bytes.max.</summary>
    public const int Most = 512_000;

    /// <summary>The body, or null when there is more of it than Genesys takes.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Most)
        {
            return null;
        }

        using var buffer = new MemoryStream();
        var part = new byte[8_192];
        int read;
        while ((read = await request.Body.ReadAsync(part, cancellationToken)) > 0)
        {
            await buffer.WriteAsync(part.AsMemory(0, read), cancellationToken);
            if (buffer.Length > Most)
            {
                return null;
            }
        }

        return buffer.ToArray();
    }

    public static Refusal TooLarge(long? length) => new(
        413,
        "request.entity.too.large",
        string.Create(CultureInfo.InvariantCulture, $"The request is over the size limit. Content-Length: {length}, Maximum bytes: {Most}"));

    public static void NeedJson(HttpRequest request)
    {
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new Refusal(415, "unsupported.media.type", "Unsupported or incorrect media type. Use application/json.");
        }
    }
}
