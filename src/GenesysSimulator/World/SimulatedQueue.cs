using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GenesysSimulator.World;

/// <summary>A division of the organization.</summary>
public sealed record SimulatedDivision(Guid Id, string Name);

/// <summary>A queue of the simulated organization.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "Here, a queue is what callers wait in.")]
public sealed record SimulatedQueue(Guid Id, string Name, SimulatedDivision Division)
{
    /// <summary>False for a deleted queue, which still has conversations but is not in the queue list.</summary>
    public bool IsListed { get; init; } = true;

    public DateTimeOffset Created { get; init; }

    public int Members { get; init; }

    /// <summary>The id in the format of the API.</summary>
    public string WireId { get; } = Id.ToString("D", CultureInfo.InvariantCulture);
}
