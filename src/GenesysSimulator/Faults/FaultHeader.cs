using System.Globalization;
using GenesysSimulator.Wire;

namespace GenesysSimulator.Faults;

/// <summary>Parses X-Simulator-Fault: name, name=value, or several separated by semicolons. Applies to this request only.</summary>
internal static class FaultHeader
{
    public const string Name = "X-Simulator-Fault";

    public static IEnumerable<SimulatorFault> Read(HttpRequest request) => request.Headers[Name]
        .SelectMany(header => (header ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Select(part => part.Split('=', 2) is [var name, var value] ? new SimulatorFault(name, value) : new SimulatorFault(part))
        // Faults of lists apply to the lists of users and wrap-up codes only if a path restricts them.
        .Select(fault => fault with { Path = request.Path })
        .Select(fault => FaultNames.All.Contains(fault.Name) ? fault : throw ApiException.BadRequest($"{Name}: unknown fault '{fault.Name}'."))
        .Where(fault => FaultScope.Covers(fault, request.Method, request.Path));
}

internal static class FaultValue
{
    public static int Number(this SimulatorFault fault, int otherwise) =>
        int.TryParse(fault.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    /// <summary>A number that may be negative.</summary>
    public static int SignedNumber(this SimulatorFault fault, int otherwise) =>
        int.TryParse(fault.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
