using GenesysAnalyticsApi.Genesys.Limits;

namespace GenesysAnalyticsApi.Observations.State;

/// <summary>
/// What Genesys restricts in activity queries: the number of queues that a query may name, whether it must name queues, and whether the queries are denied. The
/// restrictions come from the settings, from the limits that Genesys reports, and from rejected requests, so that no request is rejected twice for one reason.
/// </summary>
internal sealed class ActivityQueryRestrictions(IOptions<ObservationsOptions> options, LimitCeilings ceilings, TimeProvider clock)
{
    /// <summary>How long the service sends no activity queries after Genesys denied one. By then, the permission might have been granted.</summary>
    private static readonly TimeSpan ActivityDeniedFor = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private int? _maxPredicates;
    private bool _needsFilter;
    private DateTimeOffset? _deniedAt;

    /// <summary>The maximum number of queues that a query may name.</summary>
    public int MaxPredicates
    {
        get
        {
            lock (_gate)
            {
                return Math.Min(_maxPredicates ?? int.MaxValue, ceilings.Predicates(options.Value.MaxPredicates));
            }
        }
    }

    /// <summary>Whether Genesys rejects activity queries that do not name queues.</summary>
    public bool NeedsFilter
    {
        get
        {
            lock (_gate)
            {
                return _needsFilter;
            }
        }
    }

    /// <summary>Whether Genesys denied an activity query recently. The service then sends observations queries instead.</summary>
    public bool IsActivityDenied
    {
        get
        {
            lock (_gate)
            {
                return _deniedAt is { } at && clock.GetUtcNow() is var now && now >= at && now - at < ActivityDeniedFor;
            }
        }
    }

    public void LearnFilter()
    {
        lock (_gate)
        {
            _needsFilter = true;
        }
    }

    /// <param name="maxPredicates">The limit that Genesys named; null if it named none.</param>
    public void LearnPredicates(int? maxPredicates)
    {
        lock (_gate)
        {
            _maxPredicates = maxPredicates is { } max ? Math.Min(max, _maxPredicates ?? max) : _maxPredicates;
        }
    }

    public void LearnActivityDenied()
    {
        lock (_gate)
        {
            _deniedAt = clock.GetUtcNow();
        }
    }
}
