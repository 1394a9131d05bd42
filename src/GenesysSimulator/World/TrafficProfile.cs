namespace GenesysSimulator.World;

/// <summary>The traffic of one media type in one queue, or without a queue: the volume in the busiest hour, and further parameters.</summary>
internal sealed record TrafficProfile(MediaProfile Profile, OpeningHours Opening)
{
    /// <summary>The number of conversations that customers start in the busiest hour.</summary>
    public int Inbound { get; init; }

    /// <summary>The number of conversations that agents start in the busiest hour.</summary>
    public int Outbound { get; init; }

    /// <summary>The factor for work durations, in thousandths.</summary>
    public int Pace { get; init; } = 1000;

    /// <summary>The factor for waiting times, in thousandths.</summary>
    public int Pressure { get; init; } = 1000;

    public int Abandons { get; init; } = Profile.Abandons;
}
