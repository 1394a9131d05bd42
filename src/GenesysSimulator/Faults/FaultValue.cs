using System.Globalization;

namespace GenesysSimulator.Faults;

/// <summary>Parses the values of faults.</summary>
internal static class FaultValue
{
    public static int Number(this SimulatorFault fault, int fallback) =>
        int.TryParse(fault.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : fallback;

    /// <summary>Returns the value as a number that can be negative, or the fallback if the value is not a number.</summary>
    public static int SignedNumber(this SimulatorFault fault, int fallback) =>
        int.TryParse(fault.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : fallback;
}
