using System.IO.Compression;

namespace GenesysSimulator.Wire;

/// <summary>Sends a reply, completely or cut off by a fault.</summary>
internal static class ReplySender
{
    private const int MinBytesToCompress = 1_024;

    public static async Task SendAsync(Reply reply, HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        var body = reply.Body;
        if (body.Length > 0)
        {
            response.ContentType = reply.ContentType;
        }

        if (body.Length >= MinBytesToCompress && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            body = Compress(body);
            response.Headers.ContentEncoding = "gzip";
        }

        if (reply.Ending != Ending.CutWhileChunked)
        {
            response.ContentLength = reply.Status == 204 ? null : body.Length;
        }

        var sent = reply.Ending == Ending.Complete ? body : body[..(body.Length / 2)];
        await response.Body.WriteAsync(sent, context.RequestAborted);
        if (reply.Ending != Ending.Complete)
        {
            await response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        using var buffer = new MemoryStream(body.Length / 4);
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
