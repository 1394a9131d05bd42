using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GenesysSimulator.World;

/// <summary>A division of the organisation.</summary>
public sealed record SimulatedDivision(Guid Id, string Name);

/// <summary>A queue of the simulated organisation, as its listing and its settings show it.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "A queue is what callers wait in here.")]
public sealed record SimulatedQueue(Guid Id, string Name, SimulatedDivision Division)
{
    /// <summary>False for a queue that was deleted: its conversations stay, its entry in the listing does not.</summary>
    public bool IsListed { get; init; } = true;

    public DateTimeOffset Created { get; init; }

    public int Members { get; init; }

    /// <summary>The id as the wire writes it.</summary>
    public string WireId { get; } = Id.ToString("D", CultureInfo.InvariantCulture);
}
