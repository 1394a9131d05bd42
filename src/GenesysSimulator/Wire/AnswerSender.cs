using System.IO.Compression;

namespace GenesysSimulator.Wire;

/// <summary>Puts an answer on the connection, whole or not.</summary>
internal static class AnswerSender
{
    private const int WorthCompressing = 1_024;

    public static async Task SendAsync(Answer answer, HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        var body = answer.Body;
        if (body.Length > 0)
        {
            response.ContentType = answer.ContentType;
        }

        if (body.Length >= WorthCompressing && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            body = Compress(body);
            response.Headers.ContentEncoding = "gzip";
        }

        if (answer.Ending != Ending.CutWhileChunked)
        {
            response.ContentLength = answer.Status == 204 ? null : body.Length;
        }

        var sent = answer.Ending == Ending.Complete ? body : body[..(body.Length / 2)];
        await response.Body.WriteAsync(sent, context.RequestAborted);
        if (answer.Ending != Ending.Complete)
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
