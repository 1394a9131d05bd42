namespace GenesysSimulator.World.WrapUps;

/// <summary>Whether a wrap-up code is in the list. A deleted code and Genesys' own codes only have figures.</summary>
public enum WrapUpCodeState
{
    Listed,
    Deleted,
    System,
}

/// <summary>A wrap-up code of the simulated organisation.</summary>
/// <param name="Id">The id in the format of the API, which is no UUID for Genesys' own codes.</param>
public sealed record SimulatedWrapUpCode(string Id, string Name, WrapUpCodeState State, SimulatedDivision Division)
{
    /// <summary>Relative weight among the codes of a queue, roughly in thousandths.</summary>
    internal int Share { get; init; }

    internal IReadOnlyList<QueueKind> Kinds { get; init; } = [];

    internal SessionOutcome Outcome { get; init; }
}

/// <summary>The sessions that a code is chosen for: those in which the customer was reached, or was not.</summary>
internal enum SessionOutcome
{
    Any,
    Reached,
    NotReached,
}
