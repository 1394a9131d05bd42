namespace GenesysAnalyticsApi.Security.RateLimiting;

/// <summary>
/// Counts the responses of an endpoint that stream for a long time, in total and by caller. A stream is not taken away from its caller, so one caller can hold
/// at most half of all streams (<see cref="HalfOf"/>). Thread-safe.
/// </summary>
internal sealed class RunningStreams
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byCaller = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The number of streams of all callers.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Half of the maximum number of streams, rounded up.</summary>
    public static int HalfOf(int maxStreams) => (maxStreams + 1) / 2;

    /// <summary>Counts a further stream of the caller, unless a maximum has been reached. Every counted stream must <see cref="Leave"/>.</summary>
    public StreamAdmission Enter(string caller, int maxPerCaller, int maxStreams)
    {
        lock (_gate)
        {
            var own = _byCaller.GetValueOrDefault(caller);
            if (own >= maxPerCaller)
            {
                return StreamAdmission.CallerHasTooMany;
            }

            if (_count >= maxStreams)
            {
                return StreamAdmission.TooManyInTotal;
            }

            _byCaller[caller] = own + 1;
            _count++;
            return StreamAdmission.Admitted;
        }
    }

    public void Leave(string caller)
    {
        lock (_gate)
        {
            _count--;
            if (--_byCaller[caller] == 0)
            {
                _byCaller.Remove(caller);
            }
        }
    }
}

internal enum StreamAdmission
{
    Admitted,
    CallerHasTooMany,
    TooManyInTotal,
}
