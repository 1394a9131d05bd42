namespace GenesysSimulator.World;

/// <summary>The conversations of one media type in one queue (or in none): what arrives in the busiest hour, and how it goes.</summary>
internal sealed record Traffic(MediaProfile Profile, OpeningHours Opening)
{
    /// <summary>Conversations the customer begins, in the busiest hour.</summary>
    public int Inbound { get; init; }

    /// <summary>Conversations an agent or a dialler begins, in the busiest hour.</summary>
    public int Outbound { get; init; }

    /// <summary>How much longer or shorter this queue's work is, in thousandths.</summary>
    public int Pace { get; init; } = 1000;

    /// <summary>How short of agents the queue is: what its waiting times are multiplied by, in thousandths.</summary>
    public int Pressure { get; init; } = 1000;

    public int Abandons { get; init; } = Profile.Abandons;
}
