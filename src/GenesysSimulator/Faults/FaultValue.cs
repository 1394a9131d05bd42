using System.Globalization;

namespace GenesysSimulator.Faults;

internal static class FaultValue
{
    public static int Number(this SimulatorFault fault, int fallback) =>
        int.TryParse(fault.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;

    /// <summary>A number that may be negative.</summary>
    public static int SignedNumber(this SimulatorFault fault, int fallback) =>
        int.TryParse(fault.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : fallback;
}
