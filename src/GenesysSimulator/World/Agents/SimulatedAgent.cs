namespace GenesysSimulator.World.Agents;

/// <summary>The state of a user. Deleted users are in no list.</summary>
public enum AgentState
{
    Active,
    Inactive,
    Deleted,
}

/// <summary>An agent of the simulated organization.</summary>
/// <param name="Id">The id in the format of the API.</param>
public sealed record SimulatedAgent(string Id, string Name, AgentState State, SimulatedDivision Division)
{
    /// <summary>When an inactive or deleted agent left. All figures of the agent are from before this time.</summary>
    public DateTimeOffset? Left { get; init; }

    /// <summary>The queues whose conversations the agent can handle.</summary>
    public IReadOnlyList<Guid> QueueIds { get; init; } = [];

    internal WorkType WorkType { get; init; }

    internal Shift Shift { get; init; }

    /// <summary>Whether the agent also takes direct calls, which do not pass through a queue.</summary>
    internal bool TakesDirectCalls { get; init; }
}
