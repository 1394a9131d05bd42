using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GenesysAnalyticsApi.Genesys.Requests;
using GenesysAnalyticsApi.Observations.State;
using NodaTime;

namespace GenesysAnalyticsApi.SystemTests.Alerts.Infrastructure;

/// <summary>A live state that a test sets, shared by all replicas of the test.</summary>
internal sealed class FakeLiveState(TimeProvider clock) : ILiveState
{
    private readonly Lock _gate = new();
    private readonly List<Channel<LiveSnapshot>> _readers = [];
    private LiveSnapshot? _current;
    private long _version;

    public int Readers
    {
        get
        {
            lock (_gate)
            {
                return _readers.Count;
            }
        }
    }

    /// <summary>Sets the state to one queue with this number of waiting calls.</summary>
    public void Set(string queueId, int waiting, params MissingPart[] missing)
    {
        lock (_gate)
        {
            _current = new LiveSnapshot
            {
                AsOf = Instant.FromDateTimeOffset(clock.GetUtcNow()),
                Version = ++_version,
                Queues = [new QueueActivity(queueId, "voice", waiting, 0, 0, null, null)],
                Users = [],
                Missing = [.. missing],
            };
            _readers.ForEach(reader => reader.Writer.TryWrite(_current));
        }
    }

    public Task<LiveSnapshot> GetAsync(Duration maxAge, RequestOrigin origin, CancellationToken cancellationToken) => Task.FromResult(_current!);

    public async IAsyncEnumerable<LiveSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var own = Channel.CreateBounded<LiveSnapshot>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _readers.Add(own);
            if (_current is not null)
            {
                own.Writer.TryWrite(_current);
            }
        }

        try
        {
            await foreach (var snapshot in own.Reader.ReadAllAsync(cancellationToken))
            {
                yield return snapshot;
            }
        }
        finally
        {
            lock (_gate)
            {
                _readers.Remove(own);
            }
        }
    }
}
