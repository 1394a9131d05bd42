using System.Net.Mime;
using GenesysAnalyticsApi.Text;
using Microsoft.Net.Http.Headers;

namespace GenesysAnalyticsApi.Errors;

/// <summary>Reads the body of a request, and rejects a body that is too large, compressed or truncated.</summary>
internal static class RequestBody
{
    /// <exception cref="ProblemException">413: the body is larger than allowed. The size is checked while the body arrives.</exception>
    public static async Task<MemoryStream> ReadAsync(HttpRequest request, long limit)
    {
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await ReadAsync(request, buffer) is > 0 and var length)
        {
            await body.WriteAsync(buffer.AsMemory(0, length), request.HttpContext.RequestAborted);
            if (body.Length > limit)
            {
                throw new ProblemException(ProblemFactory.BodyTooLarge(limit));
            }
        }

        return body;
    }

    /// <exception cref="ProblemException">415: the body is not JSON in UTF-8, or it is compressed.</exception>
    public static void RequireJson(HttpRequest request) => Require(request, MediaTypeNames.Application.Json, "utf-8");

    /// <param name="charsets">The accepted values of the charset parameter of the Content-Type, which the caller can omit.</param>
    /// <exception cref="ProblemException">415: the body has another media type or charset, or it is compressed.</exception>
    public static void Require(HttpRequest request, string mediaType, params IReadOnlyList<string> charsets)
    {
        var isAccepted = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || charsets.Contains(HeaderUtilities.RemoveQuotes(type.Charset).ToString(), StringComparer.OrdinalIgnoreCase));
        if (!isAccepted)
        {
            throw new ProblemException(ProblemFactory.UnsupportedContentType(request.ContentType, $"{mediaType} in {string.Join(" or ", charsets.Select(charset => charset.ToUpperInvariant()))}"));
        }

        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            throw new ProblemException(ProblemType.UnsupportedMediaType.WithDetail($"The Content-Encoding is '{InputExcerpt.Of(encoding.ToString())}'. Send the body uncompressed, without this header."));
        }
    }

    private static async ValueTask<int> ReadAsync(HttpRequest request, Memory<byte> buffer)
    {
        try
        {
            return await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            // Kestrel notices the disconnection later, and would then log an error when it reads the rest of the body.
            request.HttpContext.Abort();
            throw new BadHttpRequestException("The caller disconnected before it had sent its body.", StatusCodes.Status499ClientClosedRequest, broken);
        }
    }
}
