namespace GenesysSimulator.World;

/// <summary>The traffic of one media type in one queue, or without a queue: volume in the busiest hour, and its parameters.</summary>
internal sealed record TrafficProfile(MediaProfile Profile, OpeningHours Opening)
{
    /// <summary>Conversations that customers start in the busiest hour.</summary>
    public int Inbound { get; init; }

    /// <summary>Conversations that agents or a dialer start in the busiest hour.</summary>
    public int Outbound { get; init; }

    /// <summary>Factor for work durations, in thousandths.</summary>
    public int Pace { get; init; } = 1000;

    /// <summary>Factor for waiting times, in thousandths.</summary>
    public int Pressure { get; init; } = 1000;

    public int Abandons { get; init; } = Profile.Abandons;
}
