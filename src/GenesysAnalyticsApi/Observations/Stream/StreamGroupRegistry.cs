using GenesysAnalyticsApi.Errors;
using GenesysAnalyticsApi.Observations.Request;
using GenesysAnalyticsApi.Observations.State;
using GenesysAnalyticsApi.Security.Authentication;
using GenesysAnalyticsApi.Security.RateLimiting;

namespace GenesysAnalyticsApi.Observations.Stream;

/// <summary>Admits subscribers, and assigns subscribers with the same query and the same visible queues to one group.</summary>
internal sealed class StreamGroupRegistry(StreamDependencies services, IOptions<ObservationsOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>How long a group without subscribers is kept, so that a subscriber that reconnects gets only the changes.</summary>
    internal static readonly TimeSpan KeepIdle = TimeSpan.FromMinutes(2);

    /// <summary>The maximum number of groups without subscribers. Each group keeps the records of its query in memory.</summary>
    private const int MaxIdle = 50;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StreamGroup> _groups = new(StringComparer.Ordinal);
    private readonly RunningStreams _streams = new();

    /// <summary>The number of subscribers.</summary>
    public int SubscriberCount => _streams.Count;

    /// <summary>The number of groups with subscribers.</summary>
    public int GroupCount
    {
        get
        {
            lock (_gate)
            {
                return _groups.Values.Count(group => group.Subscribers > 0);
            }
        }
    }

    /// <summary>
    /// The maximum number of streams of one caller, and the setting that determines it. One caller can hold at most half of all streams, even if the setting per
    /// caller allows more.
    /// </summary>
    private (int Maximum, string Setting) MaxPerCaller
    {
        get
        {
            var half = RunningStreams.HalfOf(options.Value.MaxStreams);
            return options.Value.MaxStreamsPerCaller <= half ? (options.Value.MaxStreamsPerCaller, "Observations:MaxStreamsPerCaller") : (half, "half of Observations:MaxStreams");
        }
    }

    /// <exception cref="ProblemException">429: the caller has too many streams. 503: there are too many streams in total.</exception>
    public Subscription Enter(ObservationsQuery query, Caller caller)
    {
        lock (_gate)
        {
            var (maximum, setting) = MaxPerCaller;
            switch (_streams.Enter(caller.Identity, maximum, options.Value.MaxStreams))
            {
                case StreamAdmission.CallerHasTooMany:
                    throw new ProblemException(ProblemFactory.CallerRateLimited(
                        $"The caller has {maximum} streams, the maximum ({setting}). Close a stream, or use one stream for several displays.", RetryAfter));
                case StreamAdmission.TooManyInTotal:
                    throw new ProblemException(ProblemFactory.Overloaded("The service has reached the maximum number of streams (Observations:MaxStreams). Try again later, or poll GET /observations.", RetryAfter));
            }

            RemoveIdle();
            var key = KeyOf(query, caller);
            if (!_groups.TryGetValue(key, out var group) || group.Newest.HasEnded)
            {
                group = _groups[key] = new StreamGroup(query, caller, services);
            }

            if (group.Subscribers++ == 0)
            {
                group.Follow();
            }

            return new Subscription(this, group, caller);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var group in _groups.Values)
            {
                group.Dispose();
            }

            _groups.Clear();
        }
    }

    private void Leave(StreamGroup group, Caller caller)
    {
        lock (_gate)
        {
            _streams.Leave(caller.Identity);
            if (--group.Subscribers == 0)
            {
                group.Stop();
                group.IdleSince = clock.GetUtcNow();
                RemoveIdle();
            }
        }
    }

    private void RemoveIdle()
    {
        var now = clock.GetUtcNow();
        var idle = _groups.Where(pair => pair.Value.Subscribers == 0).OrderByDescending(pair => pair.Value.IdleSince).ToList();
        foreach (var (key, group) in idle.Where((pair, index) => index >= MaxIdle || now - pair.Value.IdleSince >= KeepIdle))
        {
            _groups.Remove(key);
            group.Dispose();
        }
    }

    /// <summary>The key of a group. It includes the length of each item of a list, so that different lists never have the same key.</summary>
    private static string KeyOf(ObservationsQuery query, Caller caller)
    {
        return string.Join('|', caller.Visibility.Key, query.ByQueue, query.ByMediaType, Of(query.QueueIds), Of(query.QueueNames), Of(query.DivisionIds), Of(query.MediaTypes));

        static string Of(IEnumerable<string> values) => string.Join(',', values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(value => $"{value.Length}:{value}"));
    }

    /// <summary>The membership of one subscriber in a group. Must be disposed when the stream of the subscriber ends.</summary>
    internal sealed class Subscription(StreamGroupRegistry groups, StreamGroup group, Caller caller) : IDisposable
    {
        private int _isDisposed;

        public StreamGroup Group => group;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                groups.Leave(group, caller);
            }
        }
    }
}
