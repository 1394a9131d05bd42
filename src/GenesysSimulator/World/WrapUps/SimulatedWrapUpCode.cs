namespace GenesysSimulator.World.WrapUps;

/// <summary>Whether a wrap-up code is in the list. A deleted one and one of the system only have figures.</summary>
public enum WrapUpCodeState
{
    Listed,
    Deleted,
    System,
}

/// <summary>A wrap-up code of the simulated organisation.</summary>
/// <param name="Id">The id in the format of the API, which is no UUID for a code of the system.</param>
public sealed record SimulatedWrapUpCode(string Id, string Name, WrapUpCodeState State, SimulatedDivision Division)
{
    /// <summary>Frequency among the codes of a queue.</summary>
    internal int Share { get; init; }

    internal IReadOnlyList<QueueKind> Kinds { get; init; } = [];

    internal WrapUpUse Use { get; init; }
}

/// <summary>The sessions that a code is chosen for.</summary>
internal enum WrapUpUse
{
    Any,
    Reached,
    NotReached,
}
