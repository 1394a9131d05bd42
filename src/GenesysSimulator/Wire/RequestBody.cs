using System.Globalization;
using System.Text.Json;

namespace GenesysSimulator.Wire;

/// <summary>Reads and checks request bodies.</summary>
internal static class RequestBody
{
    /// <summary>The request.bytes.max limit of the platform.api namespace.</summary>
    public const int MaxBytes = 512_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the body. Returns null if the body is larger than Genesys accepts.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }

        using var buffer = new MemoryStream();
        var part = new byte[8_192];
        int read;
        while ((read = await request.Body.ReadAsync(part, cancellationToken)) > 0)
        {
            await buffer.WriteAsync(part.AsMemory(0, read), cancellationToken);
            if (buffer.Length > MaxBytes)
            {
                return null;
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Parses the body as JSON, and rejects an object in which a member occurs twice.</summary>
    public static JsonDocument ParseStrictly(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException)
        {
            throw ApiException.BadRequest("The request could not be understood by the server due to malformed syntax.");
        }
    }

    public static ApiException TooLarge(long? length) => new(
        413,
        "request.entity.too.large",
        string.Create(CultureInfo.InvariantCulture, $"The request is over the size limit. Content-Length: {length}, Maximum bytes: {MaxBytes}"));

    public static void RequireJson(HttpRequest request)
    {
        if (request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            throw new ApiException(415, "unsupported.media.type", "Unsupported or incorrect media type. Use application/json.");
        }
    }
}
