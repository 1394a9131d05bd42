using GenesysSimulator.Faults;

namespace GenesysSimulator;

/// <summary>The faults that are switched on. Safe from any thread; the same switches as PUT /simulator/faults.</summary>
public sealed class SimulatorFaults
{
    private readonly List<SimulatorFault> _active = [];
    private readonly Lock _lock = new();

    public IReadOnlyList<SimulatorFault> Active
    {
        get
        {
            lock (_lock)
            {
                return [.. _active];
            }
        }
    }

    public void Add(string name, string? value = null, int? times = null, string? path = null) =>
        Add(new SimulatorFault(name, value, times, path));

    public void Add(SimulatorFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ThrowIfUnknown(fault);
        lock (_lock)
        {
            _active.Add(fault);
        }
    }

    /// <summary>Puts these in the place of all others.</summary>
    public void Set(IEnumerable<SimulatorFault> faults)
    {
        SimulatorFault[] wanted = [.. faults];
        Array.ForEach(wanted, ThrowIfUnknown);
        lock (_lock)
        {
            _active.Clear();
            _active.AddRange(wanted);
        }
    }

    public void Clear() => Set([]);

    /// <summary>What this request meets. A fault with a count is used up by the requests it could be seen in, and by no others.</summary>
    internal List<SimulatorFault> Take(string method, string path)
    {
        lock (_lock)
        {
            var met = _active.Where(fault => FaultScope.Covers(fault, method, path)).ToList();
            foreach (var fault in met.Where(fault => fault.Times is not null))
            {
                _active.Remove(fault);
                if (fault.Times > 1)
                {
                    _active.Add(fault with { Times = fault.Times - 1 });
                }
            }

            return met;
        }
    }

    private static void ThrowIfUnknown(SimulatorFault fault)
    {
        if (!FaultNames.All.Contains(fault.Name))
        {
            throw new ArgumentException($"There is no fault '{fault.Name}'. There are: {string.Join(", ", FaultNames.All)}.", nameof(fault));
        }

        if (fault.Times < 1)
        {
            throw new ArgumentException($"Fault '{fault.Name}' must apply to at least one request.", nameof(fault));
        }
    }
}
