namespace GenesysSimulator.World.WrapUps;

/// <summary>Whether a wrap-up code is in the list. Deleted codes and Genesys' own codes (System) have figures but are not in the list.</summary>
public enum WrapUpCodeState
{
    Listed,
    Deleted,
    System,
}

/// <summary>A wrap-up code of the simulated organization.</summary>
/// <param name="Id">The id in the format of the API, which is not a UUID for Genesys' own codes.</param>
public sealed record SimulatedWrapUpCode(string Id, string Name, WrapUpCodeState State, SimulatedDivision Division)
{
    /// <summary>The relative weight of the code among the codes of a queue, roughly in thousandths.</summary>
    internal int Share { get; init; }

    internal IReadOnlyList<QueueKind> Kinds { get; init; } = [];

    internal SessionOutcome Outcome { get; init; }
}

/// <summary>The sessions for which a code can be chosen, depending on whether the customer was reached.</summary>
internal enum SessionOutcome
{
    Any,
    Reached,
    NotReached,
}
