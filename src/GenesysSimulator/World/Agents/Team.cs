namespace GenesysSimulator.World.Agents;

/// <summary>
/// The agents of one queue, or the agents who take direct calls. Agents are identified by their index in <see cref="Roster.Agents"/>.
/// </summary>
internal sealed class Team
{
    /// <summary>The index that stands for no agent, as in the session of the queue.</summary>
    public const int NoAgent = -1;

    private const int Draws = 4;

    private readonly Roster _roster;
    private readonly int[] _members;
    private readonly int[][] _atWork;

    public Team(Roster roster, IEnumerable<int> members)
    {
        (_roster, _members) = (roster, [.. members]);
        _atWork = [.. Enumerable.Range(0, ShiftPlan.CrewSets).Select(crewSet =>
            _members.Where(agent => ShiftPlan.IsAtWork(roster.Agents[agent].Shift, crewSet)).ToArray())];
    }

    public IReadOnlyList<int> Members => _members;

    public IReadOnlyList<SimulatedAgent> Agents => _roster.Agents;

    /// <summary>Picks an agent who is at work and is not <paramref name="except"/>. If there is none, picks another agent of the team.</summary>
    /// <param name="at">The instant, in milliseconds since 1970.</param>
    /// <returns><paramref name="except"/>, which can be <see cref="NoAgent"/>, if no other agent can serve.</returns>
    public int Pick(long at, ulong seed, int except = NoAgent)
    {
        var found = Pick(_atWork[_roster.Clock.CrewSetAt(at)], at, seed, except);
        found = found == NoAgent ? Pick(_members, at, seed, except) : found;
        return found == NoAgent ? except : found;
    }

    private int Pick(int[] agents, long at, ulong seed, int except)
    {
        if (agents.Length == 0)
        {
            return NoAgent;
        }

        // If an agent cannot serve, another is drawn. If the next agent in the list were taken at once, that agent would get all sessions of those who have
        // left.
        var random = new SeededRandom(seed);
        var place = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            place = random.Below(agents.Length);
            if (CanServe(agents[place], at, except))
            {
                return agents[place];
            }
        }

        for (var step = 1; step <= agents.Length; step++)
        {
            var agent = agents[(place + step) % agents.Length];
            if (CanServe(agent, at, except))
            {
                return agent;
            }
        }

        return NoAgent;
    }

    private bool CanServe(int agent, long at, int except) => agent != except && at < _roster.NoSessionsFrom(agent);
}
