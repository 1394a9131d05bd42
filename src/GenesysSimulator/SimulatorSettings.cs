namespace GenesysSimulator;

/// <summary>How the simulated organisation is and how strictly it behaves. The defaults suit the demo.</summary>
public sealed record SimulatorSettings
{
    /// <summary>Where to listen; port 0 takes a free one.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>The same seed gives the same organisation, conversation by conversation.</summary>
    public int Seed { get; init; } = 17;

    /// <summary>How many queues the listing has. One more, deleted, has conversations only.</summary>
    public int Queues { get; init; } = 48;

    /// <summary>Scales the number of conversations.</summary>
    public double Volume { get; init; } = 1;

    /// <summary>The zone whose working day the queues keep.</summary>
    public string OrganizationTimeZone { get; init; } = "Europe/Berlin";

    /// <summary>Requests a minute for each token.</summary>
    public int RequestsPerMinute { get; init; } = 300;

    /// <summary>Rows (groups × buckets with data) an answer may have.</summary>
    public int RowLimit { get; init; } = 30_000;

    public int TokenSeconds { get; init; } = 86_400;

    public string ClientId { get; init; } = "simulator";

    public string ClientSecret { get; init; } = "simulator";

    /// <summary>Whether answers carry the inin-ratelimit headers; newer real answers may lack them.</summary>
    public bool RateHeaders { get; init; } = true;

    /// <summary>The status of invalid_client, which public sources do not agree on: 400 or 401.</summary>
    public int InvalidClientStatus { get; init; } = 400;

    /// <summary>Figures of conversations younger than 48 hours are corrected later, as by the nightly pipeline.</summary>
    public bool LateMutation { get; init; }

    /// <summary>From <see cref="DriftAt"/> on, conversations that began in [DriftFrom, DriftTo) have more after-call work than before.</summary>
    public DateTimeOffset? DriftFrom { get; init; }

    public DateTimeOffset? DriftTo { get; init; }

    public DateTimeOffset? DriftAt { get; init; }
}
