using System.Text;

namespace GenesysSimulator.Wire;

/// <summary>Keeps the latest requests, oldest first.</summary>
internal sealed class CallRecorder
{
    private const int MaxCalls = 10_000;

    // This size is enough for a query for a few hundred queues. Ten thousand bodies of the maximum size, half a megabyte, would use too much memory.
    private const int MaxBodyBytes = 32_768;

    private static readonly string[] RecordedHeaders =
        ["Authorization", "Content-Type", "Accept", "Accept-Encoding", "User-Agent", "purecloud-sdk", "traceparent"];

    private readonly Queue<RecordedCall> _calls = new();
    private readonly Lock _lock = new();

    public IReadOnlyList<RecordedCall> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    public static Dictionary<string, string> HeadersOf(HttpRequest request) => RecordedHeaders
        .Where(request.Headers.ContainsKey)
        .ToDictionary(name => name, name => request.Headers[name].ToString(), StringComparer.OrdinalIgnoreCase);

    public static string TextOf(ReadOnlyMemory<byte> body) =>
        Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MaxBodyBytes)]);

    public void Add(RecordedCall call)
    {
        lock (_lock)
        {
            _calls.Enqueue(call);
            if (_calls.Count > MaxCalls)
            {
                _calls.Dequeue();
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _calls.Clear();
        }
    }
}
