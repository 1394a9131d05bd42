namespace GenesysSimulator.Wire;

/// <summary>The last calls, oldest first.</summary>
internal sealed class CallRecorder
{
    private const int Most = 10_000;

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
