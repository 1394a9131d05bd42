using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>Parses X-Simulator-Fault: name or name=value, or several of them separated by semicolons. The faults apply only to this request.</summary>
internal static class FaultHeader
{
    public const string Name = "X-Simulator-Fault";

    public static IEnumerable<SimulatorFault> Read(HttpRequest request) => request.Headers[Name]
        .SelectMany(header => (header ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Select(part => part.Split('=', 2) is [var name, var value] ? new SimulatorFault(name, value) : new SimulatorFault(part))
        // The header applies to any list, but faults of lists apply to users and wrap-up codes only if they have a path or scope.
        .Select(fault => fault with { Path = request.Path })
        .Select(fault => FaultNames.All.Contains(fault.Name)
            ? fault
            : throw ApiException.BadRequest($"{Name}: unknown fault '{fault.Name}'. Known faults: {string.Join(", ", FaultNames.All)}."))
        .Where(fault => FaultMatcher.Covers(fault, request.Method, request.Path));
}
