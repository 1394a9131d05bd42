using GenesysSimulator.Faults;

namespace GenesysSimulator;

/// <summary>The active faults. Tests set them in process; other processes use /simulator/faults. Thread-safe.</summary>
public sealed class ActiveFaults
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

    public void Add(string name, string? value = null, int? times = null, string? path = null, string? scope = null) =>
        Add(new SimulatorFault(name, value, times, path, scope));

    public void Add(SimulatorFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ThrowIfUnknown(fault);
        lock (_lock)
        {
            _active.Add(fault);
        }
    }

    /// <summary>Replaces all active faults.</summary>
    public void Set(IEnumerable<SimulatorFault> faults)
    {
        SimulatorFault[] replacements = [.. faults];
        Array.ForEach(replacements, ThrowIfUnknown);
        lock (_lock)
        {
            _active.Clear();
            _active.AddRange(replacements);
        }
    }

    public void Clear() => Set([]);

    /// <summary>Returns the faults that apply to a request. For faults with a limited number of requests, decrements the remaining number.</summary>
    internal List<SimulatorFault> Take(string method, string path)
    {
        lock (_lock)
        {
            var matching = _active.Where(fault => FaultMatcher.Covers(fault, method, path)).ToList();
            foreach (var fault in matching.Where(fault => fault.Times is not null))
            {
                _active.Remove(fault);
                if (fault.Times > 1)
                {
                    _active.Add(fault with { Times = fault.Times - 1 });
                }
            }

            return matching;
        }
    }

    private static void ThrowIfUnknown(SimulatorFault fault)
    {
        if (!FaultNames.All.Contains(fault.Name))
        {
            throw new ArgumentException($"Unknown fault '{fault.Name}'. Known faults: {string.Join(", ", FaultNames.All)}.", nameof(fault));
        }

        if (fault.Scope is { } scope && !FaultScopes.All.Contains(scope))
        {
            throw new ArgumentException($"Unknown scope '{scope}'. Known scopes: {string.Join(", ", FaultScopes.All)}.", nameof(fault));
        }

        if (fault.Times < 1)
        {
            throw new ArgumentException(
                $"times of fault '{fault.Name}' is {fault.Times}. It must be at least 1; omit it to apply the fault to all requests.", nameof(fault));
        }
    }
}
