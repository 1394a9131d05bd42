using System.Text;

namespace GenesysSimulator.Wire;

/// <summary>The last calls, oldest first.</summary>
internal sealed class CallRecorder
{
    private const int Most = 10_000;

    // Enough for any question of a few hundred queues; ten thousand bodies of half a megabyte are not worth their memory.
    private const int MostOfABody = 32_768;

    private static readonly string[] OfInterest =
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

    public static Dictionary<string, string> HeadersOf(HttpRequest request) => OfInterest
        .Where(request.Headers.ContainsKey)
        .ToDictionary(name => name, name => request.Headers[name].ToString(), StringComparer.OrdinalIgnoreCase);

    public static string TextOf(ReadOnlyMemory<byte> body) =>
        Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MostOfABody)]);

    public void Add(RecordedCall call)
    {
        lock (_lock)
        {
            _calls.Enqueue(call);
            if (_calls.Count > Most)
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
