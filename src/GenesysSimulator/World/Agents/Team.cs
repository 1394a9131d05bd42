namespace GenesysSimulator.World.Agents;

/// <summary>
/// The agents of one queue, or those who take direct calls. An agent is a number here: the place in the list of the organisation.
/// </summary>
internal sealed class Team
{
    /// <summary>Who serves nothing: the queue itself.</summary>
    public const int Nobody = -1;

    private const int Draws = 4;

    private readonly Roster _roster;
    private readonly int[] _members;
    private readonly int[][] _atWork;

    public Team(Roster roster, IEnumerable<int> members)
    {
        (_roster, _members) = (roster, [.. members]);
        _atWork = [.. Enumerable.Range(0, ShiftPlan.Situations).Select(situation =>
            _members.Where(agent => ShiftPlan.IsAtWork(roster.Agents[agent].Shift, situation)).ToArray())];
    }

    public IReadOnlyList<int> Members => _members;

    public IReadOnlyList<SimulatedAgent> Agents => _roster.Agents;

    /// <summary>Somebody at work, other than <paramref name="except"/> if possible. If nobody is at work, somebody of the team stays longer.</summary>
    public int Pick(long at, ulong chance, int except = Nobody)
    {
        var found = Pick(_atWork[_roster.Clock.SituationAt(at)], at, chance, except);
        found = found == Nobody ? Pick(_members, at, chance, except) : found;
        return found == Nobody ? except : found;
    }

    private int Pick(int[] agents, long at, ulong chance, int except)
    {
        if (agents.Length == 0)
        {
            return Nobody;
        }

        // Drawn again instead of taking the next in the list, who would otherwise work for all who have left.
        var random = new SeededRandom(chance);
        var place = 0;
        for (var draw = 0; draw < Draws; draw++)
        {
            place = random.Below(agents.Length);
            if (IsFit(agents[place], at, except))
            {
                return agents[place];
            }
        }

        for (var step = 1; step <= agents.Length; step++)
        {
            var agent = agents[(place + step) % agents.Length];
            if (IsFit(agent, at, except))
            {
                return agent;
            }
        }

        return Nobody;
    }

    private bool IsFit(int agent, long at, int except) => agent != except && at < _roster.LastSession(agent);
}
