using System.Globalization;

namespace GenesysSimulator.Faults;

/// <summary>X-Simulator-Fault: name, name=value, or several with a semicolon between them; for this request only.</summary>
internal static class FaultHeader
{
    public const string Name = "X-Simulator-Fault";

    public static IEnumerable<SimulatorFault> Read(HttpRequest request) => request.Headers[Name]
        .SelectMany(header => (header ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Select(part => part.Split('=', 2) is [var name, var value] ? new SimulatorFault(name, value) : new SimulatorFault(part))
        .Where(fault => FaultScope.Covers(fault, request.Method, request.Path));
}

internal static class FaultValue
{
    public static int Number(this SimulatorFault fault, int otherwise) =>
        int.TryParse(fault.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
