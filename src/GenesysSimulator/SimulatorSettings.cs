namespace GenesysSimulator;

/// <summary>Settings of the simulated organization. The defaults suit the demo mode.</summary>
public sealed record SimulatorSettings
{
    /// <summary>The address to listen on; port 0 chooses a free port.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The same seed gives the same organization, conversation by conversation.</summary>
    public int Seed { get; init; } = 17;

    /// <summary>Number of queues in the queue list. There is also a deleted queue, which has conversations but is not in the list.</summary>
    public int Queues { get; init; } = 48;

    /// <summary>
    /// Number of agents in the user list, some of whom have left. Deleted agents are added to this number. Null means ten for each queue. There are
    /// more agents if the opening hours of the queues require them.
    /// </summary>
    public int? Agents { get; init; }

    /// <summary>Scales the number of conversations.</summary>
    public double Volume { get; init; } = 1;

    /// <summary>The time zone of the opening hours.</summary>
    public string OrganizationTimeZone { get; init; } = "Europe/Berlin";

    /// <summary>Requests per minute for each token.</summary>
    public int RequestsPerMinute { get; init; } = 300;

    /// <summary>Maximum rows (groups × buckets with data) of a reply.</summary>
    public int RowLimit { get; init; } = 30_000;

    /// <summary>Results per page of an asynchronous query that names no page size. Genesys' default is not known.</summary>
    public int JobPageSize { get; init; } = 1_000;

    /// <summary>The largest page size of an asynchronous query. Genesys' limit is not known.</summary>
    public int MaxJobPageSize { get; init; } = 10_000;

    /// <summary>Maximum asynchronous queries of one kind that are queued or pending at the same time. Genesys' limit is not known.</summary>
    public int ConcurrentJobs { get; init; } = 10;

    /// <summary>The longest interval of a synchronous query of conversation details. Public sources disagree: 31 days or 7 days.</summary>
    public int DetailsMaxDays { get; init; } = 31;

    /// <summary>How far the data of conversation detail jobs lags behind the clock. Genesys documents up to 24 hours.</summary>
    public TimeSpan DetailsLag { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Maximum predicates in the filter of a real-time query. A query with more gets a 400 that names this number.</summary>
    public int MaxPredicates { get; init; } = 200;

    /// <summary>Groups per page of an activity query that names no page size. Genesys' default is not known.</summary>
    public int ActivityPageSize { get; init; } = 25;

    /// <summary>The largest page size of an activity query. Genesys' limit is not known.</summary>
    public int MaxActivityPageSize { get; init; } = 500;

    /// <summary>Whether an activity query without a predicate gets a 400. Whether Genesys rejects it is not known.</summary>
    public bool RefusesUnfilteredActivity { get; init; }

    /// <summary>Maximum notification channels of the client. An additional one replaces the least recently used one, preferably without a socket.</summary>
    public int MaxChannels { get; init; } = 20;

    /// <summary>Maximum topics of a channel. A subscription to more gets a 400.</summary>
    public int MaxTopics { get; init; } = 1_000;

    /// <summary>How often the messages of a channel are sent. Genesys sends at most one per second for each topic.</summary>
    public TimeSpan MessageInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a channel lasts after its topics were last set.</summary>
    public TimeSpan ChannelLife { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Additional limits to report, or reported values that differ from the enforced ones, by namespace and key, such as
    /// <c>analytics/query.rate.per.minute</c>.
    /// </summary>
    public IReadOnlyDictionary<string, int> Limits { get; init; } = new Dictionary<string, int>();

    public int TokenSeconds { get; init; } = 86_400;

    public string ClientId { get; init; } = "simulator";

    public string ClientSecret { get; init; } = "simulator";

    /// <summary>Whether replies have the inin-ratelimit headers; recent Genesys replies may lack them.</summary>
    public bool RateHeaders { get; init; } = true;

    /// <summary>The status of invalid_client: 400 or 401, because public sources disagree.</summary>
    public int InvalidClientStatus { get; init; } = 400;

    /// <summary>Whether some conversations change when they are 48 hours old, as if Genesys' nightly pipeline had corrected them.</summary>
    public bool LateMutation { get; init; }

    /// <summary>From <see cref="DriftAt"/> on, conversations that began in [DriftFrom, DriftTo) have more after-call work than before.</summary>
    public DateTimeOffset? DriftFrom { get; init; }

    public DateTimeOffset? DriftTo { get; init; }

    public DateTimeOffset? DriftAt { get; init; }
}
