using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>
/// Parses the X-Simulator-Fault header: one or more faults separated by semicolons, each as name or name=value. These faults apply only to the request with the
/// header.
/// </summary>
internal static class FaultHeader
{
    public const string Name = "X-Simulator-Fault";

    public static IEnumerable<SimulatorFault> Read(HttpRequest request) => request.Headers[Name]
        .SelectMany(header => (header ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Select(part => part.Split('=', 2) is [var name, var value] ? new SimulatorFault(name, value) : new SimulatorFault(part))
        // Some faults apply to some endpoints only if the fault has a path or scope. A fault in the header is meant for its own request, so it gets that path.
        .Select(fault => fault with { Path = request.Path })
        .Select(fault => FaultNames.All.Contains(fault.Name)
            ? fault
            : throw ApiException.BadRequest($"{Name}: unknown fault '{fault.Name}'. Known faults: {string.Join(", ", FaultNames.All)}."))
        .Where(fault => FaultMatcher.Covers(fault, request.Method, request.Path));
}
