using System.Collections.Concurrent;
using System.Net;
using System.Text;
using GenesysAnalyticsApi.SystemTests.Infrastructure;

namespace GenesysAnalyticsApi.SystemTests.Observability.Infrastructure;

/// <summary>
/// Receives OTLP over HTTP. Not built on ASP.NET, because its requests would be traced too, sent here, and traced again.
/// </summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Where, string Text)> _received = [];

    public Collector()
    {
        Address = $"http://127.0.0.1:{FreePort.Take()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Task.Run(TakeAsync);
    }

    public string Address { get; }

    /// <param name="where">A path, or the name of a header.</param>
    public bool HasReceived(string where, string text) => _received.Any(one => one.Where == where && one.Text.Contains(text, StringComparison.Ordinal));

    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            // Protobuf contains strings unencoded.
            _received.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
            _received.Enqueue(("api-key", context.Request.Headers["api-key"] ?? ""));
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }
}
