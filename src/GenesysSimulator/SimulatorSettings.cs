namespace GenesysSimulator;

/// <summary>Settings of the simulated organization. The defaults suit the demo mode.</summary>
public sealed record SimulatorSettings
{
    /// <summary>The address to listen on; port 0 chooses a free port.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The seed of the simulation. With the same seed, settings and start time, the organization and its conversations are the same.</summary>
    public int Seed { get; init; } = 17;

    /// <summary>The number of queues in the queue list. There is also a deleted queue, which has conversations but is not in the list.</summary>
    public int Queues { get; init; } = 48;

    /// <summary>
    /// The number of agents in the user list, including agents who have left. Deleted agents come in addition. Null means ten agents for each queue. There
    /// are more agents if the opening hours of the queues require them.
    /// </summary>
    public int? Agents { get; init; }

    /// <summary>Scales the number of conversations.</summary>
    public double Volume { get; init; } = 1;

    /// <summary>The time zone of the opening hours.</summary>
    public string OrganizationTimeZone { get; init; } = "Europe/Berlin";

    /// <summary>The maximum number of requests per minute for each token.</summary>
    public int RequestsPerMinute { get; init; } = 300;

    /// <summary>The maximum number of rows (groups × buckets with data) in the reply to a synchronous aggregates query.</summary>
    public int RowLimit { get; init; } = 30_000;

    /// <summary>The number of results per page of an asynchronous query that names no page size. Genesys' default is not known.</summary>
    public int JobPageSize { get; init; } = 1_000;

    /// <summary>The largest page size of an asynchronous query. Genesys' limit is not known.</summary>
    public int MaxJobPageSize { get; init; } = 10_000;

    /// <summary>The maximum number of asynchronous queries of one kind that are queued or pending at the same time. Genesys' limit is not known.</summary>
    public int ConcurrentJobs { get; init; } = 10;

    /// <summary>The longest interval of a synchronous details query, in days. Public sources disagree whether Genesys' limit is 31 or 7 days.</summary>
    public int DetailsMaxDays { get; init; } = 31;

    /// <summary>How far the data of details jobs lags behind the clock. Genesys documents a lag of up to 24 hours.</summary>
    public TimeSpan DetailsLag { get; init; } = TimeSpan.FromHours(6);

    /// <summary>The maximum number of predicates in the filter of a real-time query. A query with more predicates gets a 400 that names this number.</summary>
    public int MaxPredicates { get; init; } = 200;

    /// <summary>The number of groups per page of an activity query that names no page size. Genesys' default is not known.</summary>
    public int ActivityPageSize { get; init; } = 25;

    /// <summary>The largest page size of an activity query. Genesys' limit is not known.</summary>
    public int MaxActivityPageSize { get; init; } = 500;

    /// <summary>Whether an activity query without a predicate gets a 400. Whether Genesys rejects it is not known.</summary>
    public bool RefusesUnfilteredActivity { get; init; }

    /// <summary>
    /// The maximum number of notification channels of the client. An additional channel replaces the least recently used channel without a socket or, if all
    /// have sockets, the least recently used channel.
    /// </summary>
    public int MaxChannels { get; init; } = 20;

    /// <summary>The maximum number of topics per channel. A subscription to more topics gets a 400.</summary>
    public int MaxTopics { get; init; } = 1_000;

    /// <summary>How often the messages of a channel are sent. Genesys sends at most one message per second for each topic.</summary>
    public TimeSpan MessageInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a channel lasts after it was created or its topics were last set.</summary>
    public TimeSpan ChannelLife { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Additional limits to report, or reported values that differ from the enforced ones, by namespace and key, such as
    /// <c>analytics/query.rate.per.minute</c>.
    /// </summary>
    public IReadOnlyDictionary<string, int> Limits { get; init; } = new Dictionary<string, int>();

    /// <summary>The lifetime of a token in seconds.</summary>
    public int TokenSeconds { get; init; } = 86_400;

    public string ClientId { get; init; } = "simulator";

    public string ClientSecret { get; init; } = "simulator";

    /// <summary>Whether replies have the inin-ratelimit headers, which might be missing from recent Genesys replies.</summary>
    public bool RateHeaders { get; init; } = true;

    /// <summary>The status of an invalid_client error. Public sources disagree whether Genesys sends 400 or 401.</summary>
    public int InvalidClientStatus { get; init; } = 400;

    /// <summary>Whether some conversations appear or change when they are 48 hours old, as if Genesys' nightly pipeline had corrected them.</summary>
    public bool LateMutation { get; init; }

    /// <summary>
    /// The start of an interval of conversations that have more after-call work as soon as the clock reaches <see cref="DriftAt"/>. Null if no conversation
    /// changes.
    /// </summary>
    public DateTimeOffset? DriftFrom { get; init; }

    /// <summary>The exclusive end of the interval that starts at <see cref="DriftFrom"/>; null for the current time.</summary>
    public DateTimeOffset? DriftTo { get; init; }

    /// <summary>When the conversations of the interval change; null if they always have more after-call work.</summary>
    public DateTimeOffset? DriftAt { get; init; }
}
